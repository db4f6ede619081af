#include "tests/sim/world/sim_net.h"

#include "tests/sim/world/sim_client.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace tests {

base::Duration SimNet::delay()
{
    auto &loop = m_owner.loop();
    return base::Duration{loop.chance(5) ? loop.below(3000) : 1 + loop.below(40)};
}

// Order is kept: what is held goes first when the way is free again.
void SimNet::pass(Direction &direction, std::function<void()> work)
{
    if (direction.stalled)
        direction.held.push_back(std::move(work));
    else
        work();
}

void SimNet::open(client::sync::WireEvents events)
{
    close();
    m_events = std::move(events);
    const auto link = ++m_link;
    m_owner.scheduler().after(delay(), [this, link] {
        if (link != m_link)
            return;
        if (!m_owner.isReachable() || !m_owner.server().isUp())
            return lost(0);
        m_line = std::make_shared<Line>();
        m_session = m_owner.server().connect(peer());
        const auto opened = m_events.opened;
        opened();
    });
}

void SimNet::send(const std::string &text)
{
    if (!m_line || !m_line->up)
        return;
    m_owner.watch().sent(text, m_link);
    auto &loop = m_owner.loop();
    auto &busy = m_line->upward.busy;
    busy = std::max(busy, loop.clock.monotonic() + delay());
    loop.at(busy - loop.clock.monotonic(),
            [line = m_line, session = m_session, text, server = &m_owner.server()] {
                pass(line->upward, [line, session, text, server] {
                    if (line->up)
                        server->receive(session, text);
                });
            });
}

// A goodbye still gets through what lies before it; then the server sees the end.
void SimNet::close()
{
    m_events = {};
    ++m_link;
    if (!m_line)
        return;
    m_line->listening = false;
    auto &loop = m_owner.loop();
    const auto wait = std::max(m_line->upward.busy - loop.clock.monotonic(), base::Duration{0}) + delay();
    loop.at(wait, [line = std::exchange(m_line, nullptr), session = m_session, server = &m_owner.server()] {
        if (std::exchange(line->up, false))
            server->disconnect(session);
    });
}

void SimNet::drop()
{
    if (const auto line = std::exchange(m_line, nullptr)) {
        line->listening = false;
        if (std::exchange(line->up, false))
            m_owner.server().disconnect(m_session);
    }
    m_events = {};
    ++m_link;
    m_requests.clear();
}

void SimNet::cut(bool silently)
{
    if (!m_line || !m_line->up)
        return; // ended by the server already: the end is on its way
    const auto line = std::exchange(m_line, nullptr);
    // What was on its way up may still arrive, and the server may take long to see the end.
    line->listening = false;
    line->up = m_owner.loop().chance(50);
    auto *server = &m_owner.server();
    m_owner.loop().at(base::Duration{m_owner.loop().below(30'000)}, [server, line, session = m_session] {
        line->up = false;
        server->disconnect(session);
    });
    if (!silently)
        m_owner.scheduler().after(delay(), [this, link = m_link] {
            if (link == m_link)
                lost(1006);
        });
    for (const auto &[id, events] : std::exchange(m_requests, {}))
        m_owner.scheduler().after(delay(), [done = events.done] { done({}); });
}

void SimNet::stall(Way way)
{
    if (m_line)
        (way == Way::Up ? m_line->upward : m_line->downward).stalled = true;
}

void SimNet::heal()
{
    if (!m_line)
        return;
    const auto line = m_line; // what is let through may end it
    for (auto *direction : {&line->upward, &line->downward}) {
        direction->stalled = false;
        for (const auto &work : std::exchange(direction->held, {}))
            work();
    }
}

client::sync::BulkId SimNet::get(const std::string &target, const std::string &access, bool,
                                 client::sync::BulkEvents events)
{
    const auto id = ++m_lastRequest;
    m_requests.emplace(id, std::move(events));
    m_owner.scheduler().after(delay(), [this, id, target, access] {
        if (!m_requests.contains(id))
            return;
        if (!m_owner.isReachable() || !m_owner.server().isUp())
            return answer(id, 0, {});
        auto [status, texts] = m_owner.server().bulk(target, access); // as of now; it travels from here on
        const auto slow = m_owner.bulkDelay();
        const auto wait = delay() + base::Duration{slow.count() > 0 ? m_owner.loop().below(slow.count()) : 0};
        m_owner.scheduler().after(
            wait, [this, id, status = status, texts = std::move(texts)] { answer(id, status, texts); });
    });
    return id;
}

SimPeer SimNet::peer()
{
    const auto arrives = [this, line = m_line](const std::function<void()> &work) {
        if (!line->listening)
            return;
        auto &loop = m_owner.loop();
        auto &busy = line->downward.busy;
        busy = std::max(busy, loop.clock.monotonic() + delay());
        m_owner.scheduler().after(busy - loop.clock.monotonic(), [this, line, work] {
            pass(line->downward, [this, line, work] {
                if (line->listening)
                    m_owner.run(work);
            });
        });
    };
    return {m_owner.name(),
            [this, arrives, line = m_line](const std::string &frame) {
                arrives([this, line, frame] { take(line, frame); });
            },
            [this, arrives, line = m_line](int code) {
                line->up = false;
                arrives([this, code] { lost(code); });
            }};
}

void SimNet::take(const std::shared_ptr<Line> &line, const std::string &frame)
{
    const auto late = std::exchange(line->late, {});
    const bool isDelta = frame.starts_with(R"({"k":"d")");
    std::optional<Mischief> what;
    if (isDelta && !m_mischief.empty()) {
        what = m_mischief.front();
        m_mischief.pop_front();
        m_owner.loop().tell(m_owner.name(), "a frame is disturbed");
    }
    if (what == Mischief::Late)
        line->late = frame;
    else if (what != Mischief::Lost)
        take(frame);
    for (const auto &again : {late, what == Mischief::Twice ? frame : std::string{}})
        if (!again.empty() && line->listening) {
            m_owner.watch().look();
            take(again);
        }
}

void SimNet::take(const std::string &frame)
{
    m_owner.watch().received(frame);
    const auto take = m_events.frame;
    take(frame);
}

void SimNet::lost(int code)
{
    ++m_link;
    if (const auto line = std::exchange(m_line, nullptr))
        line->listening = false;
    const auto closed = std::exchange(m_events, {}).closed;
    if (m_owner.loop().isTold())
        m_owner.loop().tell(m_owner.name(), "line gone " + std::to_string(code));
    if (closed)
        closed(code, "lost", base::Duration{0});
}

void SimNet::answer(client::sync::BulkId id, int status, const std::vector<std::string> &texts)
{
    for (const auto &text : texts) {
        const auto found = m_requests.find(id);
        if (found == m_requests.end())
            return;
        m_owner.watch().received(text);
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

} // namespace tests
