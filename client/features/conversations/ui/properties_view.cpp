#include "client/features/conversations/ui/properties_view.h"

#include "client/features/accounts/logic/user_store.h"
#include "client/features/conversations/ui/previous_line.h"
#include "client/features/conversations/ui/value_button.h"
#include "client/features/inboxes/logic/inbox_store.h"
#include "client/features/teams/logic/team_store.h"

#include <QDateTime>
#include <QLocale>
#include <QMenu>

#include <algorithm>

namespace client::conversations {

using domain::ConversationStatus;
using domain::Priority;
using widgets::Tone;

namespace {

QString dateText(base::Timestamp at)
{
    return QLocale{}.toString(QDateTime::fromMSecsSinceEpoch(base::toMs(at)), QLocale::ShortFormat);
}

Tone toneOf(Priority priority)
{
    switch (priority) {
    case Priority::Urgent:
    case Priority::High:
        return Tone::Bad;
    case Priority::Medium:
        return Tone::Warn;
    case Priority::Low:
    case Priority::None:
        break;
    }
    return Tone::Neutral;
}

} // namespace

PropertiesView::PropertiesView(Stores stores, const ConversationStore &conversations,
                               const base::Clock &clock, QWidget *parent)
    : PropertySection{tr("Conversation"), parent}
    , m_stores{stores}
    , m_conversations{conversations}
    , m_clock{clock}
    , m_status{addValue(tr("Status"), &Menus::status)}
    , m_priority{addValue(tr("Priority"), &Menus::priority)}
    , m_assignee{addValue(tr("Assignee"), &Menus::assignee)}
    , m_team{addValue(tr("Team"), &Menus::team)}
    , m_labels{addValue(tr("Labels"), &Menus::labels)}
    , m_inbox{addRow(tr("Inbox"))}
    , m_begun{addRow(tr("Started"))}
    , m_waiting{addRow(tr("Waiting"))}
{
    m_status->setObjectName(QStringLiteral("statusValue"));
    m_priority->setObjectName(QStringLiteral("priorityValue"));
    m_assignee->setObjectName(QStringLiteral("assigneeValue"));
    m_team->setObjectName(QStringLiteral("teamValue"));
    m_labels->setObjectName(QStringLiteral("labelsValue"));
    setFoldable(true);
    connect(&conversations, &ConversationStore::changed, this, [this](const domain::ConversationId &id) {
        if (m_id == id)
            refresh();
    });
    connect(&conversations, &ConversationStore::reset, this, &PropertiesView::refresh);
    connect(&stores.users, &accounts::UserStore::changed, this, &PropertiesView::refresh);
    connect(&stores.teams, &teams::TeamStore::changed, this, &PropertiesView::refresh);
}

ValueButton *PropertiesView::addValue(const QString &label, QMenu *Menus::*menu)
{
    auto *row = addRow(label);
    auto *button = new ValueButton{label, row};
    row->setValueWidget(button);
    connect(button, &QAbstractButton::clicked, this, [this, button, menu] {
        if (m_menus.*menu)
            (m_menus.*menu)->popup(button->mapToGlobal(QPoint{0, button->height()}));
    });
    return button;
}

void PropertiesView::setMenus(const Menus &menus)
{
    m_menus = {menus.status, menus.priority, menus.assignee, m_menus.team, m_menus.labels};
}

void PropertiesView::setSortingMenus(QMenu *team, QMenu *labels)
{
    m_menus.team = team;
    m_menus.labels = labels;
}

void PropertiesView::open(std::optional<domain::ConversationId> id)
{
    m_id = id;
    refresh();
}

void PropertiesView::refresh()
{
    const auto view = m_id ? m_conversations.find(*m_id) : std::nullopt;
    if (!view)
        return;
    const auto &conversation = view->conversation;
    const auto status = ConversationStore::statusText(conversation.status);
    m_status->setValue(
        conversation.status == ConversationStatus::Snoozed
            ? tr("%1 %2").arg(status, ConversationStore::snoozeText(conversation, m_clock.now()))
            : status,
        conversation.status == ConversationStatus::Resolved ? Tone::Ok : Tone::Neutral);
    m_priority->setValue(ConversationStore::priorityText(conversation.priority),
                         toneOf(conversation.priority));
    m_assignee->setValue(!conversation.assignee ? tr("Nobody")
                         : *conversation.assignee == m_stores.users.me()
                             ? tr("You")
                             : m_stores.users.nameOf(*conversation.assignee));
    const auto team = conversation.team ? m_stores.teams.nameOf(*conversation.team) : QString{};
    m_team->setValue(team.isEmpty() ? tr("None") : team);
    QStringList labels;
    for (const auto &title : conversation.labels)
        labels.push_back(QString::fromStdString(title));
    m_labels->setValue(labels.empty() ? tr("None") : QLocale{}.createSeparatedList(labels));
    m_inbox->setValue(m_stores.inboxes.nameOf(conversation.inbox));
    m_begun->setValue(dateText(conversation.createdAt));
    m_waiting->setVisible(conversation.waitingSince.has_value());
    if (conversation.waitingSince)
        m_waiting->setValue(ConversationStore::ageText(*conversation.waitingSince, m_clock.now()),
                            Tone::Warn);
}

PreviousView::PreviousView(const ConversationStore &conversations, const base::Clock &clock, QWidget *parent)
    : PropertySection{tr("Previous conversations"), parent}
    , m_conversations{conversations}
    , m_clock{clock}
{
    setFoldable(true);
    connect(&conversations, &ConversationStore::changed, this, &PreviousView::refresh);
    connect(&conversations, &ConversationStore::reset, this, &PreviousView::refresh);
}

void PreviousView::open(std::optional<domain::ConversationId> id)
{
    m_id = id;
    refresh();
}

void PreviousView::refresh()
{
    constexpr int most = 5;
    auto found = m_id ? m_conversations.previous(*m_id, most) : std::vector<storage::ConversationView>{};
    const bool same =
        found.size() == m_shown.size() &&
        std::equal(found.begin(), found.end(), m_shown.begin(),
                   [](const auto &a, const auto &b) { return a.conversation == b.conversation; });
    setVisible(!found.empty());
    if (same)
        return;
    m_shown = std::move(found);
    clear();
    for (const auto &view : m_shown) {
        const auto &conversation = view.conversation;
        auto *line = new PreviousLine{
            conversation.status == ConversationStatus::Resolved ? QStringLiteral("circle-check")
                                                                : QStringLiteral("message-circle"),
            conversation.status == ConversationStatus::Resolved ? Tone::Ok : Tone::Neutral,
            QString::fromStdString(conversation.preview),
            tr("%1 · %2").arg(ConversationStore::statusText(conversation.status),
                              ConversationStore::ageText(conversation.lastActivityAt, m_clock.now())),
            this};
        connect(line, &QAbstractButton::clicked, this, [this, id = conversation.id] { Q_EMIT chosen(id); });
        addWidget(line);
    }
}

} // namespace client::conversations
