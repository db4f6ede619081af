#include "client/sync/outbound.h"

#include "shared/base/json.h"
#include "shared/protocol/limits.h"

#include <algorithm>

namespace client::sync {

namespace {

using storage::Intent;
using storage::IntentState;

constexpr std::size_t maxBytesInFlight = 1 << 20;
constexpr std::size_t frameRoom = protocol::maxClientFrameBytes - 1024;
constexpr base::Duration firstPause{1000};
constexpr base::Duration longestPause{60'000};

bool hasWarning(const std::string &detail)
{
    const auto json = base::parseJson(detail);
    return json && base::textField(*json, "warn").has_value();
}

bool isUndecided(const Intent &intent)
{
    return intent.state == IntentState::Queued || intent.state == IntentState::Attempted;
}

} // namespace

Outbound::Outbound(storage::OutboxStore &outbox, const base::Clock &clock, base::Random &random)
    : m_outbox{outbox}
    , m_clock{clock}
    , m_random{random}
{
}

void Outbound::connectionChanged()
{
    m_inFlight.clear();
    m_pauses.clear();
}

std::vector<std::int64_t> Outbound::attempted() const
{
    std::vector<std::int64_t> numbers;
    for (const auto &[n, intent] : m_outbox.intents())
        if (intent.state == IntentState::Attempted)
            numbers.push_back(n);
    return numbers;
}

std::map<std::string, Outbound::Lane> Outbound::lanes(base::Duration now) const
{
    std::map<std::string, Lane> all;
    std::map<std::string, std::int64_t> previous;
    std::map<std::string, bool> blocked;
    for (const auto &[n, intent] : m_outbox.intents()) {
        if (!isUndecided(intent))
            continue;
        auto &lane = all[intent.lane];
        lane.after[n] = std::exchange(previous[intent.lane], n);
        const auto pause = m_pauses.find(intent.lane);
        auto &stop = blocked[intent.lane];
        stop = stop || (pause != m_pauses.end() && pause->second.until > now) ||
               !m_outbox.haveArrived(intent.uploads);
        if (!stop && !m_inFlight.contains(n))
            lane.ready.push_back(&intent);
    }
    return all;
}

std::string Outbound::wireText(const Intent &intent, std::int64_t after, base::Duration offset) const
{
    protocol::Mutation mutation;
    mutation.n = intent.n;
    mutation.mid = intent.mid;
    mutation.lane = intent.lane;
    mutation.after = after;
    mutation.dep = intent.dep;
    mutation.at = intent.madeAt;
    // By the clock that nobody sets and that counts while the machine sleeps; a restart of the machine leaves
    // only the other one.
    mutation.queuedEstimated = intent.boot.empty() || intent.boot != m_clock.boot();
    const auto waited = mutation.queuedEstimated ? m_clock.now() + offset - intent.madeAt
                                                 : m_clock.monotonic() - intent.madeMonotonic;
    mutation.queuedMs = std::max(base::Duration{0}, waited).count();
    mutation.op = intent.op;
    mutation.args = intent.args;
    mutation.seen = intent.seen;
    mutation.recovered = intent.recovered;
    return base::toText(protocol::toJson(mutation));
}

std::vector<std::string> Outbound::take(base::Duration offset)
{
    const auto now = m_clock.monotonic();
    auto waiting = lanes(now);
    std::size_t bytes = 0;
    for (const auto &[n, flight] : m_inFlight)
        bytes += flight.bytes;

    std::vector<std::int64_t> numbers;
    std::vector<std::string> frames;
    std::string items;
    const auto close = [&] {
        if (!items.empty())
            frames.push_back(R"({"k":"mut","i":[)" + items + "]}");
        items.clear();
    };
    for (std::size_t round = 0;; ++round) { // one of each lane, then the second of each …
        bool any = false;
        for (auto &[name, lane] : waiting) {
            if (round >= lane.ready.size())
                continue;
            any = true;
            if (m_inFlight.size() >= protocol::maxInFlight || bytes >= maxBytesInFlight)
                break;
            const auto &intent = *lane.ready[round];
            const auto text = wireText(intent, lane.after.at(intent.n), offset);
            if (items.size() + text.size() + 1 > frameRoom)
                close();
            items += (items.empty() ? "" : ",") + text;
            m_inFlight[intent.n] = {now, text.size()};
            bytes += text.size();
            numbers.push_back(intent.n);
        }
        if (!any || m_inFlight.size() >= protocol::maxInFlight || bytes >= maxBytesInFlight)
            break;
    }
    close();
    if (!numbers.empty())
        m_outbox.markAttempted(numbers);
    return frames;
}

void Outbound::refusedForNow(const protocol::Receipt &receipt, const Intent &intent, Answered &answered)
{
    switch (receipt.code) {
    case base::ErrorCode::OutOfOrder: // the lane goes again from its first undecided one
        for (const auto &[n, other] : m_outbox.intents())
            if (other.lane == intent.lane)
                m_inFlight.erase(n);
        break;
    case base::ErrorCode::NumberConflict:
        answered.cloned = true;
        return;
    case base::ErrorCode::Unauthorized:
        answered.unauthorized = true;
        break;
    case base::ErrorCode::UploadMissing:
        answered.uploads.insert(answered.uploads.end(), intent.uploads.begin(), intent.uploads.end());
        break;
    default:
        break;
    }
    auto &pause = m_pauses[intent.lane];
    const auto longest =
        std::min(longestPause, base::Duration{firstPause * (1 << std::min(pause.tries, 10))});
    ++pause.tries;
    const base::Duration wait{receipt.waitMs + static_cast<std::int64_t>(m_random.below(
                                                   static_cast<std::uint64_t>(longest.count())))};
    pause.until = std::max(pause.until, m_clock.monotonic() + wait);
    answered.tryAgain = std::max(answered.tryAgain, wait + base::Duration{1});
}

Outbound::Answered Outbound::received(const base::Json &frame)
{
    Answered answered;
    std::vector<protocol::Receipt> receipts;
    for (const auto &item : base::member(frame, "r")) {
        const auto receipt = protocol::receiptFromJson(item);
        if (!receipt)
            continue;
        const auto found = m_outbox.intents().find(receipt->n);
        if (found == m_outbox.intents().end() || !isUndecided(found->second))
            continue;
        m_inFlight.erase(receipt->n);
        // Its number was used for something else: this disk has a copy, or was an older one before.
        if (receipt->mid && *receipt->mid != found->second.mid) {
            answered.cloned = true;
            continue;
        }
        receipts.push_back(*receipt);
        if (receipt->verdict == protocol::Verdict::Nack) {
            refusedForNow(*receipt, found->second, answered);
            continue;
        }
        m_pauses.erase(found->second.lane);
        if (receipt->verdict == protocol::Verdict::Rejected || receipt->verdict == protocol::Verdict::Held)
            answered.refused.push_back(receipt->n);
        else
            answered.accepted = true;
        if (receipt->verdict == protocol::Verdict::Ok && hasWarning(receipt->detail)) {
            answered.warned.push_back(found->second);
            answered.warned.back().detail = receipt->detail;
        }
    }
    if (!receipts.empty())
        m_outbox.decide(receipts);
    return answered;
}

bool Outbound::isOverdue() const
{
    const auto now = m_clock.monotonic();
    return std::any_of(m_inFlight.begin(), m_inFlight.end(), [now](const auto &entry) {
        return now - entry.second.sentAt > protocol::verdictLimit;
    });
}

} // namespace client::sync
