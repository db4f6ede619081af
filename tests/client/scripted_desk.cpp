#include "tests/client/scripted_desk.h"

#include "shared/protocol/conversations/conversation_messages.h"
#include "shared/protocol/rows.h"

namespace tests {

using base::Json;

ScriptedDesk::ScriptedDesk()
{
    client::conversations::registerConversationOverlays(m_overlays);
    begin();
}

ScriptedDesk::~ScriptedDesk()
{
    engine.reset();
}

void ScriptedDesk::begin()
{
    scheduler = std::make_unique<NodeScheduler>(loop);
    tokens = std::make_unique<ScriptedTokens>(*scheduler);
    outbox = std::make_unique<client::storage::OutboxStore>(folder.filePath(QStringLiteral("outbox.db")));
    cache = std::make_unique<client::storage::CacheStore>(folder.filePath(QStringLiteral("cache.db")));
    client::sync::Engine::Settings settings;
    settings.app = "test";
    settings.device = {device};
    settings.me = {me};
    client::sync::Engine::Events events;
    events.problem = [this](const auto &problem) { problems.push_back(problem); };
    events.warned = [this](const auto &intent) { warned.push_back(intent); };
    events.revoked = [this] { ++revoked; };
    engine = std::make_unique<client::sync::Engine>(
        client::sync::Engine::Ports{*scheduler, loop.clock, loop.random, wire, bulk, *tokens, *outbox, *cache,
                                    m_overlays},
        std::move(settings), std::move(events));
    engine->start();
    run(base::Duration{10});
}

void ScriptedDesk::restart()
{
    engine.reset();
    cache.reset();
    outbox.reset();
    scheduler.reset();
    wire.sent.clear();
    bulk.requests.clear();
    begin();
}

void ScriptedDesk::run(base::Duration time)
{
    const auto until = loop.clock.monotonic() + time;
    while (loop.step(until)) {
    }
    if (until > loop.clock.monotonic())
        loop.clock.advance(until - loop.clock.monotonic());
}

Json ScriptedDesk::conversationRow(std::int64_t lastN) const
{
    domain::Conversation row;
    row.number = 7;
    row.inbox = {inbox};
    row.contact = {contact};
    row.lastN = row.customerN = lastN;
    return protocol::toRow(row);
}

Json ScriptedDesk::change(const std::string &type, const base::Uuid &id, std::int64_t q, Json row) const
{
    Json json{
        {"t", type}, {"id", id.text()}, {"q", q}, {"s", type == "contact" ? 0 : 1}, {"v", std::move(row)}};
    if (type == "conversation")
        json["sv"] = 5;
    if (type == "message")
        json["p"] = conversation.text();
    return json;
}

void ScriptedDesk::greet(std::int64_t head)
{
    wire.accept();
    const auto hello = wire.of("hello").back();
    wire.frame({{"k", "welcome"},
                {"epoch", 1},
                {"q", hello["q"]},
                {"head", head},
                {"left", 0},
                {"spread_ms", 1000},
                {"now", base::toMs(loop.clock.now())}});
    wire.frame({{"k", "scopes"}, {"at", head}, {"list", {"a", "i:" + inbox.text()}}});
}

void ScriptedDesk::goLive()
{
    wire.accept();
    wire.frame({{"k", "welcome"}, {"epoch", 1}, {"q", 10}, {"head", 10}, {"left", 0}, {"spread_ms", 1000}});
    wire.frame({{"k", "reset"}, {"epoch", 1}, {"q", 10}, {"rev0", true}, {"why", "epoch"}});
    wire.frame({{"k", "scopes"}, {"at", 10}, {"list", {"a", "i:" + inbox.text()}}});
    const auto &scopes = cache->scopes();
    bulk.answer("scope=a&", {{"k", "b"},
                             {"s", "a"},
                             {"sid", scopes.at("a").sid},
                             {"as_of", 10},
                             {"tok", "x"},
                             {"last", true},
                             {"rows", Json::array()}});
    const auto key = "i:" + inbox.text();
    auto row = change("conversation", conversation, 6, conversationRow(1));
    row["lo"] = 1;
    auto message = change("message", ids.next(), 5,
                          {{"n", 1}, {"kind", "public"}, {"dir", "in"}, {"body", "Hello"}, {"at", 1}});
    bulk.answer("scope=i%3A", {{"k", "b"},
                               {"s", key},
                               {"sid", scopes.at(key).sid},
                               {"as_of", 10},
                               {"tok", "x"},
                               {"last", true},
                               {"rows", {row, message}}});
}

base::Status ScriptedDesk::write(const std::string &body)
{
    client::sync::Order order;
    order.mid = ids.next();
    order.lane = "cv:" + conversation.text();
    order.op = protocol::CreateMessage::name;
    order.args = base::toText(
        protocol::toJson(protocol::CreateMessage{{conversation}, domain::MessageKind::Public, body, {}}));
    order.seen = protocol::Seen{1, 6};
    return engine->submit(order);
}

void ScriptedDesk::delta(std::int64_t from, std::int64_t to, Json changes)
{
    wire.frame(
        {{"k", "d"}, {"from", from}, {"to", to}, {"more", false}, {"left", 0}, {"ch", std::move(changes)}});
}

std::string ScriptedDesk::shownRow(protocol::EntityType type, const base::Uuid &id)
{
    const auto row = cache->mergedRow({type, id});
    return row ? row->json : std::string{};
}

} // namespace tests
