#pragma once

#include "server/features/contacts/contact_service.h"
#include "server/features/conversations/conversation_store.h"
#include "server/features/conversations/message_store.h"
#include "server/features/inboxes/inbox_store.h"
#include "server/sync/write_context.h"
#include "shared/base/json_fwd.h"
#include "shared/base/result.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace server::conversations {

struct NewConversation {
    std::int64_t contact = 0;
    std::int64_t inbox = 0;
    std::string sourceId; ///< of the contact in the inbox; empty: the known one, or a fresh one
    domain::ConversationStatus status = domain::ConversationStatus::Open;
    std::optional<std::int64_t> assignee; ///< users.id
    std::optional<std::int64_t> team;     ///< teams.id
    std::string additionalAttributes = "{}";
    std::string customAttributes = "{}";
};

/// A reply or note by the actor.
struct NewMessage {
    base::Uuid id; ///< the message's id for ever; null: a fresh one
    domain::MessageKind kind = domain::MessageKind::Public;
    domain::MessageDirection direction = domain::MessageDirection::Outgoing;
    std::string body;
    std::vector<domain::AttachmentId> uploads;
    std::string echoId;
    std::string contentType = "text";
    std::string contentAttributes = "{}";
    base::Duration undoFor{0}; ///< how long its author may take a public reply back; the customer waits
};

/// The teaser that a conversation begins with.
struct CampaignStart {
    std::int64_t number = 0; ///< campaigns.id
    std::string message;
    std::optional<sync::Actor> sender; ///< nobody: the inbox itself
};

/// What a visitor sends from the widget.
struct VisitorMessage {
    inboxes::InboxRow inbox;
    contacts::Visitor visitor;
    base::Uuid mid; ///< the message's id for ever; a repetition is recognised by it
    std::string body;
    std::vector<domain::AttachmentId> uploads;
    std::optional<base::Uuid> conversation = {}; ///< which of theirs; nothing: as docs/protocol.md B.4
    bool fresh = false;                          ///< begins a new one although one is open
    std::optional<base::Uuid> replyTo = {};      ///< a message of the conversation
    bool isClosed = false;                       ///< it is outside of the inbox's hours
    std::string customAttributes = "{}";         ///< of a conversation that begins; JSON object
    std::vector<std::string> labels = {};        ///< of a conversation that begins; unknown ones are ignored
    /// Asked when a conversation begins: what the visitor answers to.
    std::function<std::optional<CampaignStart>(storage::Transaction &)> campaign = {};
    /// Asked before a conversation begins, with the contact as it is.
    std::function<base::Status(sync::WriteContext &, const contacts::KnownContact &)> mayBegin = {};
};

/// A stored message with the conversation after it.
struct Posted {
    ConversationRow conversation;
    MessageRow message;
    bool repeated = false; ///< it was stored before; nothing was done
};

/// A whole conversation with its own times, from a seed or another system.
struct ImportedMessage {
    base::Uuid id;
    domain::MessageKind kind = domain::MessageKind::Public;
    domain::MessageDirection direction = domain::MessageDirection::Incoming;
    std::optional<sync::Actor> by; ///< User or Contact; nothing: the system
    std::string body;
    std::vector<domain::AttachmentId> uploads; ///< uploaded by the author
    base::Timestamp at{};
};

struct ImportedConversation {
    base::Uuid id;
    std::int64_t contact = 0;
    std::int64_t inbox = 0;
    domain::ConversationStatus status = domain::ConversationStatus::Open;
    domain::Priority priority = domain::Priority::None;
    std::optional<std::int64_t> assignee;
    std::optional<base::Timestamp> snoozedUntil;
    std::vector<ImportedMessage> messages; ///< oldest first, at least one
    std::vector<sync::Actor> readBy;       ///< users who have read all of it
    std::int64_t contactReadN = 0;         ///< how far the contact has read
};

/// What can be done to conversations, whoever asks: an agent's mutation, the HTTP API, a widget, a timer.
/// Methods with a WriteContext run inside executor jobs, record what they change and append the activity
/// lines of docs/protocol.md A.7. A user as actor must see the conversation's inbox: NotVisible otherwise,
/// also for conversations that do not exist. The system may do everything. What changes nothing records
/// nothing and succeeds.
class ConversationService {
public:
    explicit ConversationService(contacts::ContactService &contacts) : m_contacts{contacts} {}

    /// Fails with NotVisible (inbox), NotFound (contact), Invalid (assignee).
    base::Result<ConversationRow> create(sync::WriteContext &ctx, const NewConversation &request);
    /// Fails with NotVisible, Invalid, TooLarge, UploadMissing; Conflict when the id names another message.
    base::Result<Posted> post(sync::WriteContext &ctx, const base::Uuid &conversation,
                              const NewMessage &message);
    /// A note by an actor who need not see the conversation; whether they may, the caller has made sure.
    /// Fails with Gone, Invalid, TooLarge, UploadMissing; Conflict when the id names another message.
    base::Result<Posted> leaveNote(sync::WriteContext &ctx, const base::Uuid &conversation,
                                   const NewMessage &note);
    /// `seenN`: see domain::setStatus(). Fails with NotVisible, NewCustomerMessage.
    base::Result<ConversationRow> setStatus(sync::WriteContext &ctx, const base::Uuid &conversation,
                                            domain::ConversationStatus to,
                                            std::optional<std::int64_t> seenN = std::nullopt);
    /// Fails with NotVisible, Invalid.
    base::Result<ConversationRow> snooze(sync::WriteContext &ctx, const base::Uuid &conversation,
                                         base::Timestamp until);
    /// `expected`: see domain::assign(). Fails with NotVisible, Invalid (not a user who sees the inbox) or
    /// AssigneeChanged, whose detail is JSON `{"assignee":"<uuid>"|null}`.
    base::Result<ConversationRow>
    assign(sync::WriteContext &ctx, const base::Uuid &conversation, const std::optional<domain::UserId> &to,
           const std::optional<std::optional<domain::UserId>> &expected = std::nullopt);
    base::Result<ConversationRow> setPriority(sync::WriteContext &ctx, const base::Uuid &conversation,
                                              domain::Priority to);
    /// Gives it to a team of the account, or to none. Fails with NotVisible, Invalid (no such team).
    base::Result<ConversationRow> setTeam(sync::WriteContext &ctx, const base::Uuid &conversation,
                                          const std::optional<domain::TeamId> &to);
    /// See domain::relabelled(). Fails with NotVisible, Invalid.
    base::Result<ConversationRow> label(sync::WriteContext &ctx, const base::Uuid &conversation,
                                        const std::vector<std::string> &add,
                                        const std::vector<std::string> &remove);
    /// Exactly these labels. Fails as label() does.
    base::Result<ConversationRow> setLabels(sync::WriteContext &ctx, const base::Uuid &conversation,
                                            const std::vector<std::string> &titles);
    /// The actor, a user, has read up to `readN` (clamped to what exists).
    base::Status markRead(sync::WriteContext &ctx, const base::Uuid &conversation, std::int64_t readN);
    /// Replaces custom attributes, a JSON object.
    base::Result<ConversationRow> setCustomAttributes(sync::WriteContext &ctx, const base::Uuid &conversation,
                                                      const std::string &json);

    /// Stores a visitor's message: finds or makes contact and conversation, reopens, greets (docs/protocol.md
    /// B.4). The actor is the visitor. Fails with Invalid, TooLarge, UploadMissing, Forbidden (blocked),
    /// Conflict (mid used for another message).
    base::Result<Posted> postFromVisitor(sync::WriteContext &ctx, const VisitorMessage &message);
    /// What a customer's own program sends into a conversation of theirs: the actor is the contact. Fails as
    /// post() does, and with Forbidden (blocked).
    base::Result<Posted> postFromContact(sync::WriteContext &ctx, const inboxes::InboxRow &inbox,
                                         const base::Uuid &conversation, const NewMessage &message,
                                         bool isClosed);
    /// A customer answers a message that asks something (docs/protocol.md B.3). Fails with NotFound, Invalid,
    /// Conflict.
    base::Result<MessageRow> answer(sync::WriteContext &ctx, const ConversationRow &conversation,
                                    const base::Uuid &message, const base::Json &answer);
    /// What is said without anybody saying it: the customer still waits for a person.
    MessageRow addTemplate(sync::WriteContext &ctx, ConversationRow &row, const std::string &body,
                           const std::string &contentType = "text",
                           const std::string &contentAttributes = "{}",
                           const std::optional<sync::Actor> &by = std::nullopt);
    /// The conversations that somebody behind this place may see, newest first: their own; of a proven one
    /// all proven ones of the contact in the inbox.
    [[nodiscard]] static std::vector<ConversationRow>
    ofPlace(storage::Transaction &tx, const contacts::ContactInboxRow &place, std::size_t limit);
    /// One of them.
    [[nodiscard]] static std::optional<ConversationRow> ofPlace(storage::Transaction &tx,
                                                                sync::AccountNumber account,
                                                                const contacts::ContactInboxRow &place,
                                                                const base::Uuid &conversation);
    /// The actor, a contact, has seen everything up to `n`: replies become `read`. Fails with NotVisible when
    /// the conversation is not theirs.
    base::Status markReadByContact(sync::WriteContext &ctx, const base::Uuid &conversation, std::int64_t n);
    /// A reply that had been sent before the database was put back from a backup: it is on record again, and
    /// must not go out again.
    void noteRecovered(sync::WriteContext &ctx, const base::Uuid &message);
    /// A channel or the widget tells how far a reply got (docs/protocol.md A.8). Fails with NotFound,
    /// Invalid.
    base::Status setDelivery(sync::WriteContext &ctx, const base::Uuid &message, const std::string &state,
                             const std::string &code = {});

    /// Takes in a whole conversation as it was, without activity lines or effects.
    base::Result<ConversationRow> importConversation(sync::WriteContext &ctx,
                                                     const ImportedConversation &conversation);

    /// Opens the snoozed conversations of `ctx.account()` whose time has come, at most 100; how many were.
    int openDue(sync::WriteContext &ctx);
    /// For users who leave the account: at most 500 conversations lose their assignee per call; whether any
    /// are left.
    bool unassignAll(sync::WriteContext &ctx, std::int64_t user);
    /// For teams that go: at most 500 conversations per call; whether any are left.
    bool leaveTeam(sync::WriteContext &ctx, std::int64_t team);
    /// For labels that get another title, or go: at most 500 conversations per call; whether any are left.
    bool relabelAll(sync::WriteContext &ctx, const std::string &from, const std::optional<std::string> &to);

    /// The conversation when the actor may see it. Fails with NotVisible.
    [[nodiscard]] static base::Result<ConversationRow> visible(storage::Transaction &tx,
                                                               sync::AccountNumber account,
                                                               const sync::Actor &actor,
                                                               const base::Uuid &id);
    /// The same by display number.
    [[nodiscard]] static base::Result<ConversationRow> visible(storage::Transaction &tx,
                                                               sync::AccountNumber account,
                                                               const sync::Actor &actor,
                                                               std::int64_t display);

private:
    using Rule = std::function<base::Status(ConversationRow &)>;
    using Line = std::function<std::string(const ConversationRow &)>;

    base::Result<ConversationRow> change(sync::WriteContext &ctx, const base::Uuid &id, const Rule &rule,
                                         const Line &line);
    base::Result<Posted> write(sync::WriteContext &ctx, const ConversationRow &row,
                               const NewMessage &message);
    base::Result<Posted> append(sync::WriteContext &ctx, ConversationRow row, MessageRow message,
                                const std::vector<domain::AttachmentId> &uploads);
    base::Result<ConversationRow> conversationOf(sync::WriteContext &ctx, const VisitorMessage &message,
                                                 const contacts::KnownContact &contact, bool &isNew);
    void speakByItself(sync::WriteContext &ctx, ConversationRow &row, const VisitorMessage &message,
                       const contacts::ContactRow &contact, bool isNew);
    void askForRating(sync::WriteContext &ctx, ConversationRow &row);

    contacts::ContactService &m_contacts;
};

} // namespace server::conversations
