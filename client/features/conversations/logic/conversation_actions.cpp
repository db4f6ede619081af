#include "client/features/conversations/logic/conversation_actions.h"

#include "client/features/accounts/logic/user_store.h"
#include "client/features/contacts/logic/contact_store.h"
#include "client/features/conversations/logic/written_message.h"
#include "client/sync/session.h"
#include "shared/base/json.h"
#include "shared/protocol/macros/macro_messages.h"

#include <QDateTime>
#include <QTimeZone>

#include <algorithm>

namespace client::conversations {

namespace {

/// The arguments of the first step that assigns; those of the macro when there is none.
base::Json &firstAssignment(base::Json &macro)
{
    for (auto &step : macro["steps"])
        if (base::textField(step, "op") == protocol::Assign::name)
            return step["a"];
    return macro;
}

} // namespace

sync::Order ConversationActions::orderFor(const domain::ConversationId &id, std::string_view op,
                                          const std::string &args) const
{
    sync::Order order;
    order.mid = m_stores.session.newId();
    order.lane = "cv:" + id.text();
    order.op = op;
    order.args = args;
    if (const auto view = m_conversations.find(id)) {
        // Own pending messages have numbers that somebody else's may get: they do not count as seen.
        order.seen = protocol::Seen{m_stores.session.reader().confirmedN(id), view->q};
        order.subject = subject(m_stores, *view).toStdString();
    }
    return order;
}

domain::MessageId ConversationActions::write(const domain::ConversationId &id, domain::MessageKind kind,
                                             const QString &text, const std::vector<base::Uuid> &uploads,
                                             Answer answer, const Written &written)
{
    protocol::CreateMessage request;
    request.conversation = id;
    request.kind = kind;
    request.body = text.toStdString();
    for (const auto &upload : uploads)
        request.uploads.push_back({upload});
    if (written.held)
        request.fixes = domain::MessageId{*written.held};
    auto order = orderFor(id, protocol::CreateMessage::name, base::toText(protocol::toJson(request)));
    order.uploads = uploads;
    order.fixes = written.fixes;
    if (order.seen && written.seenN >= 0)
        order.seen->n = std::min(order.seen->n, written.seenN);
    const domain::MessageId message{order.mid};
    m_stores.session.submit(std::move(order), std::move(answer));
    return message;
}

domain::MessageId ConversationActions::reply(const domain::ConversationId &id, const QString &text,
                                             const std::vector<base::Uuid> &uploads, Answer answer,
                                             const Written &written)
{
    return write(id, domain::MessageKind::Public, text, uploads, std::move(answer), written);
}

domain::MessageId ConversationActions::note(const domain::ConversationId &id, const QString &text,
                                            const std::vector<base::Uuid> &uploads, Answer answer,
                                            const Written &written)
{
    return write(id, domain::MessageKind::Note, text, uploads, std::move(answer), written);
}

void ConversationActions::submit(const domain::ConversationId &id, std::string_view op,
                                 const std::string &args, Answer answer, bool dependsOnReply)
{
    auto order = orderFor(id, op, args);
    order.dependsOnReply = dependsOnReply;
    m_stores.session.submit(std::move(order), std::move(answer));
}

void ConversationActions::undoSend(const domain::ConversationId &id, const domain::MessageId &message)
{
    submit(id, protocol::DiscardMessage::name,
           base::toText(protocol::toJson(protocol::DiscardMessage{id, message})), {});
}

void ConversationActions::retryDelivery(const domain::ConversationId &id, const domain::MessageId &message,
                                        Answer answer)
{
    submit(id, protocol::RetryMessage::name,
           base::toText(protocol::toJson(protocol::RetryMessage{id, message})), std::move(answer));
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
    // Meant by the clock on the wall: the rule goes along, for the day its zone changes.
    const auto local = QDateTime::fromMSecsSinceEpoch(base::toMs(until));
    const protocol::Snooze request{id, until,
                                   local.toString(QStringLiteral("yyyy-MM-ddTHH:mm")).toStdString(),
                                   QTimeZone::systemTimeZoneId().toStdString()};
    const bool toTheMinute = local.time().second() == 0 && local.time().msec() == 0;
    const protocol::Snooze moment{id, until, {}, {}};
    submit(id, protocol::Snooze::name, base::toText(protocol::toJson(toTheMinute ? request : moment)),
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

void ConversationActions::setTeam(const domain::ConversationId &id, std::optional<domain::TeamId> to,
                                  Answer answer)
{
    submit(id, protocol::SetTeam::name, base::toText(protocol::toJson(protocol::SetTeam{id, to})),
           std::move(answer));
}

void ConversationActions::label(const domain::ConversationId &id, const std::vector<std::string> &add,
                                const std::vector<std::string> &remove, Answer answer)
{
    submit(id, protocol::SetLabels::name,
           base::toText(protocol::toJson(protocol::SetLabels{id, add, remove})), std::move(answer));
}

void ConversationActions::setDraft(const domain::ConversationId &id, domain::MessageKind kind,
                                   const QString &text)
{
    sync::Order order;
    order.mid = m_stores.session.newId();
    order.lane = "me";
    order.op = protocol::SetDraft::name;
    const protocol::SetDraft request{id, kind, text.toStdString()};
    order.args = base::toText(protocol::toJson(request));
    // The older words of the same box give way while nobody has seen them.
    order.replaceQueued = true;
    // The end of the arguments as they are written, with their keys in order.
    order.replaceKey =
        R"("conv":")" + id.text() + R"(","kind":")" + std::string{domain::toText(kind)} + R"("})";
    m_stores.session.submit(std::move(order));
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

void ConversationActions::resolve(const Problem &problem, Problem::Action action, Answer answer)
{
    if (problem.isWaiting)
        resolveWaiting(problem, action, answer);
    else if (problem.isHeld)
        resolveHeld(problem, action, std::move(answer));
    else
        resolveRefused(problem, action, answer);
}

// It has not been sent: what stands in its place takes over what it had seen and what it stood in for.
void ConversationActions::resolveWaiting(const Problem &problem, Problem::Action action, const Answer &answer)
{
    auto &session = m_stores.session;
    const auto intent = session.reader().intent(problem.mid);
    if (!intent || (action != Problem::Action::Discard && action != Problem::Action::SendWithout))
        return;
    std::vector<base::Uuid> accepted;
    std::vector<base::Uuid> refused;
    for (const auto &id : intent->uploads) {
        const auto upload = session.reader().upload(id);
        const bool isRefused = upload && upload->state == storage::Upload::State::Refused;
        (isRefused ? refused : accepted).push_back(id);
    }
    const auto written = writtenIn(*intent);
    const Written seen{intent->seen ? intent->seen->n : -1, intent->fixes,
                       written && written->fixes ? std::optional{written->fixes->value} : std::nullopt};
    const bool again = action == Problem::Action::SendWithout && written;
    session.cancel(
        problem.mid, [this, problem, written, accepted, refused, seen, again, answer](bool cancelled) {
            for (const auto &id : cancelled ? refused : std::vector<base::Uuid>{})
                m_stores.session.detach(id);
            if (cancelled && again)
                write(problem.conversation, written->kind, problem.content, accepted, answer, seen);
            else if (answer)
                answer(cancelled ? base::Status{base::Done{}} : base::Error{base::ErrorCode::Busy, {}});
        });
}

void ConversationActions::resolveHeld(const Problem &problem, Problem::Action action, Answer answer)
{
    const domain::MessageId id{problem.mid};
    const auto decide = [&](std::string_view op, const base::Json &args) {
        auto order = orderFor(problem.conversation, op, base::toText(args));
        order.fixes = problem.attempt.value_or(problem.mid);
        order.subject = problem.subject.toStdString();
        m_stores.session.submit(std::move(order), std::move(answer));
    };
    switch (action) {
    case Problem::Action::SendAnyway:
        return decide(protocol::ReleaseMessage::name,
                      protocol::toJson(protocol::ReleaseMessage{problem.conversation, id}));
    case Problem::Action::Discard:
        return decide(protocol::DiscardMessage::name,
                      protocol::toJson(protocol::DiscardMessage{problem.conversation, id}));
    case Problem::Action::TurnIntoNote:
        note(problem.conversation, problem.content, problem.uploads, std::move(answer),
             {-1, problem.attempt.value_or(problem.mid), problem.mid});
        return;
    default:
        return;
    }
}

void ConversationActions::resolveRefused(const Problem &problem, Problem::Action action, const Answer &answer)
{
    using Action = Problem::Action;
    auto &session = m_stores.session;
    const auto intent = session.reader().intent(problem.mid);
    const auto args = intent ? base::parseJson(intent->args) : base::Error{};
    if (!args)
        return;
    auto changed = *args;
    switch (action) {
    case Action::HandOver: {
        auto order = orderFor(problem.conversation, protocol::HandOver::name,
                              base::toText(protocol::toJson(
                                  protocol::HandOver{problem.conversation, {problem.mid}, intent->args})));
        order.uploads = intent->uploads;
        order.fixes = problem.attempt.value_or(problem.mid);
        order.subject = problem.subject.toStdString();
        session.submit(std::move(order), answer);
        return;
    }
    case Action::TryAgain:
    case Action::ApplyNow:
        break;
    case Action::TurnIntoNote:
        changed["kind"] = domain::toText(domain::MessageKind::Note);
        break;
    case Action::ResolveAnyway:
        changed["force"] = true;
        break;
    case Action::TakeOver: {
        const auto detail = base::parseJson(intent->detail);
        auto &assignment = intent->op == protocol::RunMacro::name ? firstAssignment(changed) : changed;
        assignment.erase("expect");
        if (const auto current = detail ? base::uuidField(*detail, "assignee") : std::nullopt)
            assignment["expect"] = current->text();
        break;
    }
    case Action::Keep:
    case Action::Dismiss:
    case Action::Discard:
        session.discardProblem(problem.mid);
        if (answer)
            answer(base::Done{});
        return;
    default:
        return;
    }
    session.retryProblem(problem.mid, base::toText(changed));
    if (answer)
        answer(base::Done{});
}

QString ConversationActions::subject(const Stores &stores, const storage::ConversationView &view)
{
    const auto name = stores.contacts.nameOf(view.conversation.contact);
    return view.conversation.number ? QStringLiteral("%1 · #%2").arg(name).arg(view.conversation.number)
                                    : name;
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
        return tr("Not applied because the reply above is held.");
    case base::ErrorCode::ReplyCollision:
        return tr("A colleague answered before your reply was delivered.");
    case base::ErrorCode::StaleReply:
        return tr("The customer wrote again after you typed this.");
    case base::ErrorCode::TooLarge:
        return tr("This message is too long.");
    case base::ErrorCode::Forbidden:
        return tr("You are not allowed to do this.");
    case base::ErrorCode::ChannelWindow:
        return tr("The time in which this customer can be answered here is over. Notes are still possible; "
                  "it opens again when the customer writes.");
    case base::ErrorCode::Storage:
        return tr("This computer could not store it. Is the disk full?");
    case base::ErrorCode::Invalid:
        return tr("There is nothing to send, or a value is out of range.");
    default:
        return tr("The server could not do this. Try again.");
    }
}

} // namespace client::conversations
