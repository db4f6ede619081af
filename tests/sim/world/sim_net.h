#pragma once

#include "client/sync/wire.h"
#include "tests/sim/world/sim_server.h"

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tests {

class SimClient;

/// Wire and Bulk of one client: frames arrive in order, each after its own delay. A cut loses what was under
/// way, or only what came down; a stalled direction keeps everything until it heals or the line is gone.
class SimNet : public client::sync::Wire, public client::sync::Bulk {
public:
    explicit SimNet(SimClient &owner) : m_owner{owner} {}
    ~SimNet() override { drop(); }

    void open(client::sync::WireEvents events) override;
    void send(const std::string &text) override;
    void close() override;
    client::sync::BulkId get(const std::string &target, const std::string &access, bool plain,
                             client::sync::BulkEvents events) override;
    void cancel(client::sync::BulkId id) override { m_requests.erase(id); }

    /// The process is gone.
    void drop();
    /// `silently`: this side does not notice.
    void cut(bool silently);
    enum class Way { Up, Down };
    void stall(Way way);
    void heal();
    /// What a proxy does to a delta frame; nothing of it happens on an orderly socket.
    enum class Mischief { Lost, Twice, Late };
    void disturb(Mischief what) { m_mischief.push_back(what); }
    /// Names the connection; changes when there is another one.
    [[nodiscard]] std::uint64_t link() const { return m_link; }
    [[nodiscard]] bool isUp() const { return m_line && m_line->up; }

private:
    struct Direction {
        bool stalled = false;
        std::vector<std::function<void()>> held;
        base::Duration busy{};
    };
    struct Line {
        bool up = true;        ///< frames still get through
        bool listening = true; ///< this side still wants them
        Direction upward;
        Direction downward;
        std::string late; ///< a delta frame that comes after the next one
    };

    [[nodiscard]] base::Duration delay();
    static void pass(Direction &direction, std::function<void()> work);
    SimPeer peer();
    void lost(int code);
    void take(const std::shared_ptr<Line> &line, const std::string &frame);
    void take(const std::string &frame);
    void answer(client::sync::BulkId id, int status, const std::vector<std::string> &texts);

    SimClient &m_owner;
    client::sync::WireEvents m_events;
    std::uint64_t m_link = 0;
    std::shared_ptr<Line> m_line;
    server::sync::SessionId m_session = 0;
    client::sync::BulkId m_lastRequest = 0;
    std::map<client::sync::BulkId, client::sync::BulkEvents> m_requests;
    std::deque<Mischief> m_mischief;
};

} // namespace tests
