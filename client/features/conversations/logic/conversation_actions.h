#pragma once

#include "client/features/conversations/logic/conversation_store.h"
#include "client/features/conversations/logic/problem.h"
#include "client/sync/session.h"
#include "shared/protocol/conversations/conversation_messages.h"

#include <QCoreApplication>
#include <QString>

#include <functional>
#include <vector>

namespace client::conversations {

/// What an agent can do to a conversation. Each runs the rule that the server will run, shows the result at
/// once and queues it; works the same without a server.
class ConversationActions {
    Q_DECLARE_TR_FUNCTIONS(client::conversations::ConversationActions)

public:
    /// Called once it is durable; or with the refusal, to be told in place.
    using Answer = std::function<void(const base::Status &)>;

    explicit ConversationActions(Stores stores, ConversationStore &conversations)
        : m_stores{stores}
        , m_conversations{conversations}
    {
    }

    /// What is known about a reply beyond its words.
    struct Written {
        std::int64_t seenN = -1;         ///< newest message its author had seen; -1: the newest there is
        std::optional<base::Uuid> fixes; ///< the order it stands in for: refused, or held
        std::optional<base::Uuid> held;  ///< the held reply whose place it takes
    };

    /// An order for the conversation that says what its author has seen of it.
    [[nodiscard]] sync::Order orderFor(const domain::ConversationId &id, std::string_view op,
                                       const std::string &args) const;

    /// The message's id.
    domain::MessageId reply(const domain::ConversationId &id, const QString &text,
                            const std::vector<base::Uuid> &uploads = {}, Answer answer = {},
                            const Written &written = {-1, {}, {}});
    domain::MessageId note(const domain::ConversationId &id, const QString &text,
                           const std::vector<base::Uuid> &uploads = {}, Answer answer = {},
                           const Written &written = {-1, {}, {}});
    /// Takes back a reply of mine that was sent a moment ago; too late, it changes nothing.
    void undoSend(const domain::ConversationId &id, const domain::MessageId &message);
    /// Sends once more what could not be delivered, or may not have been.
    void retryDelivery(const domain::ConversationId &id, const domain::MessageId &message,
                       Answer answer = {});
    /// Open, Pending or Resolved; Snoozed means until the next reply.
    void setStatus(const domain::ConversationId &id, domain::ConversationStatus to, Answer answer = {});
    void snooze(const domain::ConversationId &id, base::Timestamp until, Answer answer = {});
    /// Nothing gives it to nobody.
    void assign(const domain::ConversationId &id, std::optional<domain::UserId> to, Answer answer = {});
    void setPriority(const domain::ConversationId &id, domain::Priority to, Answer answer = {});
    /// Nothing gives it to no team.
    void setTeam(const domain::ConversationId &id, std::optional<domain::TeamId> to, Answer answer = {});
    /// Adds and removes labels by title.
    void label(const domain::ConversationId &id, const std::vector<std::string> &add,
               const std::vector<std::string> &remove, Answer answer = {});
    /// What is in the box goes to my other devices.
    void setDraft(const domain::ConversationId &id, domain::MessageKind kind, const QString &text);
    /// Does nothing when that far was read already.
    void markRead(const domain::ConversationId &id, std::int64_t readN);

    /// Does with a problem what its button says: sends, turns into a note, resolves, takes over, applies,
    /// drops. Does nothing for actions that belong to the screen (showing, copying, editing).
    void resolve(const Problem &problem, Problem::Action action, Answer answer = {});

    /// "Mara Lindqvist · #42", as it is kept with every order.
    static QString subject(const Stores &stores, const storage::ConversationView &view);
    /// A sentence for a refusal, in the agent's language.
    static QString explain(base::ErrorCode code);

private:
    domain::MessageId write(const domain::ConversationId &id, domain::MessageKind kind, const QString &text,
                            const std::vector<base::Uuid> &uploads, Answer answer, const Written &written);
    void submit(const domain::ConversationId &id, std::string_view op, const std::string &args, Answer answer,
                bool dependsOnReply = false);
    void resolveHeld(const Problem &problem, Problem::Action action, Answer answer);
    void resolveWaiting(const Problem &problem, Problem::Action action, const Answer &answer);
    void resolveRefused(const Problem &problem, Problem::Action action, const Answer &answer);

    Stores m_stores;
    ConversationStore &m_conversations;
};

} // namespace client::conversations
