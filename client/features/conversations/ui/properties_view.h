#pragma once

#include "client/features/conversations/logic/conversation_store.h"
#include "client/widgets/navigation/property_section.h"

#include <optional>

class QMenu;

namespace client::conversations {

class ValueButton;

/// "Conversation" in the contact panel: status, priority, assignee, inbox and times of the open conversation.
class PropertiesView : public widgets::PropertySection {
    Q_OBJECT

public:
    /// What the values open; not owned.
    struct Menus {
        QMenu *status = nullptr;
        QMenu *priority = nullptr;
        QMenu *assignee = nullptr;
        QMenu *team = nullptr;
        QMenu *labels = nullptr;
    };

    PropertiesView(Stores stores, const ConversationStore &conversations, const base::Clock &clock,
                   QWidget *parent = nullptr);

    /// `team` and `labels` stay as they are.
    void setMenus(const Menus &menus);
    void setSortingMenus(QMenu *team, QMenu *labels);
    void open(std::optional<domain::ConversationId> id);

private:
    ValueButton *addValue(const QString &label, QMenu *Menus::*menu);
    void refresh();

    Stores m_stores;
    const ConversationStore &m_conversations;
    const base::Clock &m_clock;
    Menus m_menus;
    std::optional<domain::ConversationId> m_id;
    ValueButton *m_status;
    ValueButton *m_priority;
    ValueButton *m_assignee;
    ValueButton *m_team;
    ValueButton *m_labels;
    widgets::PropertyRow *m_inbox;
    widgets::PropertyRow *m_begun;
    widgets::PropertyRow *m_waiting;
};

/// "Previous conversations": others of the same contact.
class PreviousView : public widgets::PropertySection {
    Q_OBJECT

public:
    PreviousView(const ConversationStore &conversations, const base::Clock &clock, QWidget *parent = nullptr);

    void open(std::optional<domain::ConversationId> id);

Q_SIGNALS:
    void chosen(const domain::ConversationId &id);

private:
    void refresh();

    const ConversationStore &m_conversations;
    const base::Clock &m_clock;
    std::optional<domain::ConversationId> m_id;
    std::vector<storage::ConversationView> m_shown;
};

} // namespace client::conversations
