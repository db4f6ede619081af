#pragma once

#include "server/sync/bulk_reader.h"
#include "server/sync/session_core.h"
#include "shared/protocol/mutation.h"
#include "tests/server_sync/world.h"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace tests {

/// The rules of docs/protocol.md for a client, as short as they can be said, without files, threads or
/// overlays: what the server sends must make such a client converge.
class ModelClient {
public:
    using Key = std::pair<std::string, std::string>; ///< kind and id
    struct Held {
        std::int64_t q = 0;
        std::string scope;
        std::string parent;
        std::int64_t sv = 0;
        std::int64_t sid = 0; ///< snapshot that confirmed it last
        base::Json value;
    };

    ModelClient(World &world, World::Person person) : m_world{world}, m_person{std::move(person)} {}

    void connect(server::sync::SessionCore &core, FakeSink &sink, server::sync::SessionId session);
    void disconnect();
    [[nodiscard]] bool connected() const { return m_core != nullptr; }

    /// Takes one frame; false when none waits. Notices when the server closed.
    bool takeFrame();
    /// Reads or applies one bulk answer; false when nothing is wanted.
    bool bulkStep();
    /// Queues a mutation and sends it when connected.
    void mutate(const std::string &op, const base::Json &args);
    void resendOutbox();

    [[nodiscard]] bool settled(std::int64_t head) const;
    [[nodiscard]] const std::map<Key, Held> &rows() const { return m_rows; }
    [[nodiscard]] std::int64_t cursor() const { return m_cursor; }
    [[nodiscard]] const World::Person &person() const { return m_person; }
    [[nodiscard]] const std::map<std::int64_t, protocol::Mutation> &outbox() const { return m_outbox; }
    [[nodiscard]] const std::set<base::Uuid> &accepted() const { return m_accepted; }
    /// The server went back in time: what it accepted since may be gone.
    void forgetAccepted() { m_accepted.clear(); }

    int resets = 0;
    std::string trouble; ///< the first rule the server broke

private:
    struct Scope {
        std::int64_t sid = 0;
        bool live = false;
        std::string token;
    };

    void take(const base::Json &frame);
    void takeDelta(const base::Json &frame);
    void takeScopes(const base::Json &frame);
    void takeReset(const base::Json &frame);
    void takeReceipts(const base::Json &frame);
    void upsert(const base::Json &row, const std::string &scope);
    void remove(const Key &key, std::int64_t q, const std::string *onlyIn);
    void moveChildren(const std::string &parent, const std::string &scope);
    void dropChildren(const std::string &parent, const std::string *onlyIn);
    void applyBulk(const base::Json &row, const std::string &scope, std::int64_t asOf);
    void takeBundle(const base::Json &frame);
    void takeWindow(const base::Json &frame);
    void send(const base::Json &frame);
    void fail(const std::string &what);

    World &m_world;
    World::Person m_person;
    server::sync::SessionCore *m_core = nullptr;
    FakeSink *m_sink = nullptr;
    server::sync::SessionId m_session = 0;

    std::int64_t m_epoch = 0;
    std::int64_t m_cursor = 0;
    std::int64_t m_resetAt =
        0; ///< where the last reset put the cursor: it may overtake receipts, a delta may not
    std::int64_t m_lastSid = 0;
    std::vector<std::string> m_list; ///< scopes by index
    std::map<std::string, Scope> m_scopes;
    std::map<Key, Held> m_rows;
    std::map<Key, std::int64_t> m_tombs;
    std::map<std::string, std::int64_t> m_windows; ///< wanted, as of this number or later
    std::optional<base::Json> m_answer;            ///< a bulk answer on its way

    std::int64_t m_lastN = 0;
    std::map<std::int64_t, protocol::Mutation> m_outbox;
    std::set<base::Uuid> m_accepted;
};

} // namespace tests
