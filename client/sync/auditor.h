#pragma once

#include "client/sync/digest.h"
#include "client/sync/engine.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace client::sync {

/// What an audit found.
struct AuditResult {
    std::vector<std::string> differing; ///< "contact 0198…", "messages of 0198…", "i:0191… bucket 17"
    std::int64_t repaired = 0;          ///< buckets and windows that were read again
};

/// Compares what is held with what the server says, part by part, and reads again what differs
/// (docs/protocol.md A.5, sync-protocol 6.6). Fetches nothing that is not held. Waits until nothing is
/// pending; a part during which something changed is compared again. One use. Destroying it ends it without
/// an answer.
class Auditor {
public:
    using Answer = std::function<void(const base::Result<AuditResult> &)>;

    struct Ports {
        Engine &engine;
        storage::CacheStore &cache;
        Bulk &bulk;
        base::Scheduler &scheduler;
        const base::Clock &clock;
    };

    explicit Auditor(Ports ports) : m_ports{ports} {}
    ~Auditor();
    Auditor(const Auditor &) = delete;
    Auditor &operator=(const Auditor &) = delete;

    /// Fails with Network when it does not come to an end within `patience`.
    void start(bool repair, base::Duration patience, Answer answer);

private:
    struct Part {
        std::string scope;
        bool windows = false;
        base::Uuid after; ///< windows: conversations behind this one
    };
    struct Windows {
        std::vector<base::Uuid> ids;
        std::string text; ///< as they are asked for
    };

    void step();
    void later();
    void guarded(const std::function<void()> &work);
    void finish(const base::Result<AuditResult> &result);
    void get(const std::string &target, bool plain, const std::function<void(const std::string &)> &take);
    void askHeads(const Part &part);
    void askWindows(const Part &part);
    void askBucket();
    bool isInStep(const base::Json &answer) const;
    void compareHeads(const Part &part, const std::string &text);
    Windows windowsOf(const Part &part);
    void compareWindows(const Part &part, const Windows &windows, const std::string &text);
    void note(std::string what);

    Ports m_ports;
    bool m_repair = false;
    base::Duration m_until{};
    Answer m_answer;
    base::TimerId m_timer = 0;
    BulkId m_request = 0;
    bool m_begun = false;
    std::vector<Part> m_parts;                          ///< the next one last
    std::vector<std::pair<std::string, int>> m_buckets; ///< to be read again
    AuditResult m_result;
};

} // namespace client::sync
