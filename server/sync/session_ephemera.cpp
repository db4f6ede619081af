#include "server/sync/session_ephemera.h"

#include "server/sync/session_frames.h"
#include "shared/base/json.h"

#include <algorithm>

namespace server::sync {

using base::Json;

namespace {

constexpr double ephemeralPerSecond = 5;

bool sees(const Session &session, const std::string &scope)
{
    return std::find(session.scopes.begin(), session.scopes.end(), scope) != session.scopes.end();
}

} // namespace

SessionEphemera::SessionEphemera(const SessionParts &parts, const SessionFeed &feed)
    : m_parts{parts}
    , m_feed{feed}
{
}

void SessionEphemera::publish(Session &session, const Json &frame)
{
    const auto kind = base::textField(frame, "t");
    const auto conversation = base::uuidField(frame, "conv");
    const bool composing = kind == "composing";
    if (!conversation || !(composing || kind == "viewing") || !spend(session))
        return;
    const auto scope = scopeOf(session.principal.account, *conversation);
    if (!scope || !sees(session, *scope))
        return;
    EphemeralEvent event;
    event.kind = composing ? EphemeralEvent::Kind::Composing : EphemeralEvent::Kind::Viewing;
    event.account = session.principal.account;
    event.conversation = *conversation;
    event.who = session.principal.actor.id;
    event.on = base::flagField(frame, "on").value_or(true);
    event.isPrivate = base::flagField(frame, "private").value_or(false);
    m_parts.ephemera.publish(event);
}

bool SessionEphemera::spend(Session &session)
{
    const auto now = m_parts.clock.monotonic();
    const auto seconds = std::chrono::duration<double>(now - session.budgetAt).count();
    session.ephemeralBudget =
        std::min(ephemeralPerSecond, session.ephemeralBudget + seconds * ephemeralPerSecond);
    session.budgetAt = now;
    if (session.ephemeralBudget < 1)
        return false;
    session.ephemeralBudget -= 1;
    return true;
}

void SessionEphemera::deliver(const EphemeralEvent &event)
{
    const auto *sessions = m_feed.sessions(event.account);
    if (!sessions)
        return;
    const bool ofConversation =
        event.kind == EphemeralEvent::Kind::Composing || event.kind == EphemeralEvent::Kind::Viewing;
    std::vector<const Session *> receivers;
    for (const auto &[id, session] : *sessions) {
        const bool own = event.byUser && session->principal.actor.id == event.who;
        const bool looking = std::find(session->focus.begin(), session->focus.end(), event.conversation) !=
                             session->focus.end();
        const bool isNews = !ofConversation && event.serial > session->presenceKnown;
        if (isNews || (ofConversation && looking && !own))
            receivers.push_back(session);
    }
    if (receivers.empty())
        return;
    const auto scope = ofConversation ? scopeOf(event.account, event.conversation) : std::nullopt;
    if (ofConversation && !scope)
        return;
    const auto frame = frames::ephemeral(event);
    for (const auto *session : receivers)
        if (!scope || sees(*session, *scope))
            m_parts.sink.send(session->id, frame, session->codec);
}

void SessionEphemera::tellWhoIsOnline(Session &session)
{
    const auto account = session.principal.account;
    const auto online = m_parts.ephemera.online(account);
    session.presenceKnown = online.serial;
    EphemeralEvent presence;
    presence.account = account;
    presence.kind = EphemeralEvent::Kind::UserPresence;
    for (const auto &user : online.users) {
        presence.who = user;
        m_parts.sink.send(session.id, frames::ephemeral(presence), session.codec);
    }
    presence.kind = EphemeralEvent::Kind::ContactPresence;
    presence.byUser = false;
    for (const auto &contact : online.contacts) {
        presence.who = contact;
        m_parts.sink.send(session.id, frames::ephemeral(presence), session.codec);
    }
}

// Where a conversation can be seen now; nothing when it is gone or the database fails (ephemeral news may be
// lost).
std::optional<std::string> SessionEphemera::scopeOf(AccountNumber account, const base::Uuid &conversation)
{
    std::optional<JournalState> state;
    try {
        m_parts.database.read([&](storage::Transaction &tx) {
            state = readState(tx, account, protocol::EntityType::Conversation, conversation);
        });
    } catch (const storage::StorageError &error) {
        m_parts.log.error("sync_read_failed", {{"reason", error.what()}});
    }
    return state && !state->deleted ? std::optional{state->scope} : std::nullopt;
}

} // namespace server::sync
