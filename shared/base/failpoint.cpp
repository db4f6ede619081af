#include "shared/base/failpoint.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <set>
#include <string>

namespace base {

namespace {

thread_local const FailpointScope::Visit *visitor = nullptr;

#ifdef DESKBELL_FAILPOINTS

/// What a visitor does is not visited.
struct Silence {
    Silence() { visitor = nullptr; }
    ~Silence() { visitor = visit; }
    Silence(const Silence &) = delete;
    Silence &operator=(const Silence &) = delete;
    const FailpointScope::Visit *visit = visitor;
};

/// What the environment asks for; read once.
class Orders {
public:
    Orders()
    {
        const auto *kill = std::getenv("FAILPOINT");
        const auto *log = std::getenv("FAILPOINT_LOG");
        m_log = log ? log : "";
        m_name = kill ? kill : "";
        if (const auto colon = m_name.find(':'); colon != std::string::npos) {
            m_left = std::atoi(m_name.c_str() + colon + 1);
            m_name.resize(colon);
        }
    }
    [[nodiscard]] bool none() const { return m_name.empty() && m_log.empty(); }

    void visit(const char *name)
    {
        const std::lock_guard lock{m_mutex};
        if (!m_log.empty() && m_seen.insert(name).second)
            if (auto *file = std::fopen(m_log.c_str(), "a")) {
                std::fprintf(file, "%s\n", name);
                std::fclose(file);
            }
        if (m_name == name && --m_left <= 0)
            std::raise(SIGKILL);
    }

private:
    std::mutex m_mutex;
    std::string m_name;
    std::string m_log;
    int m_left = 1;
    std::set<std::string> m_seen;
};

#endif

} // namespace

void failpoint([[maybe_unused]] const char *name)
{
#ifdef DESKBELL_FAILPOINTS
    if (visitor) {
        const Silence silence;
        (*silence.visit)(name);
        return;
    }
    static Orders orders;
    static const bool none = orders.none();
    if (!none)
        orders.visit(name);
#endif
}

FailpointScope::FailpointScope(Visit visit) : m_visit{std::move(visit)}, m_outer{visitor}
{
    visitor = &m_visit;
}

FailpointScope::~FailpointScope()
{
    visitor = m_outer;
}

} // namespace base
