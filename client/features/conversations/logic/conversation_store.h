#pragma once

#include "client/features/conversations/logic/conversation_index.h"
#include "client/storage/cache_store.h"
#include "client/storage/reader.h"
#include "client/sync/background_search.h"
#include "shared/domain/conversations/conversation.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <deque>
#include <optional>
#include <vector>

namespace client::sync {
class Session;
}

namespace client::accounts {
class UserStore;
}
namespace client::contacts {
class ContactStore;
}
namespace client::inboxes {
class InboxStore;
}
namespace client::labels {
class LabelStore;
}
namespace client::teams {
class TeamStore;
}

namespace client::conversations {

/// The stores that every model here reads from.
struct Stores {
    sync::Session &session;
    accounts::UserStore &users;
    contacts::ContactStore &contacts;
    inboxes::InboxStore &inboxes;
    labels::LabelStore &labels;
    teams::TeamStore &teams;
};

/// The name of the person who wrote it; empty for nobody known.
QString authorName(const Stores &stores, const domain::Message &message);

/// Conversations, one at a time and by questions about all; and what has just come in.
class ConversationStore : public QObject {
    Q_OBJECT

public:
    explicit ConversationStore(Stores stores, QObject *parent = nullptr);

    [[nodiscard]] std::optional<storage::ConversationView> find(const domain::ConversationId &id) const;
    [[nodiscard]] std::optional<domain::ConversationId> byNumber(std::int64_t number) const;
    /// Others of the same contact, newest first.
    [[nodiscard]] std::vector<storage::ConversationView> previous(const domain::ConversationId &id,
                                                                  int limit) const;
    /// Lists and counts; what changed is in it before changed() is told.
    [[nodiscard]] ConversationIndex &index() const { return m_index; }
    /// Open ones with unread customer messages that are mine or nobody's: the badge.
    [[nodiscard]] int unreadCount() const;
    /// Searches with the operators of storage::SearchQuery, without holding up the screen; searched() tells
    /// of the newest question only.
    void look(const QString &words, int limit = 50);
    void stopLooking() { m_search.cancel(); }
    [[nodiscard]] std::vector<domain::ConversationId> search(const QString &words, int limit = 50) const;
    /// The same with the operators of storage::SearchQuery, and with what was found in each.
    [[nodiscard]] std::vector<storage::SearchHit> found(const QString &text, int limit = 50) const;
    /// Some messages cannot be found yet: their index is being made.
    [[nodiscard]] bool isIndexing() const;

    /// "Open", "Pending", …
    static QString statusText(domain::ConversationStatus status);
    static QString priorityText(domain::Priority priority);
    /// "2m", "3h", "Yesterday", "12 Mar".
    static QString ageText(base::Timestamp at, base::Timestamp now);
    /// "until tomorrow 08:00", "until the next reply".
    static QString snoozeText(const domain::Conversation &conversation, base::Timestamp now);

Q_SIGNALS:
    void changed(const domain::ConversationId &id);
    void reset();
    void searched(const QString &words, const std::vector<storage::SearchHit> &hits);
    /// A customer wrote, live and not while catching up: for notifications and sounds.
    void arrived(const domain::ConversationId &conversation, const domain::MessageId &message);

private:
    void apply(const std::vector<storage::Changed> &changes);
    void applyNext();

    Stores m_stores;
    mutable ConversationIndex m_index;
    sync::BackgroundSearch m_search;
    std::deque<storage::Changed> m_waiting; ///< changes that are told in the next turns
    QTimer m_turn;
};

} // namespace client::conversations
