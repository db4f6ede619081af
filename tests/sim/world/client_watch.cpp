#include "tests/sim/world/client_watch.h"

#include "server/sync/receipts.h"
#include "shared/base/json.h"
#include "shared/protocol/conversations/conversation_messages.h"
#include "shared/protocol/limits.h"
#include "tests/sim/world/sim_client.h"

#include <algorithm>

namespace tests {

namespace {

using client::storage::EntityKey;
using client::storage::Intent;
using client::storage::IntentState;
using protocol::EntityType;
using protocol::Verdict;

constexpr base::Duration watchdogSlack{6000}; // it looks every five seconds
constexpr unsigned shadowsEvery = 8;

std::string summary(const base::Json &frame)
{
    const auto kind = base::textField(frame, "k").value_or("?");
    std::string text = kind;
    for (const auto *field : {"epoch", "q", "from", "to", "seq", "sid", "as_of", "s", "conv", "why", "st"})
        if (const auto &value = base::member(frame, field); !value.is_null() && !value.is_structured())
            text += std::string{" "} + field + "=" + base::toText(value);
    for (const auto *list : {"i", "r"})
        for (const auto &item : base::member(frame, list))
            text += " [n=" + std::to_string(base::integerField(item, "n").value_or(0)) + " " +
                    base::textField(item, "op").value_or(base::textField(item, "st").value_or("")) + " " +
                    base::textField(item, "code").value_or("") + "]";
    for (const auto *list : {"ch", "rows"})
        for (const auto &item : base::member(frame, list))
            text += " " + base::textField(item, "o").value_or("") + base::textField(item, "t").value_or("") +
                    ":" + base::textField(item, "id").value_or("").substr(9, 14) + "@" +
                    std::to_string(base::integerField(item, "q").value_or(0));
    return text;
}

} // namespace

void ClientWatch::fail(const std::string &what)
{
    m_client.loop().fail(m_client.name() + ": " + what);
}

void ClientWatch::started()
{
    m_running = true;
    m_dirty = true;
    m_waiting.clear();
}

void ClientWatch::stopped()
{
    m_running = false;
    m_touched.clear();
    m_waiting.clear();
    // The cache may be a fresh one next time: it begins anew, or where it was.
}

void ClientWatch::rewound()
{
    m_at.reset();
    m_next.reset();
    m_revisions.clear();
    m_known.clear();
}

void ClientWatch::sent(const std::string &frame, std::uint64_t link)
{
    m_dirty = true;
    const auto json = base::Json::parse(frame);
    if (m_client.loop().isTold())
        m_client.loop().tell(m_client.name(), "> " + summary(json));
    if (link != m_link)
        m_waiting.clear();
    m_link = link;
    if (base::textField(json, "k") != "mut")
        return;
    for (auto item : base::member(json, "i")) {
        const auto n = item["n"].get<std::int64_t>();
        const auto mid = *base::uuidField(item, "mid");
        m_waiting.emplace(n, m_client.loop().clock.monotonic());
        for (const auto *changing : {"n", "after", "dep", "q_age", "q_age_est",
                                     "recovered"}) // numbers are another device's after a clone
            item.erase(changing);
        const auto bytes = base::toText(item);
        const auto [place, fresh] = m_bytes.emplace(mid, bytes);
        if (!fresh && place->second != bytes)
            fail("I22: an attempted intent changed: " + place->second + " became " + bytes);
    }
}

void ClientWatch::received(const std::string &frame)
{
    m_dirty = true;
    const auto json = base::Json::parse(frame, nullptr, false);
    const auto kind = base::textField(json, "k").value_or("");
    if (m_client.loop().isTold() && !kind.empty())
        m_client.loop().tell(m_client.name(), "< " + summary(json));
    if (kind == "reset")
        m_next =
            Step{base::integerField(json, "epoch").value_or(0), base::integerField(json, "q").value_or(0),
                 base::flagField(json, "rev0").value_or(false)};
    if (kind == "d" && m_at && base::integerField(json, "from") == m_at->q)
        m_next = Step{m_at->epoch, base::integerField(json, "to").value_or(0), false};
    if (kind == "res")
        for (const auto &item : base::member(json, "r"))
            m_waiting.erase(base::integerField(item, "n").value_or(0));
    for (const auto *list : {"ch", "rows"})
        for (const auto &item : base::member(json, list)) {
            const auto type = protocol::entityTypeFromText(base::textField(item, "t").value_or(""));
            const auto id = base::uuidField(item, "id");
            if (type && id)
                m_touched.insert({*type, *id});
        }
}

void ClientWatch::look()
{
    if (!m_running || !m_dirty || !m_client.isUp())
        return;
    m_dirty = false;
    ++m_looks;
    lookAtCursor();
    lookAtRows();
    lookAtIntents();
    if (m_looks % shadowsEvery == 0)
        lookAtShadows();
    m_next.reset();
}

// I10: by a delta that begins where it is, or by a reset; or the whole cache is another one.
void ClientWatch::lookAtCursor()
{
    auto &cache = m_client.cache();
    const Step now{cache.number("epoch"), cache.number("cursor"), false};
    const auto &replica = m_client.engine().replica();
    if (now.epoch != replica.epoch() || now.q != replica.cursor())
        fail("I10: the cursor in the file is not the one in mind");
    const bool rebuilt = now.epoch == 0 && now.q == 0;
    const auto same = [&](const std::optional<Step> &step) {
        return step && step->epoch == now.epoch && step->q == now.q;
    };
    if (m_at && !rebuilt && !same(m_at) && !same(m_next) && !m_client.mayHaveLostCommits())
        fail("I10: the cursor went from " + std::to_string(m_at->q) + " to " + std::to_string(now.q));
    if (rebuilt || m_client.mayHaveLostCommits() || (m_at && m_at->epoch != now.epoch) ||
        (m_next && m_next->forgets))
        m_revisions.clear();
    m_client.forgiveLostCommits();
    m_at = now;
}

// I11: what is newer is never replaced by what is older.
void ClientWatch::lookAtRows()
{
    for (const auto &key : std::exchange(m_touched, {})) {
        const auto row = m_client.cache().serverRow(key);
        if (!row)
            continue;
        auto &newest = m_revisions[key];
        if (row->q < newest)
            fail("I11: a row went back from " + std::to_string(newest) + " to " + std::to_string(row->q));
        newest = row->q;
    }
}

// I17: an intent goes only when it was accepted, or by its author.
void ClientWatch::lookAtIntents()
{
    const auto &intents = m_client.outbox().intents();
    std::map<base::Uuid, Known> now;
    for (const auto &[n, intent] : intents) {
        const auto before = m_known.find(intent.mid);
        const bool wasOpen = before == m_known.end() || before->second.state == IntentState::Queued ||
                             before->second.state == IntentState::Attempted;
        if (wasOpen && intent.state != IntentState::Queued && intent.state != IntentState::Attempted)
            decided(intent);
        now.emplace(intent.mid, Known{n, intent.op, intent.args, intent.state});
    }
    for (const auto &[mid, known] : m_known)
        if (!now.contains(mid))
            gone(mid, known);
    m_known = std::move(now);
}

// I16: what the client takes for the verdict is the server's verdict on that very intent.
void ClientWatch::decided(const Intent &intent)
{
    auto &server = m_client.server();
    if (server.restores > 0)
        return; // what was decided may be undone
    const auto known = server.receiptOf(m_client.who().id, intent.mid);
    const auto expected = intent.state == IntentState::Problem ? Verdict::Rejected
                          : intent.state == IntentState::Held  ? Verdict::Held
                                                               : Verdict::Ok;
    if (intent.state == IntentState::Problem && intent.detail == "recovered")
        return;
    if (!known)
        fail("I16: the client has a verdict on " + intent.op + " " + intent.mid.text() +
             ", the server has none");
    else if (known->verdict != expected)
        fail("I16: the client has another verdict on " + intent.op + " " + intent.mid.text() +
             " than the server");
}

void ClientWatch::gone(const base::Uuid &mid, const Known &known)
{
    if (known.state == IntentState::Problem || m_client.server().restores > 0)
        return; // ended by what was made in its place
    const auto receipt = m_client.server().receiptOf(m_client.who().id, mid);
    const auto *overlay = m_client.overlays().find(known.op);
    const bool trifle = overlay && overlay->isTrifle;
    if (!receipt) {
        if (known.state != IntentState::Queued || !trifle || !hasNewer(known))
            fail("I17: " + known.op + " " + mid.text() + " vanished");
        return; // gave way to a newer one before it was sent
    }
    if (receipt->verdict == Verdict::Rejected && !trifle)
        fail("I17: " + known.op + " was refused and vanished");
    if (receipt->verdict == Verdict::Ok)
        ownChangeIsShown(mid, known);
}

bool ClientWatch::hasNewer(const Known &known)
{
    const auto about = base::textField(base::Json::parse(known.args), "conv");
    const auto &intents = m_client.outbox().intents();
    return std::any_of(intents.upper_bound(known.n), intents.end(), [&](const auto &entry) {
        return entry.second.op == known.op &&
               base::textField(base::Json::parse(entry.second.args), "conv") == about;
    });
}

// I23: from the verdict on the overlay shows it, and from the delta on the server's row does.
void ClientWatch::ownChangeIsShown(const base::Uuid &mid, const Known &known)
{
    if (known.op != protocol::CreateMessage::name)
        return;
    auto &cache = m_client.cache();
    const auto conversation = base::uuidField(base::Json::parse(known.args), "conv").value_or(base::Uuid{});
    if (!cache.serverRow({EntityType::Conversation, conversation}) ||
        !m_client.server().hasMessage(mid, conversation))
        return;
    const auto wanted = cache.connection().number("SELECT 1 FROM want_window WHERE conv = ?",
                                                  {client::storage::sqlValue(conversation)});
    if (!wanted && !cache.serverRow({EntityType::Message, mid}))
        fail("I23: one's own message was accepted and vanished from the screen");
}

// I21: a shadow where, and only where, a pending intent is. What was over before the server was put back is
// asked again, but shown as the server has it.
void ClientWatch::lookAtShadows()
{
    std::set<EntityKey> expected;
    for (const auto &[n, intent] : m_client.outbox().intents())
        if (!client::storage::needsAuthor(intent) && !intent.recovered)
            if (const auto *overlay = m_client.overlays().find(intent.op))
                for (const auto &key : overlay->targets(intent))
                    expected.insert(key);
    const auto shadows = m_client.cache().shadows();
    if (std::set<EntityKey>{shadows.begin(), shadows.end()} != expected)
        fail("I21: " + std::to_string(shadows.size()) + " shadows for " + std::to_string(expected.size()) +
             " entities with pending intents");
}

void ClientWatch::lookAtWaiting()
{
    if (!m_client.isUp() || !m_client.net() || m_client.net()->link() != m_link || !m_client.net()->isUp())
        return;
    const auto now = m_client.loop().clock.monotonic();
    for (const auto &[n, since] : m_waiting)
        if (now - since > protocol::verdictLimit + watchdogSlack) {
            fail("I20: intent " + std::to_string(n) + " has waited for a verdict for " +
                 std::to_string((now - since).count()) + " ms");
            return;
        }
}

} // namespace tests
