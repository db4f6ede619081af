#include "server/sync/session_feed.h"

#include "server/sync/session_frames.h"
#include "shared/protocol/limits.h"

#include <algorithm>
#include <limits>

namespace server::sync {

namespace {

using protocol::CloseCode;

constexpr std::int64_t tolerableLag =
    256; // numbers that nothing visible moves past before an empty delta does
constexpr std::size_t maxReceiptsAFrame = 256;

bool hasCredit(const Session &session)
{
    return session.unacked.size() < protocol::maxUnackedFrames &&
           session.unackedBytes < protocol::maxUnackedBytes;
}

} // namespace

SessionFeed::SessionFeed(const SessionParts &parts, const SessionSettings &settings, const CoreTasks &tasks,
                         Close close)
    : m_parts{parts}
    , m_settings{settings}
    , m_tasks{tasks}
    , m_close{std::move(close)}
    , m_pages{parts.entities}
{
}

void SessionFeed::add(Session &session, std::int64_t head)
{
    const auto [place, isNew] = m_accounts.try_emplace(session.principal.account);
    if (isNew) {
        place->second.announced = head;
        place->second.servedAt = m_parts.clock.monotonic() - m_settings.coalesce;
    }
    place->second.sessions.emplace(session.id, &session);
}

void SessionFeed::remove(Session &session)
{
    m_doomed.erase(&session);
    const auto account = m_accounts.find(session.principal.account);
    if (account == m_accounts.end())
        return;
    account->second.sessions.erase(session.id);
    if (account->second.sessions.empty())
        m_accounts.erase(account);
}

void SessionFeed::committed(AccountNumber number, std::int64_t head)
{
    const auto account = m_accounts.find(number);
    if (account == m_accounts.end())
        return;
    account->second.announced = std::max(account->second.announced, head);
    plan(number, account->second);
}

// At once when it has been quiet, else when the coalescing time is over.
void SessionFeed::plan(AccountNumber number, Account &account)
{
    if (account.planned)
        return;
    account.planned = true;
    const auto waited = m_parts.clock.monotonic() - account.servedAt;
    m_tasks.after(std::max(base::Duration{0}, m_settings.coalesce - waited),
                  [this, number] { serveAccount(number, false); });
}

void SessionFeed::planEmpty(AccountNumber number, Account &account)
{
    if (account.emptied)
        return;
    account.emptied = true;
    m_tasks.after(m_settings.emptyDelta, [this, number] { serveAccount(number, true); });
}

void SessionFeed::serveAccount(AccountNumber number, bool mayBeEmpty)
{
    const auto account = m_accounts.find(number);
    if (account == m_accounts.end())
        return;
    (mayBeEmpty ? account->second.emptied : account->second.planned) = false;
    account->second.servedAt = m_parts.clock.monotonic();
    std::vector<Session *> sessions;
    for (const auto &[id, session] : account->second.sessions)
        sessions.push_back(session);
    reading(sessions, [&](storage::Transaction &tx) {
        SharedPages pages{m_pages, tx, number};
        for (auto *session : sessions)
            fill(tx, pages, *session, account->second.announced, mayBeEmpty);
    });
}

void SessionFeed::serve(Session &session)
{
    const auto account = session.principal.account;
    const auto announced = m_accounts.at(account).announced;
    reading({&session}, [&](storage::Transaction &tx) {
        SharedPages pages{m_pages, tx, account};
        fill(tx, pages, session, announced, false);
    });
}

void SessionFeed::serveFirst(storage::Transaction &tx, Session &session)
{
    SharedPages pages{m_pages, tx, session.principal.account};
    fill(tx, pages, session, std::numeric_limits<std::int64_t>::max(), true);
}

void SessionFeed::serveAll()
{
    for (auto &[number, account] : m_accounts)
        plan(number, account);
}

// One snapshot for all of them. When the database fails they are sent away: they come back with their
// cursors.
void SessionFeed::reading(const std::vector<Session *> &sessions,
                          const std::function<void(storage::Transaction &)> &work)
{
    try {
        m_parts.database.read(work);
    } catch (const std::exception &error) {
        m_parts.log.error("sync_read_failed", {{"reason", error.what()}});
        for (auto *session : sessions)
            doom(*session, CloseCode::GoingAway, "storage");
    }
    closeDoomed();
}

void SessionFeed::fill(storage::Transaction &tx, SharedPages &pages, Session &session, std::int64_t upTo,
                       bool mayBeEmpty)
{
    if (!stillAllowed(tx, session))
        return;
    sendReceipts(session);
    tellScopes(tx, session);
    while (hasCredit(session)) {
        const auto account = session.principal.account;
        const auto shared = pages.read(session.scopes, session.cursor, upTo);
        const auto &page = shared->page;
        if (page.reset != ResetReason::None) {
            sendReset(session, page.head, page.reset);
            return;
        }
        if (page.to == session.cursor.q)
            return;
        const bool idle =
            page.count == 0 && session.owed <= session.cursor.q && page.to - session.cursor.q < tolerableLag;
        if (idle && !mayBeEmpty) {
            planEmpty(account, m_accounts.at(account));
            return;
        }
        sendDelta(session, *shared);
        if (!page.more)
            return;
    }
}

bool SessionFeed::stillAllowed(storage::Transaction &tx, Session &session)
{
    if (!session.checkToken)
        return true;
    session.checkToken = false;
    auto principal = m_parts.directory.authenticate(tx, session.token);
    if (principal) {
        session.principal.actor = principal->actor;
        return true;
    }
    const bool expired = session.principal.expiresAt <= m_parts.clock.now();
    if (principal.error().code == base::ErrorCode::Unauthorized && expired)
        return true; // its own timer ends it
    doom(session, closeCodeOf(principal.error().code), std::string{base::toText(principal.error().code)});
    return false;
}

void SessionFeed::tellScopes(storage::Transaction &tx, Session &session)
{
    auto scopes = m_parts.directory.scopes(tx, session.principal);
    if (session.scopesKnown && scopes == session.scopes)
        return;
    session.scopesKnown = true;
    session.scopes = std::move(scopes);
    m_parts.sink.send(session.id, frames::scopes(session.cursor.q, session.scopes), session.codec);
}

Page SessionFeed::look(storage::Transaction &tx, const Session &session,
                       const std::vector<std::string> &scopes)
{
    return m_pages.read(tx, session.principal.account, scopes, session.cursor, 0);
}

std::int64_t SessionFeed::left(storage::Transaction &tx, const Session &session,
                               const std::vector<std::string> &scopes, std::int64_t head)
{
    return m_pages.left(tx, session.principal.account, scopes, session.cursor.q, head);
}

void SessionFeed::sendReset(Session &session, const Head &head, ResetReason reason)
{
    m_parts.sink.send(session.id, frames::reset(head, reason), session.codec);
    session.cursor = {head.epoch, head.head};
    session.unacked.clear();
    session.unackedBytes = 0;
    if (forgetsRevisions(reason))
        session.owed = 0;
}

void SessionFeed::sendReceipts(Session &session)
{
    std::vector<protocol::Receipt> waiting;
    waiting.swap(session.receipts);
    for (std::size_t at = 0; at < waiting.size(); at += maxReceiptsAFrame) {
        const auto end = std::min(waiting.size(), at + maxReceiptsAFrame);
        const auto from = waiting.begin() + static_cast<std::ptrdiff_t>(at);
        const std::vector<protocol::Receipt> some{from, waiting.begin() + static_cast<std::ptrdiff_t>(end)};
        for (const auto &receipt : some)
            session.owed = std::max(session.owed, receipt.seq);
        m_parts.sink.send(session.id, frames::receipts(some), session.codec);
    }
}

void SessionFeed::sendDelta(Session &session, const SharedPage &shared)
{
    const auto &[page, frame] = shared;
    m_parts.sink.send(session.id, frame, session.codec);
    session.cursor.q = page.to;
    session.unacked.push_back({page.to, frame.size(), m_parts.clock.monotonic()});
    session.unackedBytes += frame.size();
    if (session.ackTimer == 0)
        watchAcks(session, m_settings.ackWithin);
}

void SessionFeed::acknowledged(Session &session, std::int64_t q)
{
    const bool waited = !hasCredit(session);
    while (!session.unacked.empty() && session.unacked.front().to <= q) {
        session.unackedBytes -= session.unacked.front().bytes;
        session.unacked.erase(session.unacked.begin());
    }
    if (waited && hasCredit(session))
        serve(session);
}

// One timer a session, moved on lazily: it looks at the oldest frame when it fires.
void SessionFeed::watchAcks(Session &session, base::Duration delay)
{
    session.ackTimer = m_tasks.after(delay, [this, &session] {
        session.ackTimer = 0;
        if (session.unacked.empty())
            return;
        const auto waited = m_parts.clock.monotonic() - session.unacked.front().sentAt;
        if (waited >= m_settings.ackWithin)
            m_close(session, CloseCode::SlowConsumer, "no acknowledgement");
        else
            watchAcks(session, m_settings.ackWithin - waited);
    });
}

void SessionFeed::doom(Session &session, CloseCode code, const std::string &reason)
{
    m_doomed.emplace(&session, std::pair{code, reason});
}

void SessionFeed::closeDoomed()
{
    while (!m_doomed.empty()) {
        const auto [session, why] = *m_doomed.begin();
        m_doomed.erase(m_doomed.begin());
        m_close(*session, why.first, why.second);
    }
}

const std::map<SessionId, Session *> *SessionFeed::sessions(AccountNumber number) const
{
    const auto account = m_accounts.find(number);
    return account == m_accounts.end() ? nullptr : &account->second.sessions;
}

} // namespace server::sync
