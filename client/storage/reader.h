#pragma once

#include "client/storage/connection.h"
#include "client/storage/conversation_search.h"
#include "client/storage/outbox_store.h"
#include "shared/domain/accounts/account.h"
#include "shared/domain/canned_responses/canned_response.h"
#include "shared/domain/contacts/contact.h"
#include "shared/domain/conversations/conversation.h"
#include "shared/domain/conversations/message.h"
#include "shared/domain/inboxes/inbox.h"
#include "shared/domain/labels/label.h"
#include "shared/domain/macros/macro.h"
#include "shared/domain/teams/team.h"
#include "shared/protocol/rows.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace client::storage {

/// Which conversations a list shows.
struct ListQuery {
    enum class Owner { Mine, Unassigned, All };
    enum class Order { NewestActivity, OldestActivity, Priority };

    Owner owner = Owner::All;
    std::optional<domain::UserId> me;                                                    ///< needed for Mine
    std::optional<domain::ConversationStatus> status = domain::ConversationStatus::Open; ///< nothing: any
    std::optional<domain::InboxId> inbox;
    std::optional<domain::TeamId> team;
    std::optional<std::string> label; ///< a title
    std::optional<domain::ContactId> contact;
    Order order = Order::NewestActivity;

    bool operator==(const ListQuery &) const = default;
};

/// A conversation with what the cache knows beside it.
struct ConversationView {
    domain::Conversation conversation;
    std::int64_t q = 0;      ///< revision, for Seen
    bool pending = false;    ///< shows something the server has not confirmed
    std::int64_t readN = 0;  ///< how far I have read
    std::int64_t unread = 0; ///< customer messages after that
    std::optional<std::int64_t>
        lowest; ///< every message from this number on is here; nothing: none was fetched
};

/// What a list has to know of a conversation to choose, order and count it.
struct ConversationFacts {
    domain::ConversationId id;
    domain::ConversationStatus status = domain::ConversationStatus::Open;
    domain::Priority priority = domain::Priority::None;
    std::optional<domain::UserId> assignee;
    domain::InboxId inbox;
    std::optional<domain::TeamId> team;
    std::vector<std::string> labels; ///< titles, sorted
    std::int64_t lastActivityAt = 0; ///< ms since 1970
    bool isUnread = false;           ///< the customer wrote after what I have read
};

/// A message with its delivery.
struct MessageView {
    domain::Message message;
    bool pending = false; ///< not confirmed by the server yet
    std::string delivery; ///< as protocol::MessageState; empty for none known
    std::string deliveryCode;
    base::Timestamp undoUntil{}; ///< while it may be taken back
};

/// Which version of a message the cache holds: what shows it needs making anew only when this differs.
struct MessageStamp {
    domain::MessageId id;
    std::int64_t q = 0;
    std::int64_t stateQ = 0; ///< of its delivery; 0 for none
    bool pending = false;

    bool operator==(const MessageStamp &) const = default;
};

/// Reads both files, changes nothing. Has connections of its own, so it may live on another thread than the
/// writer; one thread, the one that made it. Every query is indexed and meant to be called from the GUI
/// thread. Throws StorageError when a file is gone.
class Reader {
public:
    /// `vault`: of the cache; null for a plain one.
    Reader(const QString &outboxFile, const QString &cacheFile, std::shared_ptr<const Vault> vault = {});
    ~Reader();
    /// The cache file was replaced.
    void reopenCache();
    /// Shows nothing of what the server said, as if the cache were empty, until that is taken back.
    void hideCache(bool hidden);

    std::optional<domain::Account> account();
    std::optional<domain::User> user(const domain::UserId &id);
    std::vector<domain::User> users();
    std::optional<domain::Inbox> inbox(const domain::InboxId &id);
    std::vector<domain::Inbox> inboxes();
    /// By title.
    std::vector<domain::Label> labels();
    /// By name.
    std::vector<domain::Team> teams();
    /// By short code.
    std::vector<domain::CannedResponse> cannedResponses();
    /// By name.
    std::vector<domain::Macro> macros();
    std::optional<domain::Contact> contact(const domain::ContactId &id);
    std::optional<protocol::Access> access(const domain::UserId &id);

    std::optional<ConversationView> conversation(const domain::ConversationId &id);
    std::optional<domain::ConversationId> conversationByNumber(std::int64_t number);
    /// Of all conversations, in no order; and of one.
    std::vector<ConversationFacts> conversationFacts();
    std::optional<ConversationFacts> conversationFacts(const domain::ConversationId &id);
    std::vector<domain::ConversationId> conversations(const ListQuery &query);
    std::int64_t count(const ListQuery &query);
    /// All messages held, oldest first; pending ones last.
    std::vector<MessageView> messages(const domain::ConversationId &id);
    /// The same, without what they say.
    std::vector<MessageStamp> messageStamps(const domain::ConversationId &id);
    std::optional<MessageView> message(const domain::MessageId &id);
    /// The message with this number, as the server has it.
    std::optional<MessageView> messageAt(const domain::ConversationId &id, std::int64_t n);
    /// Conversations with a message that has all the words (the last may be unfinished), or whose number,
    /// contact's name or address contains them; newest activity first.
    std::vector<domain::ConversationId> find(const std::string &words, int limit);
    /// The same with the message that was found and a piece of it; `text` may hold the operators of
    /// SearchQuery, "me" is `me`.
    std::vector<SearchHit> search(const std::string &text, int limit,
                                  const std::optional<domain::UserId> &me);
    /// Messages that find() does not see yet because their index is being made.
    std::int64_t unindexedMessages();

    std::vector<Intent> intents();
    /// Refused and held ones.
    std::vector<Intent> problems();
    /// Replies of mine that the server keeps back, from whichever device.
    std::vector<protocol::HeldReply> heldReplies();
    /// What I have begun to write there, on whichever device.
    std::optional<protocol::Draft> syncedDraft(const domain::ConversationId &id);
    /// Number of the conversation's newest message without what is pending here; for Seen.
    std::int64_t confirmedN(const domain::ConversationId &id);
    std::optional<Intent> intent(const base::Uuid &mid);
    std::optional<LocalDraft> draft(const std::string &key);
    std::vector<std::string> draftKeys();
    std::optional<Upload> upload(const base::Uuid &id);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace client::storage
