#pragma once

#include "client/sync/engine.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace client::sync {

/// Compares the whole cache with the server (docs/protocol.md A.5, digest): fetches every message that is not
/// held yet, waits until nothing moves, and asks scope by scope. One use. Destroying it ends it without an
/// answer.
class Verifier {
public:
    using Answer = std::function<void(const base::Result<std::vector<std::string>> &)>;

    Verifier(Engine &engine, storage::CacheStore &cache, Bulk &bulk, base::Scheduler &scheduler,
             const base::Clock &clock);
    ~Verifier();
    void start(base::Duration patience, Answer answer);

private:
    void guarded(const std::function<void()> &work);
    void step();
    bool historyIsHere();
    void ask();
    void compare(const std::string &text);
    void finish(const base::Result<std::vector<std::string>> &result);
    void later();

    Engine &m_engine;
    storage::CacheStore &m_cache;
    Bulk &m_bulk;
    base::Scheduler &m_scheduler;
    const base::Clock &m_clock;
    base::Duration m_until{};
    Answer m_answer;
    base::TimerId m_timer = 0;
    BulkId m_request = 0;
    std::vector<std::string> m_left;
    std::vector<std::string> m_differing;
    bool m_begun = false;
};

} // namespace client::sync
