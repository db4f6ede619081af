#include "tests/sim/world/sim_server.h"

#include "server/app/foundation.h"
#include "server/features/inboxes/access_service.h"
#include "server/sync/journal.h"
#include "server/sync/receipts.h"
#include "server/sync/session_frames.h"
#include "shared/base/failpoint.h"
#include "shared/base/json.h"
#include "shared/protocol/limits.h"

#include <algorithm>
#include <filesystem>

namespace tests {

namespace {

std::map<std::string, std::string> queryOf(const std::string &target)
{
    std::map<std::string, std::string> values;
    auto rest = target.substr(std::min(target.find('?'), target.size()));
    while (rest.size() > 1) {
        rest.erase(0, 1);
        const auto end = std::min(rest.find('&'), rest.size());
        const auto item = rest.substr(0, end);
        rest.erase(0, end);
        const auto equals = item.find('=');
        std::string value;
        for (auto at = equals + 1; at < item.size(); ++at)
            if (item[at] == '%') {
                value += static_cast<char>(std::stoi(item.substr(at + 1, 2), nullptr, 16));
                at += 2;
            } else {
                value += item[at];
            }
        values[item.substr(0, equals)] = value;
    }
    return values;
}

constexpr std::chrono::minutes tokenLife{15};

} // namespace

void SimDirectory::add(const std::string &token, const server::sync::Actor &actor)
{
    m_actors.insert_or_assign(token, Known{actor, m_clock.now() + tokenLife});
}

bool SimDirectory::knows(const std::string &token) const
{
    const auto found = m_actors.find(token);
    return found != m_actors.end() && found->second.until > m_clock.now();
}

base::Result<server::sync::Principal> SimDirectory::authenticate(server::storage::Transaction &,
                                                                 std::string_view token)
{
    const auto found = m_actors.find(token);
    if (found == m_actors.end() || found->second.until <= m_clock.now())
        return base::Error{base::ErrorCode::Unauthorized, {}};
    server::sync::Principal who;
    who.account = 1;
    who.actor = found->second.actor;
    who.expiresAt = found->second.until;
    return who;
}

std::vector<std::string> SimDirectory::scopes(server::storage::Transaction &tx,
                                              const server::sync::Principal &who)
{
    return server::inboxes::AccessService::scopesOf(tx, who.account, who.actor.number);
}

SimServer::SimServer(SimLoop &loop, std::uint64_t seed)
    : clock{loop}
    , desk{seed}
    , directory{clock}
    , watch{loop}
    , ids{loop.clock, loop.random}
    , m_loop{loop}
{
    registerMutations();
    makeExecutor();
    start();
}

SimServer::~SimServer()
{
    m_core.reset();
}

void SimServer::registerMutations()
{
    for (const auto &name : desk.mutations.names())
        m_mutations.add(name,
                        server::sync::MutationHandler{
                            [this, handler = *desk.mutations.find(name)](
                                server::sync::WriteContext &ctx, const protocol::Mutation &mutation,
                                const base::Json &args) -> base::Result<server::sync::Outcome> {
                                auto done = handler(ctx, mutation, args);
                                if (done)
                                    ctx.beforeCommit([this, actor = ctx.actor(), mutation](auto &, auto) {
                                        watch.executing(actor, mutation);
                                    });
                                return done;
                            }});
}

void SimServer::makeExecutor()
{
    desk.pipeline.reset();
    desk.devices.reset();
    desk.executor = server::sync::makeExecutor(*desk.database, desk.clock, desk.random);
    desk.devices.emplace(*desk.database, *desk.executor, desk.crypto, desk.clock);
    desk.pipeline.emplace(*desk.executor, desk.mutations, server::ports::Log{});
    desk.executor->onCommit([this](const server::sync::Committed &news) { committed(news); });
}

void SimServer::start()
{
    syncClock();
    m_loop.tell("server", "starts");
    m_scheduler = std::make_unique<NodeScheduler>(m_loop);
    m_core = std::make_unique<server::sync::SessionCore>(server::sync::SessionParts{
        *m_scheduler, clock, m_loop.random, *desk.database, *desk.executor, desk.entities, m_mutations,
        directory, ephemera, *this, server::ports::Log{}});
}

void SimServer::syncClock()
{
    desk.clock.advance(m_loop.clock.monotonic() - desk.clock.monotonic());
    desk.clock.setWall(base::toMs(clock.now()));
}

void SimServer::planBatch()
{
    if (std::exchange(m_planned, true))
        return;
    const auto wait =
        m_loop.chance(15) ? m_loop.below(6000) : m_loop.below(8); // now and then the disk is slow
    m_scheduler->after(base::Duration{wait}, [this] {
        m_planned = false;
        run([this] {
            syncClock();
            desk.executor->runBatch();
        });
    });
}

void SimServer::run(const std::function<void()> &work)
{
    watch.batchBegins();
    const base::FailpointScope scope{[this](const char *point) {
        const std::string name{point};
        if (m_crashIn > 0 && name == m_crashPoint && --m_crashIn == 0) {
            if (name != "server.commit.before")
                watch.committed();
            m_loop.tell("server", "crashes at " + name);
            throw SimCrash{};
        }
        if (name == "server.commit.before" && m_failures > 0) {
            --m_failures;
            watch.batchBegins();
            m_loop.tell("server", "cannot commit");
            throw server::storage::StorageError{m_failureCode, "no luck with the disk"};
        }
        if (name == "server.commit.after") {
            watch.committed();
            watch.batchBegins();
        }
    }};
    try {
        work();
    } catch (const SimCrash &) {
        crash();
    }
}

void SimServer::crashAt(const std::string &failpoint, int n)
{
    m_crashPoint = failpoint;
    m_crashIn = n;
}

void SimServer::failCommits(int n, int code)
{
    m_failures = n;
    m_failureCode = code;
}

void SimServer::crash()
{
    m_loop.tell("server", "is gone");
    m_crashIn = m_failures = 0;
    m_scheduler->kill();
    m_core.reset();
    m_scheduler->kill();
    m_planned = false;
    for (auto &[id, peer] : std::exchange(m_peers, {}))
        peer.peer.closed(0);
    desk.database->writer().rollBack();
    makeExecutor();
}

void SimServer::openDatabase()
{
    auto opened = server::storage::Database::open(desk.folder.path().toStdString(),
                                                  server::app::allMigrations(), {false});
    if (!opened)
        throw std::runtime_error{opened.error().detail};
    desk.database = std::move(*opened);
}

void SimServer::backUp(const std::string &folder)
{
    namespace fs = std::filesystem;
    for (const auto *name : {"deskbell.db", "deskbell.db-wal"})
        if (const auto file = fs::path{desk.folder.path().toStdString()} / name; fs::exists(file))
            fs::copy_file(file, fs::path{folder} / name, fs::copy_options::overwrite_existing);
}

void SimServer::restore(const std::string &folder)
{
    namespace fs = std::filesystem;
    m_loop.tell("server", "is restored from a backup");
    desk.pipeline.reset();
    desk.devices.reset();
    desk.executor.reset();
    desk.database.reset();
    const fs::path place{desk.folder.path().toStdString()};
    for (const auto *name : {"deskbell.db", "deskbell.db-wal", "deskbell.db-shm"}) {
        fs::remove(place / name);
        if (fs::exists(fs::path{folder} / name))
            fs::copy_file(fs::path{folder} / name, place / name);
    }
    openDatabase();
    auto &writer = desk.database->writer();
    writer.begin();
    server::sync::beginEpoch(writer.transaction(), m_loop.clock.now());
    writer.commit();
    makeExecutor();
    watch.restored();
    ++restores;
}

server::sync::SessionId SimServer::connect(SimPeer peer)
{
    const auto id = ++m_next;
    m_peers.emplace(id, Peer{std::move(peer), {}, {}, {}, {}});
    m_core->opened(id);
    return id;
}

void SimServer::receive(server::sync::SessionId session, const std::string &frame)
{
    const auto peer = m_peers.find(session);
    if (!m_core || peer == m_peers.end())
        return;
    lookAtReceived(peer->second, frame);
    m_core->received(session, refuseSome(session, frame));
    // Where sockets are broken frames travel in requests, and a request may come twice.
    if (frame.starts_with(R"({"k":"mut")") && m_loop.chance(busy) && m_peers.contains(session))
        m_core->received(session, frame);
    planBatch();
}

// Too busy for one of the mutations, whichever comes after it: takes it out and says so.
std::string SimServer::refuseSome(server::sync::SessionId session, const std::string &frame)
{
    if (busy == 0 || frame.find(R"("k":"mut")") == std::string::npos || !m_loop.chance(busy))
        return frame;
    auto json = base::Json::parse(frame);
    auto &items = json["i"];
    const auto at = static_cast<std::size_t>(m_loop.below(static_cast<std::int64_t>(items.size())));
    protocol::Receipt receipt;
    receipt.n = items[at]["n"].get<std::int64_t>();
    receipt.verdict = protocol::Verdict::Nack;
    receipt.code = base::ErrorCode::Busy;
    receipt.waitMs = 100;
    items.erase(at);
    send(session, server::sync::frames::receipts({receipt}), protocol::Codec::Raw);
    return base::toText(json);
}

void SimServer::disconnect(server::sync::SessionId session)
{
    if (m_peers.erase(session) > 0 && m_core)
        m_core->closed(session);
}

void SimServer::send(server::sync::SessionId session, const std::string &frame, protocol::Codec)
{
    const auto peer = m_peers.find(session);
    if (peer == m_peers.end())
        return;
    lookAtSent(peer->second, frame);
    peer->second.peer.frame(frame);
}

void SimServer::close(server::sync::SessionId session, protocol::CloseCode code, const std::string &reason)
{
    const auto peer = m_peers.find(session);
    if (peer == m_peers.end())
        return;
    if (m_loop.isTold())
        m_loop.tell("server", "closes " + peer->second.peer.name + ": " + reason);
    const auto closed = peer->second.peer.closed;
    m_peers.erase(peer);
    closed(static_cast<int>(code));
}

std::pair<int, std::vector<std::string>> SimServer::bulk(const std::string &target, const std::string &token)
{
    const auto query = queryOf(target);
    const auto number = [&query](const char *name) {
        const auto found = query.find(name);
        return found == query.end() || found->second.empty() ? 0LL : std::stoll(found->second);
    };
    std::pair<int, std::vector<std::string>> answer{200, {}};
    const server::sync::BulkReader reader{desk.entities};
    auto place = query.contains("tok") ? query.at("tok") : std::string{};
    for (auto more = true; more && answer.first == 200 && answer.second.size() < 2;) {
        more = false;
        desk.database->read([&](server::storage::Transaction &tx) {
            const auto who = directory.authenticate(tx, token);
            if (!who) {
                answer.first = 401;
                return;
            }
            const auto scopes = directory.scopes(tx, *who);
            if (server::sync::readHead(tx, 1).head < number("min")) {
                answer.first = 503;
                return;
            }
            server::sync::Keeping keeping;
            if (number("hot") > 0)
                keeping.hotSince = base::fromMs(number("hot"));
            if (number("recent") > 0)
                keeping.recentSince = base::fromMs(number("recent"));
            if (target.starts_with("/sync/v1/window")) {
                answer.second.push_back(
                    reader.window(tx, 1, scopes, *base::Uuid::parse(query.at("conv")), number("before"),
                                  static_cast<std::size_t>(number("limit")), {{}, keeping.recentSince}));
                return;
            }
            if (std::find(scopes.begin(), scopes.end(), query.at("scope")) == scopes.end()) {
                answer.first = 403;
                return;
            }
            if (query.contains("w")) {
                answer.second.push_back(reader.windowDigests(tx, 1, query.at("scope"),
                                                             *server::sync::heldFromText(query.at("w"))));
                return;
            }
            if (target.starts_with("/sync/v1/digest")) {
                answer.second.push_back(
                    server::sync::BulkReader::digest(tx, 1, query.at("scope"), query.contains("of")));
                return;
            }
            if (query.contains("bucket")) {
                answer.second.push_back(
                    reader.bucket(tx, 1, query.at("scope"), static_cast<std::uint8_t>(number("bucket"))));
                return;
            }
            const auto bundle = reader.bundle(tx, 1, query.at("scope"), number("sid"), place, keeping);
            if (!bundle) {
                answer.first = 400;
                return;
            }
            answer.second.push_back(bundle->frame);
            place = bundle->token;
            more = !bundle->last;
        });
    }
    return answer;
}

} // namespace tests
