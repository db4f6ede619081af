#include "client/features/conversations/logic/attention.h"

#include "client/features/accounts/logic/user_store.h"
#include "client/features/contacts/logic/contact_store.h"
#include "client/features/conversations/logic/conversation_actions.h"
#include "client/features/conversations/logic/written_message.h"
#include "client/sync/session.h"
#include "shared/base/json.h"
#include "shared/protocol/macros/macro_messages.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <map>
#include <set>

namespace client::conversations {

namespace {

using Action = Problem::Action;
using base::ErrorCode;
using storage::Intent;

constexpr base::Duration waitingTooLong{24LL * 3600 * 1000};
constexpr base::Duration onlineFor{5LL * 60 * 1000}; ///< what waited offline goes out within seconds

QString qt(const std::string &text)
{
    return QString::fromStdString(text);
}

QString lengthOfTime(base::Duration duration)
{
    const auto minutes = static_cast<int>(duration.count() / 60'000);
    if (minutes < 1)
        return Problem::tr("a moment");
    if (minutes < 60)
        return Problem::tr("%n minute(s)", nullptr, minutes);
    if (minutes < 24 * 60)
        return Problem::tr("%n hour(s)", nullptr, minutes / 60);
    return Problem::tr("%n day(s)", nullptr, minutes / 60 / 24);
}

/// Why, as far as the verdict tells it.
struct Reason {
    ErrorCode code = ErrorCode::Internal;
    base::Timestamp otherAt{};
    std::int64_t otherN = 0;
    base::Timestamp heldAt{};
    QString byName;
};

Reason reasonOf(const Intent &intent)
{
    Reason reason;
    reason.code = intent.code;
    const auto detail = base::parseJson(intent.detail);
    if (!detail)
        return reason;
    reason.otherAt = base::fromMs(base::integerField(*detail, "at").value_or(0));
    reason.heldAt = base::fromMs(base::integerField(*detail, "held_at").value_or(0));
    reason.otherN =
        base::integerField(*detail, "n").value_or(base::integerField(*detail, "cust_n").value_or(0));
    reason.byName = qt(base::textField(*detail, "by_name").value_or(""));
    return reason;
}

class Teller {
public:
    explicit Teller(Stores stores) : m_stores{stores}, m_now{stores.session.clock().now()} {}

    Problem ofIntent(const Intent &intent)
    {
        Problem problem;
        problem.mid = intent.mid;
        problem.op = intent.op;
        problem.isHeld = intent.state == storage::IntentState::Held;
        problem.at = intent.madeAt;
        const auto args = base::parseJson(intent.args);
        if (const auto id = args ? base::uuidField(*args, "conv") : std::nullopt)
            problem.conversation = {*id};
        problem.subject = subjectOf(problem.conversation, qt(intent.subject));
        const auto written = writtenIn(intent);
        const bool isNote = written && written->kind == domain::MessageKind::Note;
        if (written) {
            problem.content = qt(written->body);
            problem.uploads = intent.uploads;
            for (const auto &id : intent.uploads)
                problem.files.push_back(fileName(id));
        }
        problem.isNote = isNote;
        problem.title = intent.op == protocol::RunMacro::name
                            ? Problem::tr("Macro on %1").arg(problem.subject)
                            : titleOf(problem.subject, written.has_value(), isNote);
        if (!storage::needsAuthor(intent)) {
            tellWaiting(problem, intent);
            return problem;
        }
        tell(problem, reasonOf(intent), written && !isNote);
        if (intent.code == ErrorCode::AssigneeChanged)
            tellAssignee(problem, intent);
        if (intent.code == ErrorCode::AssigneeChanged && intent.op == protocol::RunMacro::name) {
            problem.keepLabel = Problem::tr("Do not run it");
            problem.takeLabel = Problem::tr("Run it anyway");
        }
        if (intent.code == ErrorCode::Internal)
            tellIncident(problem, intent);
        return problem;
    }

    /// What holds it up, if anything does that will not go away by itself soon.
    [[nodiscard]] std::optional<ErrorCode> stuckFor(const Intent &intent)
    {
        if (storage::needsAuthor(intent) || intent.state == storage::IntentState::Accepted)
            return std::nullopt;
        if (!refusedFiles(intent).isEmpty())
            return ErrorCode::UploadMissing;
        const auto &connection = m_stores.session.connection();
        const bool longOnline =
            connection.kind == sync::ConnectionState::Kind::Live && m_now - connection.since > onlineFor;
        return longOnline && m_now - intent.madeAt > waitingTooLong ? std::optional{ErrorCode::Busy}
                                                                    : std::nullopt;
    }

    Problem ofHeld(const protocol::HeldReply &held)
    {
        Problem problem;
        problem.mid = held.message.value;
        problem.op = protocol::CreateMessage::name;
        problem.isHeld = true;
        problem.at = held.madeAt;
        problem.conversation = held.conversation;
        problem.subject =
            subjectOf(held.conversation, qt(held.subject) + QStringLiteral(" · #%1").arg(held.number));
        problem.title = titleOf(problem.subject, true, false);
        problem.content = qt(held.body);
        for (const auto &file : held.attachments) {
            problem.files.push_back(qt(file.name));
            problem.uploads.push_back(file.id.value);
        }
        tell(problem,
             {base::errorCodeFromText(held.code), held.otherAt, held.otherN, held.heldAt, qt(held.byName)},
             true);
        return problem;
    }

private:
    QString subjectOf(const domain::ConversationId &id, const QString &kept)
    {
        const auto view = m_stores.session.reader().conversation(id);
        if (view)
            return ConversationActions::subject(m_stores, *view);
        return kept.isEmpty() ? Problem::tr("an unknown conversation") : kept;
    }

    static QString titleOf(const QString &subject, bool isMessage, bool isNote)
    {
        if (!isMessage)
            return Problem::tr("Change to %1").arg(subject);
        return isNote ? Problem::tr("Note on %1").arg(subject) : Problem::tr("Reply to %1").arg(subject);
    }

    QString fileName(const base::Uuid &id)
    {
        const auto upload = m_stores.session.reader().upload(id);
        return upload ? qt(upload->name) : qt(id.text());
    }

    /// "Sara: Of course, …"
    QString quoted(const domain::ConversationId &id, std::int64_t n)
    {
        if (n <= 0)
            return {};
        const auto view = m_stores.session.reader().messageAt(id, n);
        if (view)
            return QStringLiteral("%1: %2").arg(authorName(m_stores, view->message), qt(view->message.body));
        return {};
    }

    void tell(Problem &problem, const Reason &reason, bool isReply)
    {
        problem.code = reason.code;
        problem.reason = ConversationActions::explain(reason.code);
        const bool hasText = !problem.content.isEmpty();
        switch (reason.code) {
        case ErrorCode::ReplyCollision:
            problem.reason = Problem::tr("%1 answered %2 before your offline reply was delivered.")
                                 .arg(reason.byName.isEmpty() ? Problem::tr("A colleague") : reason.byName,
                                      lengthOfTime(reason.heldAt - reason.otherAt));
            problem.now = quoted(problem.conversation, reason.otherN);
            break;
        case ErrorCode::StaleReply:
            problem.reason = Problem::tr("The customer wrote again after you typed this (%1 ago).")
                                 .arg(lengthOfTime(m_now - problem.at));
            problem.now = quoted(problem.conversation, reason.otherN);
            break;
        case ErrorCode::NewCustomerMessage:
            problem.now = quoted(problem.conversation, reason.otherN);
            problem.actions = {Action::Open, Action::ResolveAnyway, Action::Dismiss};
            return;
        case ErrorCode::AssigneeChanged:
            problem.actions = {Action::Keep, Action::TakeOver};
            return;
        case ErrorCode::NotVisible:
            if (problem.op == protocol::CreateMessage::name)
                problem.actions = {Action::HandOver};
            break;
        case ErrorCode::NotFound:
        case ErrorCode::Gone:
        case ErrorCode::Invalid:
        case ErrorCode::TooLarge:
            break;
        case ErrorCode::ChannelWindow: // the other ways out come with the channels that have them
            problem.actions = {Action::TurnIntoNote};
            break;
        case ErrorCode::Dependency:
            problem.actions = {Action::ApplyNow};
            break;
        default:
            problem.actions = {Action::TryAgain};
            break;
        }
        if (problem.isHeld)
            problem.actions = {Action::ShowBoth, Action::SendAnyway, Action::EditAndSend,
                               Action::TurnIntoNote};
        else if (isReply && problem.can(Action::TryAgain))
            problem.actions.insert(problem.actions.end(), {Action::EditAndSend, Action::TurnIntoNote});
        else if (hasText && (reason.code == ErrorCode::TooLarge || reason.code == ErrorCode::Invalid))
            problem.actions = {Action::EditAndSend};
        if (hasText)
            problem.actions.push_back(Action::CopyText);
        problem.actions.push_back(Action::Discard);
    }

    QStringList refusedFiles(const Intent &intent)
    {
        QStringList names;
        for (const auto &id : intent.uploads)
            if (const auto upload = m_stores.session.reader().upload(id);
                upload && upload->state == storage::Upload::State::Refused)
                names.push_back(qt(upload->name));
        return names;
    }

    // No verdict, and perhaps none soon.
    void tellWaiting(Problem &problem, const Intent &intent)
    {
        problem.isWaiting = true;
        problem.code = stuckFor(intent).value_or(ErrorCode::Busy);
        if (problem.code == ErrorCode::UploadMissing) {
            const auto refused = refusedFiles(intent);
            problem.reason = Problem::tr("The server does not accept %1; the message waits for it.")
                                 .arg(refused.join(QStringLiteral(", ")));
            const bool leavesSomething =
                !problem.content.isEmpty() || refused.size() < static_cast<qsizetype>(intent.uploads.size());
            if (leavesSomething)
                problem.actions.push_back(Action::SendWithout);
            problem.actions.push_back(Action::EditAndSend);
        } else {
            problem.reason = Problem::tr("Still waiting for the server\u2019s answer, for %1.")
                                 .arg(lengthOfTime(m_now - intent.madeAt));
        }
        if (!problem.content.isEmpty())
            problem.actions.push_back(Action::CopyText);
        if (problem.code == ErrorCode::UploadMissing)
            problem.actions.push_back(Action::Discard);
    }

    static void tellIncident(Problem &problem, const Intent &intent)
    {
        const auto detail = base::parseJson(intent.detail);
        const auto incident = detail ? base::textField(*detail, "incident") : std::nullopt;
        if (incident)
            problem.reason =
                Problem::tr("The server failed at this five times. Incident %1.").arg(qt(*incident));
    }

    void tellAssignee(Problem &problem, const Intent &intent)
    {
        const auto detail = base::parseJson(intent.detail);
        const auto current = detail ? base::uuidField(*detail, "assignee") : std::nullopt;
        auto name = detail ? qt(base::textField(*detail, "name").value_or("")) : QString{};
        if (current && name.isEmpty())
            name = m_stores.users.nameOf({*current});
        problem.reason = current ? Problem::tr("Already assigned to %1.").arg(name)
                                 : Problem::tr("Nobody is assigned any more.");
        problem.keepLabel = current ? Problem::tr("Keep %1").arg(name) : Problem::tr("Leave it unassigned");
        const auto args = base::parseJson(intent.args);
        const auto to = args ? base::uuidField(*args, "to") : std::nullopt;
        if (!to)
            problem.takeLabel = Problem::tr("Unassign anyway");
        else if (domain::UserId{*to} == m_stores.users.me())
            problem.takeLabel = Problem::tr("Take over");
        else
            problem.takeLabel = Problem::tr("Assign %1 anyway").arg(m_stores.users.nameOf({*to}));
    }

    Stores m_stores;
    base::Timestamp m_now;
};

bool onlyDecides(const Intent &intent)
{
    return intent.op == protocol::ReleaseMessage::name || intent.op == protocol::DiscardMessage::name ||
           intent.op == protocol::HandOver::name;
}

} // namespace

std::vector<Problem> problemsOf(Stores stores)
{
    auto &reader = stores.session.reader();
    const auto intents = reader.intents();
    std::set<base::Uuid> hidden;                   // something stands in their place
    std::map<base::Uuid, const Intent *> attempts; // a decision about a held one was refused
    for (auto at = intents.rbegin(); at != intents.rend(); ++at) {
        if (!at->fixes)
            continue;
        const bool wasRefused = onlyDecides(*at) && needsAuthor(*at) && !hidden.contains(at->mid);
        if (wasRefused)
            attempts[*at->fixes] = &*at;
        else
            hidden.insert(*at->fixes);
    }
    Teller teller{stores};
    std::vector<Problem> all;
    std::set<base::Uuid> told;
    for (const auto &intent : intents) {
        if (onlyDecides(intent) || (!needsAuthor(intent) && !teller.stuckFor(intent)))
            continue;
        if (intent.state == storage::IntentState::Held && intent.op == protocol::RunMacro::name)
            continue; // its reply is held under the same id, and has the words
        told.insert(intent.mid);
        if (!hidden.contains(intent.mid))
            all.push_back(teller.ofIntent(intent));
    }
    for (const auto &held : reader.heldReplies())
        if (told.insert(held.message.value).second && !hidden.contains(held.message.value))
            all.push_back(teller.ofHeld(held));
    for (auto &problem : all)
        if (const auto attempt = attempts.find(problem.mid); attempt != attempts.end()) {
            problem.attempt = attempt->second->mid;
            problem.reason += QLatin1Char{' '} + ConversationActions::explain(attempt->second->code);
        }
    for (const auto &[target, attempt] : attempts)
        if (!told.contains(target)) // decided elsewhere meanwhile
            all.push_back(teller.ofIntent(*attempt));
    for (auto &problem : all)
        if (!reader.conversation(problem.conversation)) // there is no place to show or edit it in
            std::erase_if(problem.actions, [](Action action) {
                return action == Action::ShowBoth || action == Action::EditAndSend || action == Action::Open;
            });
    std::stable_sort(all.begin(), all.end(), [](const auto &a, const auto &b) { return a.at < b.at; });
    return all;
}

QString warningOf(Stores stores, const Intent &intent)
{
    const auto detail = base::parseJson(intent.detail);
    const auto code = detail ? base::textField(*detail, "warn").value_or("") : std::string{};
    const auto reason = reasonOf(intent);
    if (code == base::toText(ErrorCode::StaleReply))
        return Problem::tr("Sent, although the customer had written again before it arrived.");
    auto who = reason.byName;
    if (who.isEmpty())
        if (const auto by = detail ? base::uuidField(*detail, "by") : std::nullopt)
            who = stores.users.nameOf({*by});
    return Problem::tr("Sent, although %1 had answered %2 before it arrived.")
        .arg(who.isEmpty() ? Problem::tr("a colleague") : who, lengthOfTime(reason.heldAt - reason.otherAt));
}

} // namespace client::conversations
