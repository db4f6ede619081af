#pragma once

#include "server/sync/core_tasks.h"
#include "server/sync/session.h"
#include "server/sync/session_parts.h"
#include "server/sync/shared_pages.h"

#include <functional>
#include <map>

namespace server::sync {

/// Brings sessions up to date: decides when an account is read, reads pages while there is credit, and keeps
/// the order of receipts and deltas. Part of SessionCore.
class SessionFeed {
public:
    /// Ends a session; `session` is not valid afterwards.
    using Close = std::function<void(Session &session, protocol::CloseCode code, const std::string &reason)>;

    SessionFeed(const SessionParts &parts, const SessionSettings &settings, const CoreTasks &tasks,
                Close close);

    /// From hello on. `head` is the account's head in the snapshot of its hello.
    void add(Session &session, std::int64_t head);
    void remove(Session &session);
    /// A commit is durable and all its receipts have been handed over.
    void committed(AccountNumber account, std::int64_t head);
    /// Sends the session what it may have now.
    void serve(Session &session);
    /// The same within the snapshot of its hello, up to that snapshot's head.
    void serveFirst(storage::Transaction &tx, Session &session);
    /// Why the session must begin again, and where, as its cursor stands in this snapshot.
    Page look(storage::Transaction &tx, const Session &session, const std::vector<std::string> &scopes);
    /// Everybody's epoch may have changed.
    void serveAll();
    void sendReset(Session &session, const Head &head, ResetReason reason);
    void sendReceipts(Session &session);
    void acknowledged(Session &session, std::int64_t q);
    /// Rows after the cursor, for the progress bar.
    std::int64_t left(storage::Transaction &tx, const Session &session,
                      const std::vector<std::string> &scopes, std::int64_t head);

    [[nodiscard]] const std::map<SessionId, Session *> *sessions(AccountNumber account) const;

private:
    struct Account {
        std::map<SessionId, Session *> sessions;
        std::int64_t announced = 0; ///< newest commit whose receipts have all been handed over
        base::Duration servedAt{};
        bool planned = false; ///< serving is due
        bool emptied = false; ///< moving cursors without rows is due
    };

    void plan(AccountNumber number, Account &account);
    void serveAccount(AccountNumber number, bool mayBeEmpty);
    void fill(storage::Transaction &tx, SharedPages &pages, Session &session, std::int64_t upTo,
              bool mayBeEmpty);
    void tellScopes(storage::Transaction &tx, Session &session);
    void planEmpty(AccountNumber number, Account &account);
    bool stillAllowed(storage::Transaction &tx, Session &session);
    void doom(Session &session, protocol::CloseCode code, const std::string &reason);
    void reading(const std::vector<Session *> &sessions,
                 const std::function<void(storage::Transaction &)> &work);
    void sendDelta(Session &session, const SharedPage &shared);
    void watchAcks(Session &session, base::Duration delay);
    void closeDoomed();

    const SessionParts &m_parts;
    const SessionSettings &m_settings;
    const CoreTasks &m_tasks;
    Close m_close;
    PageReader m_pages;
    std::map<AccountNumber, Account> m_accounts;
    std::map<Session *, std::pair<protocol::CloseCode, std::string>>
        m_doomed; ///< closed when no loop holds them
};

} // namespace server::sync
