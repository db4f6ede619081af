#include "client/app/desktop/conversation_commands.h"
#include "client/features/conversations/ui/composer_view.h"
#include "client/features/conversations/ui/conversation_view.h"
#include "client/features/conversations/ui/properties_view.h"
#include "client/features/conversations/ui/snooze_choices.h"
#include "client/features/conversations/ui/snooze_popover.h"
#include "client/shell/commands/command_table.h"

#include <QDateTime>
#include <QMenu>

namespace client::desktop {

using domain::ConversationStatus;

void ConversationCommands::fill(QMenu &menu)
{
    auto &commands = m_parts.commands;
    for (const auto *id : {"composer.reply", "composer.note", "", "conversation.assignToMe",
                           "conversation.assign", "conversation.team", "conversation.label",
                           "conversation.snooze", "", "conversation.resolve", "conversation.pending",
                           "conversation.reopen", "", "conversation.markRead", "conversation.copyNumber"}) {
        if (*id)
            commands.addTo(menu, QString::fromLatin1(id));
        else
            menu.addSeparator();
    }
}

void ConversationCommands::makeMenus()
{
    auto &commands = m_parts.commands;
    auto *parent = &m_parts.thread;
    connect(m_assigneeMenu, &QMenu::aboutToShow, this, [this, &commands] {
        constexpr std::size_t most = 12;
        m_assigneeMenu->clear();
        commands.addTo(*m_assigneeMenu, QStringLiteral("conversation.assignToMe"));
        commands.addTo(*m_assigneeMenu, QStringLiteral("conversation.unassign"));
        m_assigneeMenu->addSeparator();
        const auto agents = m_parts.stores.users.agents();
        for (std::size_t i = 0; i < qMin(most, agents.size()); ++i)
            if (agents[i].id != m_parts.stores.users.me())
                m_assigneeMenu->addAction(QString::fromStdString(agents[i].name), this,
                                          [this, id = agents[i].id] { assign(id); });
        m_assigneeMenu->addSeparator();
        commands.addTo(*m_assigneeMenu, QStringLiteral("conversation.assign"), tr("Find a person…"));
    });
    connect(m_snoozeMenu, &QMenu::aboutToShow, this, [this] {
        m_snoozeMenu->clear();
        for (const auto &choice : conversations::snoozeChoices(now()))
            m_snoozeMenu->addAction(choice.detail.isEmpty() ? choice.text
                                                            : choice.text + QLatin1Char{'\t'} + choice.detail,
                                    this, [this, until = choice.until] { snooze(until); });
        m_snoozeMenu->addSeparator();
        m_snoozeMenu->addAction(tr("Choose a day and a time…"), this, [this] {
            m_snoozePopover->ask(m_parts.thread.header()->snoozeButton(), now());
        });
    });
    m_assigneeMenu->setAccessibleName(tr("Assign to"));
    m_snoozeMenu->setAccessibleName(tr("Snooze until"));

    auto *more = new QMenu{parent};
    more->setAccessibleName(tr("More actions"));
    fill(*more);
    auto *resolve = new QMenu{parent};
    resolve->setAccessibleName(tr("More ways to finish"));
    for (const auto *id : {"conversation.resolve", "conversation.resolveAndNext", "conversation.pending",
                           "conversation.reopen"})
        commands.addTo(*resolve, QString::fromLatin1(id));
    auto *send = new QMenu{parent};
    send->setAccessibleName(tr("More ways to send"));
    for (const auto *id : {"composer.send", "composer.sendAndResolve"})
        commands.addTo(*send, QString::fromLatin1(id));
    m_parts.thread.header()->setMenus({m_assigneeMenu, m_snoozeMenu, more, resolve});
    m_parts.thread.composer()->setSendMenu(send);
    auto *priority = new QMenu{parent};
    priority->setAccessibleName(tr("Priority"));
    for (const auto *name : {"none", "low", "medium", "high", "urgent"})
        commands.addTo(*priority, QStringLiteral("conversation.priority.") + QString::fromLatin1(name));
    m_parts.properties.setMenus({resolve, priority, m_assigneeMenu, nullptr, nullptr});
    connect(m_parts.thread.header(), &conversations::ConversationHeaderView::mainRequested, this, [this] {
        const auto now = current();
        if (!now)
            return;
        if (now->status == ConversationStatus::Resolved)
            setStatus(ConversationStatus::Open, tr("Reopened"));
        else
            setStatus(ConversationStatus::Resolved, tr("Resolved"));
    });
}

} // namespace client::desktop
