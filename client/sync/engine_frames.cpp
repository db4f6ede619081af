#include "client/storage/hot_set.h"
#include "client/sync/engine.h"
#include "shared/base/failpoint.h"
#include "shared/base/json.h"
#include "shared/protocol/limits.h"

#include <algorithm>

// The half of Engine that reads the server's frames.
namespace client::sync {

namespace {

constexpr int unackedFrames = 4;
constexpr base::Duration ackWithin{100};

} // namespace

void Engine::frame(std::string_view text)
{
    m_heardAt = m_ports.clock.monotonic();
    const auto json = base::parseJson(text, {protocol::maxFrameBytes, 32});
    const auto kind = json ? base::textField(*json, "k") : std::nullopt;
    if (!kind)
        return drop(backOff(), "unreadable frame");
    const auto attempt = m_attempt;
    try {
        dispatch(*kind, *json);
    } catch (const storage::StorageError &error) {
        storageFailed(error);
    }
    if (attempt != m_attempt)
        return; // that frame ended the connection
    if (m_link == Link::Up) {
        m_loader->pump();
        pumpOutbound();
    }
    updateState();
}

void Engine::dispatch(const std::string &kind, const base::Json &json)
{
    if (m_link == Link::Hello) {
        if (kind == "welcome")
            welcome(json);
        return;
    }
    if (kind == "d")
        delta(json);
    else if (kind == "res")
        receipts(json);
    else if (kind == "scopes") {
        if (commit([&] { return m_replica.scopes(json); }))
            m_scopesSeen = true;
    } else if (kind == "reset")
        reset(json);
    else if (kind == "e")
        ephemeral(json);
    else if (kind == "auth_soon")
        renewToken();
    else if (kind == "bye")
        bye(json);
    else if (kind == "pong")
        m_probeUntil = base::Duration{0};
}

// False when the server packs with a dictionary that is not ours: the next hello offers none.
bool Engine::agreeOnCodec(const base::Json &welcome)
{
    const auto number = base::integerField(welcome, "codec").value_or(0);
    const auto known = protocol::knownCodecs();
    const auto codec = std::find(known.begin(), known.end(), number) == known.end()
                           ? protocol::Codec::Raw
                           : static_cast<protocol::Codec>(number);
    if (protocol::needsDictionary(codec) && base::textField(welcome, "dict") != protocol::dictionaryName()) {
        m_offersDictionary = false;
        return false;
    }
    m_ports.wire.useCodec(codec);
    return true;
}

void Engine::welcome(const base::Json &json)
{
    if (!agreeOnCodec(json))
        return drop(base::Duration{1}, "unknown dictionary");
    const auto now = m_ports.clock.monotonic();
    m_link = Link::Up;
    m_upSince = now;
    m_spreadMs = std::clamp<std::int64_t>(base::integerField(json, "spread_ms").value_or(1000), 1, 600'000);
    m_left = base::integerField(json, "left").value_or(0);
    if (const auto server = base::integerField(json, "now"))
        m_offset.add(base::fromMs(*server), m_ports.clock.now(), now - m_helloAt);
    m_caughtUp = base::integerField(json, "head") == m_replica.cursor();
    computeKeeping();
    noteContact();
    m_loader->connected();
    if (std::exchange(m_resetMe, false))
        send(R"({"k":"reset_me","why":"bad frames"})");
    if (!m_focus.empty())
        focus(m_focus);
}

void Engine::reset(const base::Json &json)
{
    // The outbox first: if the power fails in between, receipts are asked for once more, which does no harm.
    const bool asksAgain = base::flagField(json, "rev0").value_or(false);
    if (asksAgain) {
        m_ports.outbox.undecideAll();
        // Another epoch than the outbox has seen: what was over may have been lost with the old one.
        const auto epoch = std::to_string(base::integerField(json, "epoch").value_or(0));
        const auto known = m_ports.outbox.setting("epoch");
        if (known && *known != epoch)
            m_ports.outbox.recoverRetired(m_ports.clock.now());
        m_ports.outbox.setSetting("epoch", epoch);
        m_outbound.connectionChanged();
    }
    base::failpoint("reset.intents.asked.again");
    m_loader->disconnected();
    if (!commit([&] {
            if (asksAgain)
                m_merger.reconcile(); // what was held is on its way again, and shown so
            return m_replica.reset(json);
        }))
        return;
    m_caughtUp = true;
    m_loader->connected();
}

void Engine::receipts(const base::Json &json)
{
    const auto answered = m_outbound.received(json);
    base::failpoint("verdicts.stored");
    if (!answered.refused.empty() || answered.accepted)
        if (!commit([&]() -> base::Status {
                m_merger.remove(answered.refused);
                return base::Done{};
            }))
            return;
    if (answered.cloned) {
        // Somebody else uses this device's numbers. The next sign-in makes another device of this one; the
        // words stay.
        m_ports.outbox.setSetting("cloned", "1");
        return park(ConnectionState::Kind::SignedOut, "n_conflict");
    }
    m_ports.outbox.remove(trifles(answered.refused));
    for (const auto n : answered.refused)
        if (const auto found = m_ports.outbox.intents().find(n);
            found != m_ports.outbox.intents().end() && m_events.problem)
            m_events.problem(found->second);
    for (const auto &intent : answered.warned)
        if (m_events.warned)
            m_events.warned(intent);
    if (!answered.uploads.empty() && m_events.uploadsMissing)
        m_events.uploadsMissing(answered.uploads);
    if (answered.unauthorized)
        renewToken();
    if (answered.tryAgain.count() > 0) {
        m_ports.scheduler.cancel(m_laneTimer);
        m_laneTimer = m_ports.scheduler.after(answered.tryAgain, [this] {
            m_laneTimer = 0;
            pumpOutbound();
        });
    }
    if (m_events.intents)
        m_events.intents();
    acknowledge(false);
}

void Engine::delta(const base::Json &json)
{
    if (!commit([&] { return m_replica.delta(json); }))
        return;
    m_loader->deltaApplied();
    const bool more = base::flagField(json, "more").value_or(false);
    m_left = base::integerField(json, "left").value_or(0);
    if (!more)
        m_caughtUp = true;
    ++m_unacked;
    acknowledge(m_unacked >= unackedFrames || more);
}

void Engine::acknowledge(bool now)
{
    if (now) {
        m_unacked = 0;
        m_ports.scheduler.cancel(std::exchange(m_ackTimer, 0));
        return send(
            base::toText({{"k", "a"}, {"q", m_replica.cursor()}, {"res", m_ports.outbox.decidedUpTo()}}));
    }
    if (m_ackTimer == 0)
        m_ackTimer = m_ports.scheduler.after(ackWithin, [this] {
            m_ackTimer = 0;
            acknowledge(true);
        });
}

void Engine::ephemeral(const base::Json &json)
{
    Ephemeral news;
    const auto kind = base::textField(json, "t").value_or("");
    news.user = base::uuidField(json, "user");
    news.contact = base::uuidField(json, "contact");
    news.conversation = base::uuidField(json, "conv").value_or(base::Uuid{});
    news.on = base::flagField(json, "on").value_or(false);
    news.isPrivate = base::flagField(json, "private").value_or(false);
    if (kind == "composing") {
        news.kind = Ephemeral::Kind::Composing;
    } else if (kind == "viewing") {
        news.kind = Ephemeral::Kind::Viewing;
    } else if (kind == "presence") {
        news.kind = Ephemeral::Kind::Presence;
        news.on = base::textField(json, "st") == "online";
    } else {
        return;
    }
    if (m_events.ephemeral)
        m_events.ephemeral(news);
}

void Engine::bye(const base::Json &json)
{
    m_spreadMs =
        std::clamp<std::int64_t>(base::integerField(json, "spread_ms").value_or(m_spreadMs), 1, 600'000);
    const auto after = std::clamp<std::int64_t>(base::integerField(json, "after_ms").value_or(0), 0, 60'000);
    m_byeTimer = m_ports.scheduler.after(base::Duration{after}, [this] {
        m_byeTimer = 0;
        const auto wait = m_ports.random.below(static_cast<std::uint64_t>(m_spreadMs));
        drop(base::Duration{static_cast<std::int64_t>(wait) + 1}, "drain");
    });
}

void Engine::focus(const std::vector<domain::ConversationId> &conversations)
{
    m_focus = conversations;
    if (m_focus.size() > 5)
        m_focus.resize(5);
    const bool wanted = commit([this]() -> base::Status {
        for (const auto &id : m_focus) {
            if (!m_ports.cache.serverRow({protocol::EntityType::Conversation, id.value}))
                continue;
            storage::HotSet{m_ports.cache}.opened(id.value, m_ports.clock.now());
            if (!m_ports.cache.lowestMessage(id.value))
                m_ports.cache.wantWindow(id.value, true, 0);
        }
        return base::Done{};
    });
    if (!wanted || m_link != Link::Up)
        return;
    auto list = base::Json::array();
    for (const auto &id : m_focus)
        list.push_back(id.text());
    send(base::toText({{"k", "focus"}, {"convs", std::move(list)}}));
    m_loader->pump();
}

void Engine::loadOlder(const domain::ConversationId &conversation)
{
    if (const auto lowest = m_ports.cache.lowestMessage(conversation.value))
        m_loader->loadOlder(conversation.value, *lowest);
}

void Engine::composing(const domain::ConversationId &conversation, bool on, bool isPrivate)
{
    if (m_link == Link::Up)
        send(base::toText({{"k", "e"},
                           {"t", "composing"},
                           {"conv", conversation.text()},
                           {"on", on},
                           {"private", isPrivate}}));
}

void Engine::viewing(const domain::ConversationId &conversation, bool on)
{
    if (m_link == Link::Up)
        send(base::toText({{"k", "e"}, {"t", "viewing"}, {"conv", conversation.text()}, {"on", on}}));
}

} // namespace client::sync
