#include "client/features/conversations/logic/conversation_actions.h"

#include "client/features/accounts/logic/user_store.h"
#include "client/sync/session.h"
#include "shared/base/json.h"

namespace client::conversations {

domain::MessageId ConversationActions::write(const domain::ConversationId &id, domain::MessageKind kind,
                                             const QString &text, const std::vector<base::Uuid> &uploads,
                                             Answer answer)
{
    protocol::CreateMessage request;
    request.conversation = id;
    request.kind = kind;
    request.body = text.toStdString();
    for (const auto &upload : uploads)
        request.uploads.push_back({upload});
    sync::Order order;
    order.mid = m_stores.session.newId();
    order.lane = "cv:" + id.text();
    order.op = protocol::CreateMessage::name;
    order.args = base::toText(protocol::toJson(request));
    order.uploads = uploads;
    if (const auto view = m_conversations.find(id))
        order.seen = protocol::Seen{view->conversation.lastN, view->q};
    const domain::MessageId message{order.mid};
    m_stores.session.submit(std::move(order), std::move(answer));
    return message;
}

domain::MessageId ConversationActions::reply(const domain::ConversationId &id, const QString &text,
                                             const std::vector<base::Uuid> &uploads, Answer answer)
{
    return write(id, domain::MessageKind::Public, text, uploads, std::move(answer));
}

domain::MessageId ConversationActions::note(const domain::ConversationId &id, const QString &text,
                                            const std::vector<base::Uuid> &uploads, Answer answer)
{
    return write(id, domain::MessageKind::Note, text, uploads, std::move(answer));
}

void ConversationActions::submit(const domain::ConversationId &id, std::string_view op,
                                 const std::string &args, Answer answer, bool dependsOnReply)
{
    sync::Order order;
    order.mid = m_stores.session.newId();
    order.lane = "cv:" + id.text();
    order.op = op;
    order.args = args;
    order.dependsOnReply = dependsOnReply;
    if (const auto view = m_conversations.find(id))
        order.seen = protocol::Seen{view->conversation.lastN, view->q};
    m_stores.session.submit(std::move(order), std::move(answer));
}

void ConversationActions::setStatus(const domain::ConversationId &id, domain::ConversationStatus to,
                                    Answer answer)
{
    const bool putsAway =
        to == domain::ConversationStatus::Resolved || to == domain::ConversationStatus::Snoozed;
    submit(id, protocol::SetStatus::name, base::toText(protocol::toJson(protocol::SetStatus{id, to})),
           std::move(answer), putsAway);
}

void ConversationActions::snooze(const domain::ConversationId &id, base::Timestamp until, Answer answer)
{
    submit(id, protocol::Snooze::name, base::toText(protocol::toJson(protocol::Snooze{id, until})),
           std::move(answer), true);
}

void ConversationActions::assign(const domain::ConversationId &id, std::optional<domain::UserId> to,
                                 Answer answer)
{
    const auto view = m_conversations.find(id);
    const protocol::Assign request{id, to, view ? view->conversation.assignee : std::nullopt};
    submit(id, protocol::Assign::name, base::toText(protocol::toJson(request)), std::move(answer),
           !to.has_value());
}

void ConversationActions::setPriority(const domain::ConversationId &id, domain::Priority to, Answer answer)
{
    submit(id, protocol::SetPriority::name, base::toText(protocol::toJson(protocol::SetPriority{id, to})),
           std::move(answer));
}

void ConversationActions::markRead(const domain::ConversationId &id, std::int64_t readN)
{
    const auto view = m_conversations.find(id);
    if (!view || readN <= view->readN)
        return;
    sync::Order order;
    order.mid = m_stores.session.newId();
    order.lane = "me";
    order.op = protocol::MarkRead::name;
    order.args = base::toText(protocol::toJson(protocol::MarkRead{id, readN}));
    order.replaceQueued = true;
    order.replaceKey = id.text();
    m_stores.session.submit(std::move(order));
}

QString ConversationActions::explain(base::ErrorCode code)
{
    switch (code) {
    case base::ErrorCode::NewCustomerMessage:
        return tr("Not resolved: a new message from the customer arrived.");
    case base::ErrorCode::AssigneeChanged:
        return tr("Somebody else was assigned meanwhile.");
    case base::ErrorCode::NotVisible:
    case base::ErrorCode::NotFound:
        return tr("You no longer have access to this conversation.");
    case base::ErrorCode::Gone:
        return tr("This conversation was deleted.");
    case base::ErrorCode::Dependency:
        return tr("Not done because the reply before it was refused.");
    case base::ErrorCode::TooLarge:
        return tr("This message is too long.");
    case base::ErrorCode::Forbidden:
        return tr("You are not allowed to do this.");
    case base::ErrorCode::Storage:
        return tr("This computer could not store it. Is the disk full?");
    case base::ErrorCode::Invalid:
        return tr("There is nothing to send, or a value is out of range.");
    default:
        return tr("The server could not do this. Try again.");
    }
}

} // namespace client::conversations
