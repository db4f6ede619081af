#pragma once

#include "client/features/conversations/logic/conversation_overlay.h"
#include "client/storage/reader.h"
#include "client/sync/engine.h"
#include "shared/base/json.h"
#include "tests/sim/sim_loop.h"

#include <QTemporaryDir>

#include <memory>
#include <string>
#include <vector>

namespace tests {

/// A wire whose other end is the test.
class ScriptedWire : public client::sync::Wire {
public:
    void open(client::sync::WireEvents events) override
    {
        ++opened;
        m_events = std::move(events);
    }
    void send(const std::string &text) override { sent.push_back(base::Json::parse(text)); }
    void close() override
    {
        ++closed;
        m_events = {};
    }

    void accept() { call(m_events.opened); }
    void frame(const base::Json &json)
    {
        const auto take = m_events.frame;
        if (take)
            take(base::toText(json));
    }
    void end(int code, base::Duration retryAfter = {})
    {
        const auto over = std::exchange(m_events, {}).closed;
        if (over)
            over(code, "", retryAfter);
    }
    /// The frames of this kind sent so far.
    [[nodiscard]] std::vector<base::Json> of(const std::string &kind) const
    {
        std::vector<base::Json> found;
        for (const auto &frame : sent)
            if (base::textField(frame, "k") == kind)
                found.push_back(frame);
        return found;
    }

    std::vector<base::Json> sent;
    int opened = 0;
    int closed = 0;

private:
    static void call(const std::function<void()> &work)
    {
        const auto copy = work;
        if (copy)
            copy();
    }

    client::sync::WireEvents m_events;
};

/// Remembers what was asked for; the test answers.
class ScriptedBulk : public client::sync::Bulk {
public:
    struct Request {
        std::string target;
        client::sync::BulkEvents events;
    };

    client::sync::BulkId get(const std::string &target, const std::string &, bool,
                             client::sync::BulkEvents events) override
    {
        requests.emplace(++m_last, Request{target, std::move(events)});
        return m_last;
    }
    void cancel(client::sync::BulkId id) override { requests.erase(id); }
    /// Answers the oldest request whose target contains `part`; false when there is none.
    bool answer(const std::string &part, const base::Json &json)
    {
        for (const auto &[id, request] : requests) {
            if (request.target.find(part) == std::string::npos)
                continue;
            const auto events = request.events;
            events.part(base::toText(json));
            requests.erase(id);
            events.done({200, base::Duration{0}});
            return true;
        }
        return false;
    }
    bool refuse(const std::string &part, int status)
    {
        for (const auto &[id, request] : requests) {
            if (request.target.find(part) == std::string::npos)
                continue;
            const auto events = request.events;
            requests.erase(id);
            events.done({status, base::Duration{0}});
            return true;
        }
        return false;
    }

    std::map<client::sync::BulkId, Request> requests;

private:
    client::sync::BulkId m_last = 0;
};

class ScriptedTokens : public client::sync::TokenSource {
public:
    explicit ScriptedTokens(base::Scheduler &scheduler) : m_scheduler{scheduler} {}
    void get(bool renew, Answer answer) override
    {
        renewed += renew ? 1 : 0;
        m_scheduler.post([this, answer = std::move(answer)] { answer(result); });
    }

    base::Result<std::string> result = std::string{"access"};
    int renewed = 0;

private:
    base::Scheduler &m_scheduler;
};

/// The real engine over real files, with everything around it played by the test.
class ScriptedDesk {
public:
    ScriptedDesk();
    ~ScriptedDesk();

    /// Ends the engine without a goodbye and begins again over the same files.
    void restart();
    void run(base::Duration time);
    /// connect, welcome, scopes "a" and the inbox, both snapshots with one conversation: Live at cursor 10.
    void goLive();
    /// welcome and scopes after a reconnect, at the cursor it asked for.
    void greet(std::int64_t head);
    base::Status write(const std::string &body);
    void delta(std::int64_t from, std::int64_t to, base::Json changes);
    [[nodiscard]] base::Json conversationRow(std::int64_t lastN) const;
    [[nodiscard]] base::Json change(const std::string &type, const base::Uuid &id, std::int64_t q,
                                    base::Json row) const;
    [[nodiscard]] std::string shownRow(protocol::EntityType type, const base::Uuid &id);

    SimLoop loop{1};
    QTemporaryDir folder;
    ScriptedWire wire;
    ScriptedBulk bulk;
    base::UuidMaker ids{loop.clock, loop.random};
    base::Uuid me = ids.next();
    base::Uuid device = ids.next();
    base::Uuid inbox = ids.next();
    base::Uuid contact = ids.next();
    base::Uuid conversation = ids.next();
    std::unique_ptr<NodeScheduler> scheduler;
    std::unique_ptr<ScriptedTokens> tokens;
    std::unique_ptr<client::storage::OutboxStore> outbox;
    std::unique_ptr<client::storage::CacheStore> cache;
    std::unique_ptr<client::sync::Engine> engine;
    std::vector<client::storage::Intent> problems;
    std::vector<client::storage::Intent> warned;
    int revoked = 0;

private:
    void begin();

    client::sync::OverlayRegistry m_overlays;
};

} // namespace tests
