#include "tests/sim/sim_client.h"

#include "client/sync/cache_keeper.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace tests {

namespace {

// Memory instead of a disk where there is one: the files are real, their speed is not what is tested.
QString folderTemplate()
{
    const QFileInfo memory{QStringLiteral("/dev/shm")};
    return (memory.isDir() && memory.isWritable() ? memory.filePath() : QDir::tempPath()) +
           QStringLiteral("/deskbell-sim-XXXXXX");
}

} // namespace

/// Everything a process does passes through here, so that a crash inside of it stays inside.
class SimClient::GuardedScheduler : public base::Scheduler {
public:
    GuardedScheduler(SimLoop &loop, SimClient &owner) : m_node{loop}, m_owner{owner} {}
    void post(std::function<void()> work) override { after(base::Duration{0}, std::move(work)); }
    base::TimerId after(base::Duration delay, std::function<void()> work) override
    {
        return m_node.after(delay, [this, work = std::move(work)] { m_owner.run(work); });
    }
    void cancel(base::TimerId timer) override { m_node.cancel(timer); }
    void kill() { m_node.kill(); }

private:
    NodeScheduler m_node;
    SimClient &m_owner;
};

/// Wire and Bulk: frames arrive in order, each after its own delay; a cut loses what was under way, or only
/// what came down.
class SimClient::Net : public client::sync::Wire, public client::sync::Bulk {
    struct Line {
        bool up = true;        ///< frames still get through
        bool listening = true; ///< this side still wants them
    };

public:
    explicit Net(SimClient &owner) : m_owner{owner} {}
    ~Net() override { drop(); }

    void open(client::sync::WireEvents events) override
    {
        close();
        m_events = std::move(events);
        const auto link = ++m_link;
        m_owner.m_scheduler->after(delay(), [this, link] {
            if (link != m_link)
                return;
            if (!m_owner.m_reachable || !m_owner.m_server.isUp())
                return lost(0);
            m_line = std::make_shared<Line>();
            m_session = m_owner.m_server.connect(peer());
            const auto opened = m_events.opened;
            opened();
        });
    }

    void send(const std::string &text) override
    {
        if (!m_line || !m_line->up)
            return;
        auto &loop = m_owner.m_loop;
        m_upBusy = std::max(m_upBusy, loop.clock.monotonic() + delay());
        loop.at(m_upBusy - loop.clock.monotonic(),
                [line = m_line, session = m_session, text, server = &m_owner.m_server] {
                    if (line->up)
                        server->receive(session, text);
                });
    }

    // A goodbye still gets through what lies before it; then the server sees the end.
    void close() override
    {
        m_events = {};
        ++m_link;
        if (!m_line)
            return;
        m_line->listening = false;
        auto &loop = m_owner.m_loop;
        const auto wait = std::max(m_upBusy - loop.clock.monotonic(), base::Duration{0}) + delay();
        loop.at(wait,
                [line = std::exchange(m_line, nullptr), session = m_session, server = &m_owner.m_server] {
                    if (std::exchange(line->up, false))
                        server->disconnect(session);
                });
    }

    void drop()
    {
        if (const auto line = std::exchange(m_line, nullptr)) {
            line->listening = false;
            if (std::exchange(line->up, false))
                m_owner.m_server.disconnect(m_session);
        }
        m_events = {};
        ++m_link;
        m_requests.clear();
    }

    void cut(bool silently)
    {
        const auto line = std::exchange(m_line, nullptr);
        if (!line || !line->up)
            return;
        // What was on its way up may still arrive, and the server may take long to see the end.
        line->listening = false;
        line->up = m_owner.m_loop.chance(50);
        auto *server = &m_owner.m_server;
        m_owner.m_loop.at(base::Duration{m_owner.m_loop.below(30'000)}, [server, line, session = m_session] {
            line->up = false;
            server->disconnect(session);
        });
        if (!silently)
            m_owner.m_scheduler->after(delay(), [this, link = m_link] {
                if (link == m_link)
                    lost(1006);
            });
        for (const auto &[id, events] : std::exchange(m_requests, {}))
            m_owner.m_scheduler->after(delay(), [events = events] { events.done({}); });
    }

    client::sync::BulkId get(const std::string &target, const std::string &access, bool,
                             client::sync::BulkEvents events) override
    {
        const auto id = ++m_lastRequest;
        m_requests.emplace(id, std::move(events));
        m_owner.m_scheduler->after(delay(), [this, id, target, access] {
            if (!m_requests.contains(id))
                return;
            if (!m_owner.m_reachable || !m_owner.m_server.isUp())
                return answer(id, 0, {});
            auto [status, texts] =
                m_owner.m_server.bulk(target, access); // as of now; it travels from here on
            m_owner.m_scheduler->after(delay(), [this, id, status = status, texts = std::move(texts)] {
                answer(id, status, texts);
            });
        });
        return id;
    }
    void cancel(client::sync::BulkId id) override { m_requests.erase(id); }

private:
    base::Duration delay()
    {
        auto &loop = m_owner.m_loop;
        return base::Duration{loop.chance(5) ? loop.below(3000) : 1 + loop.below(40)};
    }

    SimPeer peer()
    {
        const auto arrives = [this, line = m_line](const std::function<void()> &work) {
            if (!line->listening)
                return;
            auto &loop = m_owner.m_loop;
            m_downBusy = std::max(m_downBusy, loop.clock.monotonic() + delay());
            m_owner.m_scheduler->after(m_downBusy - loop.clock.monotonic(), [line, work] {
                if (line->listening)
                    work();
            });
        };
        return {[this, arrives](const std::string &frame) {
                    arrives([this, frame] {
                        const auto take = m_events.frame;
                        take(frame);
                    });
                },
                [this, arrives, line = m_line](int code) {
                    line->up = false;
                    arrives([this, code] { lost(code); });
                }};
    }

    void lost(int code)
    {
        ++m_link;
        if (const auto line = std::exchange(m_line, nullptr))
            line->listening = false;
        const auto closed = std::exchange(m_events, {}).closed;
        if (closed)
            closed(code, "lost", base::Duration{0});
    }

    void answer(client::sync::BulkId id, int status, const std::vector<std::string> &texts)
    {
        for (const auto &text : texts) {
            const auto found = m_requests.find(id);
            if (found == m_requests.end())
                return;
            const auto part = found->second.part;
            part(text);
        }
        const auto found = m_requests.find(id);
        if (found == m_requests.end())
            return;
        const auto done = found->second.done;
        m_requests.erase(found);
        done({status, base::Duration{0}});
    }

    SimClient &m_owner;
    client::sync::WireEvents m_events;
    std::uint64_t m_link = 0;
    std::shared_ptr<Line> m_line;
    server::sync::SessionId m_session = 0;
    base::Duration m_upBusy{0};
    base::Duration m_downBusy{0};
    client::sync::BulkId m_lastRequest = 0;
    std::map<client::sync::BulkId, client::sync::BulkEvents> m_requests;
};

class SimClient::Tokens : public client::sync::TokenSource {
public:
    explicit Tokens(SimClient &owner) : m_owner{owner} {}
    void get(bool, Answer answer) override
    {
        m_owner.m_scheduler->post([answer = std::move(answer), token = m_owner.m_token] { answer(token); });
    }

private:
    SimClient &m_owner;
};

SimClient::SimClient(SimLoop &loop, SimServer &server, const server::sync::Actor &who,
                     const std::string &token, const client::sync::OverlayRegistry &overlays)
    : m_loop{loop}
    , m_server{server}
    , m_who{who}
    , m_token{token}
    , m_overlays{overlays}
    , m_folder{folderTemplate()}
{
    server.directory.add(token, who);
}

SimClient::~SimClient()
{
    crash();
}

void SimClient::start()
{
    m_dying = false;
    m_scheduler = std::make_unique<GuardedScheduler>(m_loop, *this);
    m_net = std::make_unique<Net>(*this);
    m_tokens = std::make_unique<Tokens>(*this);
    m_outbox = std::make_unique<client::storage::OutboxStore>(m_folder.filePath(QStringLiteral("outbox.db")));
    m_cache = std::make_unique<client::storage::CacheStore>(m_folder.filePath(QStringLiteral("cache.db")));
    client::sync::Engine::Settings settings;
    settings.app = "sim";
    settings.device = {*m_who.device};
    settings.me = {m_who.id};
    settings.checkpoint = [this](const char *) {
        if (m_crashIn > 0 && --m_crashIn == 0)
            throw SimCrash{};
    };
    client::sync::Engine::Events events;
    events.problem = [this](const auto &) { ++problemsTold; };
    m_engine = std::make_unique<client::sync::Engine>(
        client::sync::Engine::Ports{*m_scheduler, m_loop.clock, m_loop.random, *m_net, *m_net, *m_tokens,
                                    *m_outbox, *m_cache, m_overlays},
        std::move(settings), std::move(events));
    run([this] { m_engine->start(); });
}

void SimClient::run(const std::function<void()> &work)
{
    try {
        work();
    } catch (const SimCrash &) {
        // Its objects are still on the stack: they go with the next event.
        m_dying = true;
        m_scheduler->kill();
        m_loop.at(base::Duration{0}, [this] {
            if (m_dying)
                crash();
        });
    }
}

void SimClient::crash()
{
    m_dying = false;
    m_crashIn = 0;
    if (m_scheduler)
        m_scheduler->kill();
    if (m_net)
        m_net->drop();
    m_engine.reset(); // says goodbye into a dropped net: nobody hears
    m_cache.reset();
    m_outbox.reset();
    m_tokens.reset();
    m_net.reset();
    m_scheduler.reset();
}

void SimClient::cut(bool silently)
{
    if (m_net)
        m_net->cut(silently);
}

void SimClient::setReachable(bool reachable)
{
    m_reachable = reachable;
    if (!reachable)
        cut(m_loop.chance(50));
}

void SimClient::makeRoom()
{
    constexpr client::storage::CachePolicy noRoom{0, 1, 1};
    client::sync::CacheKeeper{*m_engine, *m_cache, *m_outbox, m_loop.clock}.step(noRoom);
}

client::sync::Bulk &SimClient::bulk()
{
    return *m_net;
}

base::Scheduler &SimClient::scheduler()
{
    return *m_scheduler;
}

} // namespace tests
