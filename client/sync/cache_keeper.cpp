#include "client/sync/cache_keeper.h"

#include "shared/base/json.h"

#include <chrono>

namespace client::sync {

namespace {

constexpr std::size_t conversationsAStep = 20; // some 20 ms

// "cv:<id>", "reply:<id>", "note:<id>"
std::optional<base::Uuid> idBehindColon(const std::string &text)
{
    const auto colon = text.find(':');
    return colon == std::string::npos ? std::nullopt
                                      : base::Uuid::parse(std::string_view{text}.substr(colon + 1));
}

} // namespace

std::set<base::Uuid> CacheKeeper::needed()
{
    std::set<base::Uuid> ids;
    const auto add = [&ids](const std::optional<base::Uuid> &id) {
        if (id)
            ids.insert(*id);
    };
    for (const auto &[n, intent] : m_outbox.intents()) {
        add(idBehindColon(intent.lane));
        if (const auto args = base::parseJson(intent.args))
            add(base::uuidField(*args, "conv"));
    }
    for (const auto &key : m_outbox.draftKeys())
        add(idBehindColon(key));
    for (const auto &id : m_engine.focused())
        ids.insert(id.value);
    return ids;
}

std::vector<base::Uuid> CacheKeeper::next(const storage::CachePolicy &policy, bool *trim)
{
    storage::HotSet hot{m_cache};
    const auto kept = needed();
    const auto now = m_clock.now();
    const auto opened = now - storage::openedLife;
    if (policy.days > 0) {
        const auto cold = hot.cold({now - std::chrono::days{policy.days}, opened, conversationsAStep}, kept);
        if (!cold.empty())
            return cold;
    }
    if (hot.usedBytes() <= policy.cacheBytes)
        return {};
    // No room: resolved ones in turn, those opened lately last; then the older parts of all others.
    for (const auto since : {opened, now})
        if (auto resolved = hot.cold({now, since, conversationsAStep}, kept); !resolved.empty())
            return resolved;
    *trim = true;
    return hot.deep(conversationsAStep, kept);
}

bool CacheKeeper::step(const storage::CachePolicy &policy)
{
    bool trim = false;
    const auto going = next(policy, &trim);
    if (going.empty())
        return false;
    const bool done = m_engine.apply([&](Replica &) -> base::Status {
        storage::HotSet hot{m_cache};
        for (const auto &id : going)
            if (trim)
                hot.trim(id);
            else
                hot.forget(id);
        return base::Done{};
    });
    if (done)
        storage::HotSet{m_cache}.giveBack();
    return done;
}

} // namespace client::sync
