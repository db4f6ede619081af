#include "server/transport/sync_routes.h"

#include "server/ports/answers.h"
#include "server/sync/bulk_reader.h"
#include "server/sync/journal.h"
#include "shared/base/json.h"
#include "shared/base/text.h"
#include "shared/protocol/container.h"
#include "shared/protocol/limits.h"

#include <algorithm>
#include <map>
#include <mutex>

namespace server::transport {

namespace {

using base::ErrorCode;
using ports::HttpRequest;
using ports::HttpResponse;

constexpr std::size_t maxAnswerBytes = 4 << 20;
constexpr std::chrono::seconds maxAnswerTime{2};
// Half of the HTTP workers: somebody's first sync never stops the rest; and no account takes them all.
constexpr int maxSnapshots = 4;
constexpr int maxSnapshotsOfAccount = 2;
constexpr std::int64_t maxWindow = 200;
constexpr std::chrono::seconds shortWait{1};

/// The value, or `otherwise` when the parameter is absent. Fails with Invalid for anything but a number from
/// 0.
base::Result<std::int64_t> numberParam(const HttpRequest &request, std::string_view name,
                                       std::int64_t otherwise)
{
    const auto text = request.queryValue(name);
    if (text.empty())
        return otherwise;
    const auto value = base::wholeNumber(text);
    if (!value || *value < 0)
        return base::Error{ErrorCode::Invalid, std::string{name}};
    return *value;
}

protocol::Codec codecOf(const HttpRequest &request)
{
    std::vector<int> offered;
    auto rest = request.headers.get("X-Codecs");
    while (!rest.empty()) {
        const auto comma = std::min(rest.find(','), rest.size());
        auto item = rest.substr(0, comma);
        while (!item.empty() && item.front() == ' ')
            item.remove_prefix(1);
        if (const auto codec = base::wholeNumber(item); codec && *codec >= 0 && *codec <= 255)
            offered.push_back(static_cast<int>(*codec));
        rest.remove_prefix(std::min(rest.size(), comma + 1));
    }
    return protocol::choose(offered);
}

HttpResponse refuse(const base::Error &error)
{
    if (error.code == ErrorCode::Busy)
        return ports::tooBusy(shortWait);
    if (error.code == ErrorCode::Invalid)
        return ports::refusal(400, base::toText(error.code), "The request is not valid: " + error.detail);
    return ports::refusal(error);
}

HttpResponse bundles()
{
    HttpResponse answer;
    answer.headers.set("Content-Type", "application/x-deskbell-bundles");
    answer.headers.set("Cache-Control", "no-store");
    return answer;
}

/// Who asks and what they see, in the snapshot that answers.
struct Reader {
    sync::Principal principal;
    std::vector<std::string> scopes;

    [[nodiscard]] bool sees(const std::string &scope) const
    {
        return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
    }
};

base::Result<Reader> admit(sync::Directory &directory, storage::Transaction &tx, std::string_view token)
{
    auto principal = directory.authenticate(tx, token);
    if (!principal)
        return principal.error();
    Reader reader{*std::move(principal), {}};
    reader.scopes = directory.scopes(tx, reader.principal);
    return reader;
}

/// Who may read a snapshot now. Any thread.
class SnapshotSlots {
public:
    bool take(sync::AccountNumber account)
    {
        const std::lock_guard lock{m_mutex};
        auto &own = m_accounts[account];
        const bool free = m_all < maxSnapshots && own < maxSnapshotsOfAccount;
        own += free;
        m_all += free;
        return free;
    }
    void give(sync::AccountNumber account)
    {
        const std::lock_guard lock{m_mutex};
        --m_all;
        if (const auto own = m_accounts.find(account); --own->second == 0)
            m_accounts.erase(own);
    }

private:
    std::mutex m_mutex; // guards all below
    std::map<sync::AccountNumber, int> m_accounts;
    int m_all = 0;
};

/// One answer of /sync/v1/snap while it is written: a bundle a piece, each from a snapshot of its own and
/// checked there.
class Snapshot {
public:
    /// The slot was taken for the account, and is given back with this.
    Snapshot(const SyncRouteParts &parts, std::shared_ptr<SnapshotSlots> slots, sync::AccountNumber account)
        : m_parts{parts}
        , m_slots{std::move(slots)}
        , m_account{account}
        , m_until{parts.clock.monotonic() + maxAnswerTime}
    {
    }
    ~Snapshot() { m_slots->give(m_account); }
    Snapshot(const Snapshot &) = delete;
    Snapshot &operator=(const Snapshot &) = delete;

    std::string access;
    std::string scope;
    std::int64_t sid = 0;
    std::string token;
    std::int64_t atLeast = 0;
    sync::Keeping keeping;
    std::optional<std::uint8_t> bucket; ///< only this one of the digest, in one piece
    protocol::Codec codec = protocol::Codec::Raw;

    /// Reads the next bundle. Fails with what the caller is told when it is the first.
    base::Status advance();
    /// Hands over what was read and reads on; false with the last.
    bool take(std::string &piece);

private:
    base::Result<sync::BulkReader::Bundle> read(storage::Transaction &tx) const;

    const SyncRouteParts &m_parts;
    std::shared_ptr<SnapshotSlots> m_slots;
    sync::AccountNumber m_account;
    base::Duration m_until;
    std::string m_ready;
    std::size_t m_bytes = 0;
    bool m_last = false;
};

base::Result<sync::BulkReader::Bundle> Snapshot::read(storage::Transaction &tx) const
{
    const auto reader = admit(m_parts.directory, tx, access);
    if (!reader)
        return reader.error();
    if (!reader->sees(scope))
        return base::Error{ErrorCode::NotVisible, {}};
    const auto account = reader->principal.account;
    if (sync::readHead(tx, account).head < atLeast)
        return base::Error{ErrorCode::Busy, {}};
    const sync::BulkReader bulk{m_parts.entities};
    if (bucket)
        return sync::BulkReader::Bundle{bulk.bucket(tx, account, scope, *bucket), {}, true};
    return bulk.bundle(tx, account, scope, sid, token, keeping);
}

base::Status Snapshot::advance()
{
    base::Result<sync::BulkReader::Bundle> bundle = base::Error{};
    m_parts.database.read([&](storage::Transaction &tx) { bundle = read(tx); });
    if (!bundle)
        return bundle.error();
    const auto before = m_ready.size();
    protocol::appendEnvelope(m_ready, protocol::pack(bundle->frame, codec));
    m_bytes += m_ready.size() - before;
    token = bundle->token;
    m_last = bundle->last;
    return base::Done{};
}

bool Snapshot::take(std::string &piece)
{
    piece += m_ready;
    m_ready.clear();
    if (m_last || m_bytes >= maxAnswerBytes || m_parts.clock.monotonic() >= m_until)
        return false;
    return static_cast<bool>(advance()); // cut short by a refusal: the client asks again and is told
}

/// Absent: everything is kept. Fails with Invalid.
base::Result<sync::Keeping> keepingOf(const HttpRequest &request)
{
    const auto hot = numberParam(request, "hot", -1);
    const auto recent = numberParam(request, "recent", -1);
    if (!hot || !recent)
        return (hot ? recent : hot).error();
    sync::Keeping keeping;
    if (*hot >= 0)
        keeping.hotSince = base::fromMs(*hot);
    if (*recent >= 0)
        keeping.recentSince = base::fromMs(*recent);
    return keeping;
}

HttpResponse snap(const SyncRouteParts &parts, const std::shared_ptr<SnapshotSlots> &slots,
                  const HttpRequest &request)
{
    const auto sid = numberParam(request, "sid", 0);
    const auto min = numberParam(request, "min", 0);
    const auto bucket = numberParam(request, "bucket", -1);
    const auto keeping = keepingOf(request);
    if (!sid || !min || !bucket || *bucket > 255)
        return refuse({ErrorCode::Invalid, "snap"});
    if (!keeping)
        return refuse(keeping.error());
    base::Result<Reader> reader = base::Error{};
    parts.database.read(
        [&](storage::Transaction &tx) { reader = admit(parts.directory, tx, ports::bearerToken(request)); });
    if (!reader)
        return refuse(reader.error());
    const auto account = reader->principal.account;
    if (!slots->take(account))
        return ports::tooBusy(shortWait);
    const auto snapshot = std::make_shared<Snapshot>(parts, slots, account);
    snapshot->access = ports::bearerToken(request);
    snapshot->scope = request.queryValue("scope");
    snapshot->sid = *sid;
    snapshot->token = request.queryValue("tok");
    snapshot->atLeast = *min;
    snapshot->keeping = *keeping;
    if (*bucket >= 0)
        snapshot->bucket = static_cast<std::uint8_t>(*bucket);
    snapshot->codec = codecOf(request);
    if (const auto first = snapshot->advance(); !first)
        return refuse(first.error());
    auto answer = bundles();
    answer.chunks = [snapshot](std::string &piece) { return snapshot->take(piece); };
    return answer;
}

HttpResponse window(const SyncRouteParts &parts, const HttpRequest &request)
{
    const auto conversation = base::Uuid::parse(request.queryValue("conv"));
    const auto before = numberParam(request, "before", 0);
    const auto limit = numberParam(request, "limit", before && *before > 0 ? protocol::windowMessages : 0);
    const auto min = numberParam(request, "min", 0);
    const auto keeping = keepingOf(request);
    if (!conversation || !before || !limit || !min || !keeping)
        return refuse({ErrorCode::Invalid, "window"});
    base::Result<std::string> frame = base::Error{};
    parts.database.read([&](storage::Transaction &tx) {
        const auto reader = admit(parts.directory, tx, ports::bearerToken(request));
        if (!reader)
            frame = reader.error();
        else if (sync::readHead(tx, reader->principal.account).head < *min)
            frame = base::Error{ErrorCode::Busy, {}};
        else
            frame = sync::BulkReader{parts.entities}.window(
                tx, reader->principal.account, reader->scopes, *conversation, *before,
                static_cast<std::size_t>(std::min(*limit, maxWindow)), {{}, keeping->recentSince});
    });
    if (!frame)
        return refuse(frame.error());
    auto answer = bundles();
    protocol::appendEnvelope(answer.body, protocol::pack(*frame, codecOf(request)));
    return answer;
}

HttpResponse digest(const SyncRouteParts &parts, const HttpRequest &request)
{
    const std::string scope{request.queryValue("scope")};
    const auto held = sync::heldFromText(request.queryValue("w"));
    if (!held)
        return refuse({ErrorCode::Invalid, "w"});
    const bool heads = request.queryValue("of") == "heads";
    base::Result<std::string> text = base::Error{};
    parts.database.read([&](storage::Transaction &tx) {
        const auto reader = admit(parts.directory, tx, ports::bearerToken(request));
        if (!reader)
            text = reader.error();
        else if (!reader->sees(scope))
            text = base::Error{ErrorCode::NotVisible, {}};
        else if (!held->empty())
            text =
                sync::BulkReader{parts.entities}.windowDigests(tx, reader->principal.account, scope, *held);
        else
            text = sync::BulkReader::digest(tx, reader->principal.account, scope, heads);
    });
    return text ? HttpResponse::json(200, *text) : refuse(text.error());
}

} // namespace

void addSyncRoutes(ports::Router &router, const SyncRouteParts &parts)
{
    const auto shared = std::make_shared<const SyncRouteParts>(parts);
    const auto slots = std::make_shared<SnapshotSlots>();
    router.add({"GET", "/sync/v1/snap",
                [shared, slots](HttpRequest &request) { return snap(*shared, slots, request); }});
    router.add(
        {"GET", "/sync/v1/window", [shared](HttpRequest &request) { return window(*shared, request); }});
    router.add(
        {"GET", "/sync/v1/digest", [shared](HttpRequest &request) { return digest(*shared, request); }});
    router.add(
        {"GET", "/sync/v1/health", [shared](HttpRequest &) {
             return ports::jsonAnswer({{"version", shared->version}, {"proto", {1, protocol::version}}});
         }});
}

} // namespace server::transport
