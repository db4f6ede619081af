#include "client/sync/auditor.h"

#include "shared/base/json.h"
#include "shared/protocol/limits.h"

namespace client::sync {

namespace {

constexpr base::Duration pause{50};

std::string escapedScope(const std::string &scope)
{
    std::string out;
    for (const char c : scope)
        out += c == ':' ? std::string{"%3A"} : std::string{c};
    return out;
}

std::string hexOf(std::uint64_t value)
{
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string text(16, '0');
    for (std::size_t i = 0; i < 16; ++i)
        text[15 - i] = digits[value >> (4 * i) & 15];
    return text;
}

std::vector<std::string> textsOf(const base::Json &list)
{
    std::vector<std::string> all;
    for (const auto &item : list)
        all.push_back(item.is_string() ? item.get<std::string>() : std::string{});
    return all;
}

} // namespace

Auditor::~Auditor()
{
    m_ports.scheduler.cancel(m_timer);
    m_ports.bulk.cancel(m_request);
}

void Auditor::start(bool repair, base::Duration patience, Answer answer)
{
    m_repair = repair;
    m_until = m_ports.clock.monotonic() + patience;
    m_answer = std::move(answer);
    guarded([this] { step(); });
}

void Auditor::later()
{
    m_timer = m_ports.scheduler.after(pause, [this] {
        m_timer = 0;
        guarded([this] { step(); });
    });
}

// An audit reads everything: it is the first to meet a page that cannot be read.
void Auditor::guarded(const std::function<void()> &work)
{
    if (!m_ports.engine.guarded(work))
        finish(base::Error{base::ErrorCode::Storage, "the cache cannot be read"});
}

void Auditor::finish(const base::Result<AuditResult> &result)
{
    if (const auto answer = std::exchange(m_answer, {}))
        answer(result);
}

void Auditor::note(std::string what)
{
    constexpr std::size_t mostNamed = 1000;
    if (m_result.differing.size() < mostNamed)
        m_result.differing.push_back(std::move(what));
}

void Auditor::step()
{
    if (m_ports.clock.monotonic() > m_until)
        return finish(base::Error{base::ErrorCode::Network, "not in step with the server in time"});
    if (!m_ports.engine.isSettled())
        return later();
    if (!std::exchange(m_begun, true))
        for (const auto &[key, state] : m_ports.cache.scopes()) {
            if (key.starts_with("i:"))
                m_parts.push_back({key, true, {}});
            m_parts.push_back({key, false, {}}); // first: rows that come back bring windows with them
        }
    const auto isLost = [this](const std::string &scope) { return !m_ports.cache.scopes().contains(scope); };
    std::erase_if(m_parts, [&](const Part &part) { return isLost(part.scope); });
    std::erase_if(m_buckets, [&](const auto &bucket) { return isLost(bucket.first); });
    if (!m_buckets.empty())
        return askBucket();
    if (m_parts.empty())
        return finish(m_result);
    const auto part = m_parts.back();
    part.windows ? askWindows(part) : askHeads(part);
}

void Auditor::get(const std::string &target, bool plain, const std::function<void(const std::string &)> &take)
{
    auto text = std::make_shared<std::string>();
    BulkEvents events;
    events.part = [text](const std::string &part) { *text += part; };
    events.done = [this, text, take](const BulkEnd &end) {
        m_request = 0;
        if (end.status == 200)
            return guarded([&] { take(*text); });
        if (end.status == 401)
            m_ports.engine.accessRefused();
        later();
    };
    m_request = m_ports.bulk.get(target, m_ports.engine.access(), plain, std::move(events));
}

// Both sides speak of the same state, and nothing of it is only here.
bool Auditor::isInStep(const base::Json &answer) const
{
    return base::integerField(answer, "head") == m_ports.engine.replica().cursor() &&
           m_ports.engine.isSettled();
}

void Auditor::askHeads(const Part &part)
{
    get("/sync/v1/digest?of=heads&scope=" + escapedScope(part.scope), true,
        [this, part](const std::string &text) { compareHeads(part, text); });
}

void Auditor::compareHeads(const Part &part, const std::string &text)
{
    const auto json = base::parseJson(text);
    const auto theirs = json ? digestFromHex(textsOf(base::member(*json, "b"))) : std::nullopt;
    if (!theirs)
        return finish(base::Error{base::ErrorCode::Protocol, "digest of " + part.scope});
    if (!isInStep(*json))
        return later();
    const auto ours = digestOfHeads(m_ports.cache, part.scope);
    for (std::size_t i = 0; i < ours.size(); ++i)
        if (ours[i] != (*theirs)[i]) {
            note(part.scope + " bucket " + std::to_string(i));
            if (m_repair)
                m_buckets.emplace_back(part.scope, static_cast<int>(i));
        }
    m_parts.pop_back();
    step();
}

void Auditor::askBucket()
{
    const auto [scope, bucket] = m_buckets.back();
    get("/sync/v1/snap?scope=" + escapedScope(scope) + "&bucket=" + std::to_string(bucket) +
            "&min=" + std::to_string(m_ports.engine.replica().cursor()),
        false, [this, scope = scope](const std::string &text) {
            m_buckets.pop_back();
            const auto json = base::parseJson(text, {protocol::maxFrameBytes, 32});
            if (!json)
                return finish(json.error());
            if (m_ports.cache.scopes().contains(scope)) { // else it was lost while one asked
                m_ports.engine.apply([&json](Replica &replica) { return replica.bucket(*json); });
                ++m_result.repaired;
            }
            later();
        });
}

// Conversations whose messages are held, each with the first of them.
Auditor::Windows Auditor::windowsOf(const Part &part)
{
    Windows windows;
    m_ports.cache.connection().each(
        "SELECT id, lo FROM conversation WHERE scope = ? AND id > ? AND lo IS NOT NULL AND pending = 0"
        " ORDER BY id LIMIT ?",
        {storage::sqlValue(part.scope), storage::sqlValue(part.after),
         storage::sqlValue(static_cast<std::int64_t>(protocol::maxWindowsAsked))},
        [&](const storage::RowView &row) {
            windows.ids.push_back(row.uuid(0));
            windows.text += (windows.text.empty() ? "" : ",") + row.uuid(0).text() + "." +
                            std::to_string(std::max<std::int64_t>(1, row.integer(1)));
        });
    return windows;
}

void Auditor::askWindows(const Part &part)
{
    const auto asked = windowsOf(part);
    if (asked.ids.empty()) {
        m_parts.pop_back();
        return later();
    }
    get("/sync/v1/digest?scope=" + escapedScope(part.scope) + "&w=" + asked.text, true,
        [this, part, asked](const std::string &text) { compareWindows(part, asked, text); });
}

void Auditor::compareWindows(const Part &part, const Windows &windows, const std::string &text)
{
    const auto &asked = windows.ids;
    const auto json = base::parseJson(text);
    const auto theirs = json ? textsOf(base::member(*json, "w")) : std::vector<std::string>{};
    if (theirs.size() != asked.size())
        return finish(base::Error{base::ErrorCode::Protocol, "digest of " + part.scope});
    // A conversation may have gone since, or hold more or fewer of its messages than were asked about.
    if (!isInStep(*json) || windowsOf(part).text != windows.text)
        return later();
    std::vector<base::Uuid> wrong;
    for (std::size_t i = 0; i < asked.size(); ++i)
        if (hexOf(digestOfWindow(m_ports.cache, asked[i])) != theirs[i]) {
            note("messages of " + asked[i].text());
            wrong.push_back(asked[i]);
        }
    if (m_repair && !wrong.empty()) {
        m_ports.engine.apply([&wrong](Replica &replica) -> base::Status {
            for (const auto &id : wrong)
                replica.distrustWindow(id);
            return base::Done{};
        });
        m_result.repaired += static_cast<std::int64_t>(wrong.size());
    }
    m_parts.back().after = asked.back();
    later();
}

} // namespace client::sync
