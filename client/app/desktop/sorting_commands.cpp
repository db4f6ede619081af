#include "client/app/desktop/sorting_commands.h"

#include "client/features/conversations/ui/composer_view.h"
#include "client/features/conversations/ui/conversation_list_view.h"
#include "client/features/conversations/ui/properties_view.h"
#include "client/shell/commands/command_table.h"
#include "client/shell/commands/palette_controller.h"
#include "client/widgets/palette/palette_source.h"

#include <QMenu>

#include <algorithm>

namespace client::desktop {

using conversations::ConversationActions;
using shell::KeyScope;

SortingCommands::SortingCommands(Parts parts, QObject *parent) : QObject{parent}, m_parts{parts}
{
    addLabels();
    addTeams();
    addCannedResponses();
    makeMenus();
}

std::optional<domain::Conversation> SortingCommands::current() const
{
    const auto id = m_parts.list.open();
    const auto view = id ? m_parts.stores.conversations.find(*id) : std::nullopt;
    return view ? std::optional{view->conversation} : std::nullopt;
}

// What the account defined, and what the conversation carries besides.
QStringList SortingCommands::titles() const
{
    QStringList all;
    for (const auto &label : m_parts.stores.labels.all())
        all.push_back(QString::fromStdString(label.title));
    if (const auto now = current())
        for (const auto &title : now->labels)
            all.push_back(QString::fromStdString(title));
    all.removeDuplicates();
    return all;
}

void SortingCommands::toggle(const QString &title)
{
    const auto now = current();
    if (!now)
        return;
    const auto text = title.toStdString();
    const bool has = std::find(now->labels.begin(), now->labels.end(), text) != now->labels.end();
    const auto set = [this, id = now->id, text](bool on, ConversationActions::Answer answer) {
        const std::vector<std::string> one{text};
        m_parts.stores.actions.label(id, on ? one : std::vector<std::string>{},
                                     on ? std::vector<std::string>{} : one, std::move(answer));
    };
    const auto sentence = has ? tr("Label %1 removed").arg(title) : tr("Label %1 added").arg(title);
    set(!has, [this, set, has, sentence](const base::Status &status) {
        if (status)
            Q_EMIT done(sentence, [set, has] { set(has, {}); });
        else
            Q_EMIT done(ConversationActions::explain(status.error().code), {});
    });
}

void SortingCommands::addLabels()
{
    const auto id = QStringLiteral("conversation.label");
    m_parts.commands.add({.id = id,
                          .group = tr("This conversation"),
                          .title = tr("Add or remove labels…"),
                          .icon = QStringLiteral("tag"),
                          .keys = {QStringLiteral("L")},
                          .scope = KeyScope::Panes,
                          .run = [this, id] { m_parts.palette.openLevel(id); },
                          .isAvailable = [this] { return current().has_value(); },
                          .drills = true});
    m_parts.palette.addLevel(
        id, tr("Label"),
        [this](const QString &typed) {
            std::vector<widgets::PaletteEntry> entries;
            const auto now = current();
            auto all = titles();
            const auto fresh = typed.trimmed().toLower();
            for (const auto &title : all) {
                const bool has = now && std::find(now->labels.begin(), now->labels.end(),
                                                  title.toStdString()) != now->labels.end();
                entries.push_back({.id = title,
                                   .group = tr("Labels"),
                                   .title = title,
                                   .subtitle = has ? tr("on this conversation") : QString{},
                                   .icon = has ? QStringLiteral("check") : QStringLiteral("tag")});
            }
            if (!fresh.isEmpty() && !all.contains(fresh) && !fresh.contains(QLatin1Char{','}))
                entries.push_back({.id = fresh,
                                   .group = tr("Labels"),
                                   .title = tr("New label: %1").arg(fresh),
                                   .icon = QStringLiteral("plus"),
                                   .alwaysShown = true});
            return entries;
        },
        [this](const QString &chosen) { toggle(chosen); });
}

void SortingCommands::setTeam(std::optional<domain::TeamId> to)
{
    const auto now = current();
    if (!now || now->team == to)
        return;
    const auto set = [this, id = now->id](std::optional<domain::TeamId> team,
                                          ConversationActions::Answer answer) {
        m_parts.stores.actions.setTeam(id, team, std::move(answer));
    };
    const auto sentence =
        to ? tr("Given to team %1").arg(m_parts.stores.teams.nameOf(*to)) : tr("Taken from its team");
    set(to, [this, set, sentence, before = now->team](const base::Status &status) {
        if (status)
            Q_EMIT done(sentence, [set, before] { set(before, {}); });
        else
            Q_EMIT done(ConversationActions::explain(status.error().code), {});
    });
}

void SortingCommands::addTeams()
{
    const auto id = QStringLiteral("conversation.team");
    m_parts.commands.add({.id = id,
                          .group = tr("This conversation"),
                          .title = tr("Give to a team…"),
                          .icon = QStringLiteral("users"),
                          .keys = {QStringLiteral("T")},
                          .scope = KeyScope::Panes,
                          .run = [this, id] { m_parts.palette.openLevel(id); },
                          .isAvailable =
                              [this] {
                                  const auto now = current();
                                  return now && (now->team || !m_parts.stores.teams.all().empty());
                              },
                          .drills = true});
    m_parts.palette.addLevel(
        id, tr("Team"),
        [this](const QString &) {
            std::vector<widgets::PaletteEntry> entries;
            for (const auto &team : m_parts.stores.teams.all())
                entries.push_back({.id = QString::fromStdString(team.id.text()),
                                   .group = tr("Teams"),
                                   .title = QString::fromStdString(team.name),
                                   .subtitle = QString::fromStdString(team.description),
                                   .icon = QStringLiteral("users")});
            entries.push_back(
                {.group = tr("Teams"), .title = tr("No team"), .icon = QStringLiteral("user-x")});
            return entries;
        },
        [this](const QString &chosen) {
            const auto uuid = base::Uuid::parse(chosen.toStdString());
            setTeam(uuid ? std::optional{domain::TeamId{*uuid}} : std::nullopt);
        });
}

void SortingCommands::addCannedResponses()
{
    const auto group = tr("This conversation");
    const auto isOpen = [this] { return current().has_value(); };
    const auto id = QStringLiteral("composer.canned");
    m_parts.commands.add({.id = id,
                          .group = group,
                          .title = tr("Insert a canned response…"),
                          .icon = QStringLiteral("zap"),
                          .keys = {QStringLiteral("Ctrl+/")},
                          .scope = KeyScope::Anywhere,
                          .run = [this, id] { m_parts.palette.openLevel(id); },
                          .isAvailable = isOpen,
                          .drills = true});
    m_parts.palette.addLevel(
        id, tr("Canned response"),
        [this](const QString &typed) {
            std::vector<widgets::PaletteEntry> entries;
            for (const auto &response : m_parts.stores.canned.find(typed.trimmed()))
                entries.push_back({.id = QString::fromStdString(response.id.text()),
                                   .group = tr("Canned responses"),
                                   .title = QLatin1Char{'/'} + QString::fromStdString(response.shortCode),
                                   .subtitle = QString::fromStdString(response.content).simplified(),
                                   .icon = QStringLiteral("zap"),
                                   .alwaysShown = true});
            return entries;
        },
        [this](const QString &chosen) {
            for (const auto &response : m_parts.stores.canned.all())
                if (QString::fromStdString(response.id.text()) == chosen)
                    m_parts.composer.insertCanned(QString::fromStdString(response.content));
        });
    connect(&m_parts.composer, &conversations::ComposerView::cannedRequested, this,
            [this, id] { m_parts.palette.openLevel(id); });
    m_parts.commands.add({QStringLiteral("composer.saveCanned"),
                          group,
                          tr("Save the text as a canned response"),
                          QStringLiteral("zap"),
                          {},
                          KeyScope::Anywhere,
                          [this] { saveCanned(); },
                          [this] { return !m_parts.composer.text().trimmed().isEmpty(); }});
}

// Its first words become the code; the list of canned responses is where it gets a better one.
void SortingCommands::saveCanned()
{
    auto response = m_parts.stores.canned.fresh();
    const auto text = m_parts.composer.text().trimmed();
    const auto words = text.simplified().toLower().split(QLatin1Char{' '}).mid(0, 3);
    const auto base = words.join(QLatin1Char{'-'}).left(40);
    auto code = base;
    for (int again = 2; m_parts.stores.canned.byCode(code); ++again)
        code = QStringLiteral("%1-%2").arg(base).arg(again);
    response.shortCode = code.toStdString();
    response.content = text.toStdString();
    m_parts.stores.canned.save(response, [this, code, id = response.id](const base::Status &status) {
        if (status)
            Q_EMIT done(tr("Saved as /%1").arg(code), [this, id] { m_parts.stores.canned.remove(id); });
        else
            Q_EMIT done(ConversationActions::explain(status.error().code), {});
    });
}

void SortingCommands::makeMenus()
{
    auto *labels = new QMenu{&m_parts.properties};
    labels->setAccessibleName(tr("Labels"));
    connect(labels, &QMenu::aboutToShow, this, [this, labels] {
        constexpr qsizetype most = 20;
        labels->clear();
        const auto now = current();
        for (const auto &title : titles().mid(0, most)) {
            auto *action = labels->addAction(title, this, [this, title] { toggle(title); });
            action->setCheckable(true);
            action->setChecked(now && std::find(now->labels.begin(), now->labels.end(),
                                                title.toStdString()) != now->labels.end());
        }
        labels->addSeparator();
        m_parts.commands.addTo(*labels, QStringLiteral("conversation.label"), tr("Find a label…"));
    });
    auto *teams = new QMenu{&m_parts.properties};
    teams->setAccessibleName(tr("Team"));
    connect(teams, &QMenu::aboutToShow, this, [this, teams] {
        teams->clear();
        for (const auto &team : m_parts.stores.teams.all())
            teams->addAction(QString::fromStdString(team.name), this, [this, id = team.id] { setTeam(id); });
        teams->addSeparator();
        teams->addAction(tr("No team"), this, [this] { setTeam(std::nullopt); });
    });
    m_parts.properties.setSortingMenus(teams, labels);
}

} // namespace client::desktop
