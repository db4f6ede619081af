#include "client/sync/verifier.h"

#include "client/sync/digest.h"
#include "shared/base/json.h"

namespace client::sync {

namespace {

constexpr base::Duration pause{50};
constexpr int conversationsAtOnce = 8;

std::string escapedScope(const std::string &scope)
{
    std::string out;
    for (const char c : scope)
        out += c == ':' ? std::string{"%3A"} : std::string{c};
    return out;
}

} // namespace

Verifier::Verifier(Engine &engine, storage::CacheStore &cache, Bulk &bulk, base::Scheduler &scheduler,
                   const base::Clock &clock)
    : m_engine{engine}
    , m_cache{cache}
    , m_bulk{bulk}
    , m_scheduler{scheduler}
    , m_clock{clock}
{
}

Verifier::~Verifier()
{
    m_scheduler.cancel(m_timer);
    m_bulk.cancel(m_request);
}

void Verifier::start(base::Duration patience, Answer answer)
{
    m_until = m_clock.monotonic() + patience;
    m_answer = std::move(answer);
    guarded([this] { step(); });
}

void Verifier::later()
{
    m_begun = false;
    m_timer = m_scheduler.after(pause, [this] {
        m_timer = 0;
        guarded([this] { step(); });
    });
}

// It reads everything: it may be the first to meet a page that cannot be read.
void Verifier::guarded(const std::function<void()> &work)
{
    if (!m_engine.guarded(work))
        finish(base::Error{base::ErrorCode::Storage, "the cache cannot be read"});
}

void Verifier::finish(const base::Result<std::vector<std::string>> &result)
{
    const auto answer = std::exchange(m_answer, {});
    if (answer)
        answer(result);
}

// The server's digest covers every message; the cache may hold the newest only.
bool Verifier::historyIsHere()
{
    std::vector<domain::ConversationId> missing;
    m_cache.connection().each(
        "SELECT id FROM conversation WHERE last_n > 0 AND (lo IS NULL OR lo > 1) LIMIT ?",
        {conversationsAtOnce}, [&missing](const storage::RowView &row) { missing.push_back({row.uuid(0)}); });
    for (const auto &id : missing)
        if (m_cache.lowestMessage(id.value))
            m_engine.loadOlder(id);
        else
            m_engine.focus({id});
    return missing.empty();
}

void Verifier::step()
{
    if (m_clock.monotonic() > m_until)
        return finish(base::Error{base::ErrorCode::Network, "not in step with the server in time"});
    if (!m_begun) {
        if (m_engine.state().kind != ConnectionState::Kind::Live || !historyIsHere() || !m_engine.isSettled())
            return later();
        m_begun = true;
        m_left.clear();
        m_differing.clear();
        for (const auto &[key, state] : m_cache.scopes())
            m_left.push_back(key);
    }
    if (m_left.empty())
        return finish(m_differing);
    ask();
}

void Verifier::ask()
{
    BulkEvents events;
    auto text = std::make_shared<std::string>();
    events.part = [text](const std::string &part) { *text += part; };
    events.done = [this, text](const BulkEnd &end) {
        m_request = 0;
        if (end.status == 200)
            return guarded([&] { compare(*text); });
        if (end.status == 401)
            m_engine.accessRefused();
        later();
    };
    m_request = m_bulk.get("/sync/v1/digest?scope=" + escapedScope(m_left.back()), m_engine.access(), true,
                           std::move(events));
}

void Verifier::compare(const std::string &text)
{
    const auto scope = m_left.back();
    const auto json = base::parseJson(text);
    std::vector<std::string> hex;
    if (json)
        for (const auto &bucket : base::member(*json, "b"))
            hex.push_back(bucket.is_string() ? bucket.get<std::string>() : std::string{});
    const auto theirs = digestFromHex(hex);
    if (!theirs)
        return finish(base::Error{base::ErrorCode::Protocol, "digest of " + scope});
    if (base::integerField(*json, "head") != m_engine.replica().cursor())
        return later(); // something changed meanwhile
    for (auto &difference : differences(m_cache, scope, digestOf(m_cache, scope), *theirs))
        m_differing.push_back(std::move(difference));
    m_left.pop_back();
    step();
}

} // namespace client::sync
