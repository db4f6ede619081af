#include "client/app/desktop/macro_commands.h"

#include "client/features/conversations/ui/conversation_list_view.h"
#include "client/shell/commands/command_table.h"
#include "client/shell/commands/palette_controller.h"
#include "client/widgets/palette/palette_source.h"

namespace client::desktop {

MacroCommands::MacroCommands(Parts parts, QObject *parent) : QObject{parent}, m_parts{parts}
{
    const auto id = QStringLiteral("conversation.macro");
    m_parts.commands.add(
        {.id = id,
         .group = tr("This conversation"),
         .title = tr("Run a macro…"),
         .icon = QStringLiteral("zap"),
         .keys = {QStringLiteral("M")},
         .scope = shell::KeyScope::Panes,
         .run = [this, id] { m_parts.palette.openLevel(id); },
         .isAvailable =
             [this] { return m_parts.list.open().has_value() && !m_parts.stores.macros.all().empty(); },
         .drills = true});
    m_parts.palette.addLevel(
        id, tr("Macro"),
        [this](const QString &) {
            std::vector<widgets::PaletteEntry> entries;
            for (const auto &macro : m_parts.stores.macros.all())
                entries.push_back({.id = QString::fromStdString(macro.id.text()),
                                   .group = macro.isShared ? tr("Shared") : tr("Mine"),
                                   .title = QString::fromStdString(macro.name),
                                   .subtitle = m_parts.stores.macros.effects(macro),
                                   .icon = QStringLiteral("zap")});
            return entries;
        },
        [this](const QString &chosen) { run(chosen); });
}

void MacroCommands::run(const QString &id)
{
    const auto uuid = base::Uuid::parse(id.toStdString());
    const auto *macro = uuid ? m_parts.stores.macros.find({*uuid}) : nullptr;
    const auto conversation = m_parts.list.open();
    if (!macro || !conversation)
        return;
    m_parts.stores.macros.run(
        macro->id, *conversation,
        [this, name = QString::fromStdString(macro->name)](const base::Status &status) {
            if (status)
                Q_EMIT said(tr("Macro %1: done").arg(name));
            else if (status.error().detail == "actions")
                Q_EMIT said(
                    tr("Macro %1 names an agent or a team that is gone. Nothing was done.").arg(name));
            else
                Q_EMIT said(conversations::ConversationActions::explain(status.error().code));
        });
}

} // namespace client::desktop
