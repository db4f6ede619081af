#pragma once

#include "client/storage/cache_store.h"
#include "client/storage/outbox_store.h"
#include "shared/base/json_fwd.h"
#include "shared/protocol/mutation.h"

#include <map>
#include <optional>
#include <set>
#include <string>

namespace tests {

class SimClient;

/// Holds one client to the invariants of sync-protocol 23 while it lives, not only when all is over: what it
/// was sent, what it did with it, and what its files say after each thing that happened to it.
class ClientWatch {
public:
    explicit ClientWatch(SimClient &client) : m_client{client} {}

    void sent(const std::string &frame, std::uint64_t link);
    void received(const std::string &frame);
    /// Somebody does something.
    void acts() { m_dirty = true; }
    void started();
    void stopped();
    /// An older copy of the machine's disk was put back.
    void rewound();
    /// Something happened to the client: is everything as it must be?
    void look();
    /// I20: nobody waits for a verdict longer than the watchdog lets them.
    void lookAtWaiting();

private:
    struct Known {
        std::int64_t n = 0;
        std::string op;
        std::string args;
        client::storage::IntentState state = client::storage::IntentState::Queued;
    };
    struct Step { ///< where the cursor may go from where it is
        std::int64_t epoch = 0;
        std::int64_t q = 0;
        bool forgets = false; ///< every revision begins anew
    };

    void fail(const std::string &what);
    void lookAtCursor();
    void lookAtIntents();
    void lookAtRows();
    void lookAtShadows();
    void decided(const client::storage::Intent &intent);
    void gone(const base::Uuid &mid, const Known &known);
    bool hasNewer(const Known &known);
    void ownChangeIsShown(const base::Uuid &mid, const Known &known);

    SimClient &m_client;
    std::optional<Step> m_at;   ///< epoch and cursor as last seen
    std::optional<Step> m_next; ///< where a frame that is being applied leads
    std::map<base::Uuid, Known> m_known;
    std::map<base::Uuid, std::string> m_bytes; ///< of each intent that was sent
    std::map<client::storage::EntityKey, std::int64_t> m_revisions;
    std::set<client::storage::EntityKey> m_touched; ///< named by the frame that is being applied
    std::map<std::int64_t, base::Duration> m_waiting;
    std::uint64_t m_link = 0;
    unsigned m_looks = 0;
    bool m_running = false;
    bool m_dirty = false;
};

} // namespace tests
