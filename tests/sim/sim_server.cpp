#include "tests/sim/sim_server.h"

#include "server/features/inboxes/access_service.h"
#include "server/sync/journal.h"
#include "server/sync/session_frames.h"
#include "shared/base/json.h"

#include <algorithm>

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

} // namespace

base::Result<server::sync::Principal> SimDirectory::authenticate(server::storage::Transaction &,
                                                                 std::string_view token)
{
    const auto found = m_actors.find(token);
    if (found == m_actors.end())
        return base::Error{base::ErrorCode::Unauthorized, {}};
    server::sync::Principal who;
    who.account = 1;
    who.actor = found->second;
    who.expiresAt = base::fromMs(4'000'000'000'000);
    return who;
}

std::vector<std::string> SimDirectory::scopes(server::storage::Transaction &tx,
                                              const server::sync::Principal &who)
{
    return server::inboxes::AccessService::scopesOf(tx, who.account, who.actor.number);
}

SimServer::SimServer(SimLoop &loop, std::uint64_t seed) : desk{seed}, m_loop{loop}
{
    start();
}

SimServer::~SimServer()
{
    m_core.reset();
}

void SimServer::start()
{
    syncClock();
    m_scheduler = std::make_unique<NodeScheduler>(m_loop);
    m_core = std::make_unique<server::sync::SessionCore>(server::sync::SessionParts{
        *m_scheduler, m_loop.clock, m_loop.random, *desk.database, *desk.executor, desk.entities,
        desk.mutations, directory, ephemera, *this, server::ports::Log{}});
}

void SimServer::planBatch()
{
    if (std::exchange(m_planned, true))
        return;
    const auto wait =
        m_loop.chance(15) ? m_loop.below(6000) : m_loop.below(8); // now and then the disk is slow
    m_scheduler->after(base::Duration{wait}, [this] {
        m_planned = false;
        syncClock();
        desk.executor->runBatch();
    });
}

void SimServer::crash(bool afterCommit)
{
    if (afterCommit)
        desk.executor->runBatch();
    m_scheduler->kill();
    m_core.reset();
    m_scheduler->kill();
    m_planned = false;
    for (auto &[id, peer] : std::exchange(m_peers, {}))
        peer.closed(0);
    desk.pipeline.reset();
    desk.devices.reset();
    desk.executor = server::sync::makeExecutor(*desk.database, desk.clock, desk.random);
    desk.devices.emplace(*desk.database, *desk.executor, desk.crypto, desk.clock);
    desk.pipeline.emplace(*desk.executor, desk.mutations, server::ports::Log{});
}

server::sync::SessionId SimServer::connect(SimPeer peer)
{
    const auto id = ++m_next;
    m_peers.emplace(id, std::move(peer));
    m_core->opened(id);
    return id;
}

void SimServer::receive(server::sync::SessionId session, const std::string &frame)
{
    if (!m_core || !m_peers.contains(session))
        return;
    m_core->received(session, refuseSome(session, frame));
    // Where sockets are broken frames travel in requests, and a request may come twice.
    if (frame.starts_with(R"({"k":"mut")") && m_loop.chance(busy) && m_peers.contains(session))
        m_core->received(session, frame);
    planBatch();
}

// Too busy for one of the mutations, whichever comes after it: takes it out and says so.
std::string SimServer::refuseSome(server::sync::SessionId session, const std::string &frame)
{
    auto json = base::Json::parse(frame);
    if (busy == 0 || json["k"] != "mut" || !m_loop.chance(busy))
        return frame;
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
    if (const auto peer = m_peers.find(session); peer != m_peers.end())
        peer->second.frame(frame);
}

void SimServer::close(server::sync::SessionId session, protocol::CloseCode code, const std::string &)
{
    const auto peer = m_peers.find(session);
    if (peer == m_peers.end())
        return;
    const auto closed = peer->second.closed;
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
