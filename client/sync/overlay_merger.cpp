#include "client/sync/overlay_merger.h"

#include "shared/base/json.h"

namespace client::sync {

namespace {

using storage::EntityKey;
using storage::StoredRow;

// Rows in memory, read from below when first asked for. Keeps what an intent wrote apart until it has
// succeeded.
class ScratchView : public OverlayView {
public:
    using Load = std::function<std::optional<StoredRow>(const EntityKey &)>;

    explicit ScratchView(Load load) : m_load{std::move(load)} {}

    const StoredRow *row(const EntityKey &key) override
    {
        if (const auto written = m_written.find(key); written != m_written.end())
            return written->second ? &*written->second : nullptr;
        auto known = m_rows.find(key);
        if (known == m_rows.end())
            known = m_rows.emplace(key, m_load(key)).first;
        return known->second ? &*known->second : nullptr;
    }

    void put(const EntityKey &key, const base::Json &json, const std::string &scope,
             const std::optional<base::Uuid> &parent) override
    {
        const auto *known = row(key);
        auto fresh = known ? *known : StoredRow{};
        fresh.json = base::toText(json);
        if (!known) {
            fresh.scope = scope;
            fresh.parent = parent;
        }
        m_written.insert_or_assign(key, std::move(fresh));
    }

    void remove(const EntityKey &key) override { m_written.insert_or_assign(key, std::nullopt); }

    void keep()
    {
        for (auto &[key, written] : m_written)
            m_rows.insert_or_assign(key, std::move(written));
        m_written.clear();
    }
    void drop() { m_written.clear(); }

    std::optional<StoredRow> result(const EntityKey &key)
    {
        const auto *found = row(key);
        return found ? std::optional{*found} : std::nullopt;
    }

private:
    Load m_load;
    std::map<EntityKey, std::optional<StoredRow>> m_rows;
    std::map<EntityKey, std::optional<StoredRow>> m_written;
};

bool isShown(const storage::Intent &intent)
{
    // What was over once shows as the server has it: it may be there, or somebody decided otherwise since.
    return !storage::needsAuthor(intent) && !intent.recovered;
}

} // namespace

OverlayMerger::OverlayMerger(storage::CacheStore &cache, storage::OutboxStore &outbox,
                             const OverlayRegistry &registry, domain::UserId me)
    : m_cache{cache}
    , m_outbox{outbox}
    , m_registry{registry}
    , m_me{me}
{
}

std::vector<EntityKey> OverlayMerger::targetsOf(const storage::Intent &intent) const
{
    const auto *overlay = m_registry.find(intent.op);
    return overlay ? overlay->targets(intent) : std::vector<EntityKey>{};
}

base::Status OverlayMerger::apply(OverlayView &view, const storage::Intent &intent)
{
    const auto *overlay = m_registry.find(intent.op);
    if (!overlay)
        return base::Done{};
    const auto args = base::parseJson(intent.args);
    if (!args)
        return args.error();
    const auto attachment = [this](const base::Uuid &id) -> std::optional<domain::Attachment> {
        const auto found = m_outbox.uploads().find(id);
        if (found == m_outbox.uploads().end())
            return std::nullopt;
        domain::Attachment file;
        file.id = {id};
        file.name = found->second.name;
        file.mime = found->second.mime;
        file.size = found->second.size;
        return file;
    };
    return overlay->apply(view, {intent, m_me, attachment}, *args);
}

base::Status OverlayMerger::preview(const storage::Intent &intent)
{
    ScratchView view{[this](const EntityKey &key) { return m_cache.mergedRow(key); }};
    return apply(view, intent);
}

void OverlayMerger::activate(const storage::Intent &intent)
{
    auto targets = targetsOf(intent);
    for (const auto &key : targets)
        m_byTarget[key].insert(intent.n);
    m_active[intent.n] = std::move(targets);
}

void OverlayMerger::add(std::int64_t n)
{
    const auto found = m_outbox.intents().find(n);
    if (found == m_outbox.intents().end() || !isShown(found->second))
        return;
    activate(found->second);
    for (const auto &key : m_active[n])
        m_cache.makeShadow(key);
    replay(m_active[n]);
}

void OverlayMerger::remove(const std::vector<std::int64_t> &numbers)
{
    std::vector<EntityKey> touched;
    for (const auto n : numbers) {
        const auto found = m_active.find(n);
        if (found == m_active.end())
            continue;
        for (const auto &key : found->second) {
            touched.push_back(key);
            auto &users = m_byTarget[key];
            users.erase(n);
            if (users.empty())
                m_byTarget.erase(key);
        }
        m_active.erase(found);
    }
    replay(touched);
}

void OverlayMerger::refresh(const std::vector<EntityKey> &keys)
{
    replay(keys);
}

void OverlayMerger::reconcile()
{
    m_active.clear();
    m_byTarget.clear();
    for (const auto &[n, intent] : m_outbox.intents())
        if (isShown(intent))
            activate(intent);
    auto keys = m_cache.shadows();
    for (const auto &[key, users] : m_byTarget) {
        m_cache.makeShadow(key);
        keys.push_back(key);
    }
    replay(keys);
}

OverlayMerger::Closure OverlayMerger::closureOf(const std::vector<EntityKey> &keys) const
{
    Closure closure{{keys.begin(), keys.end()}, {}};
    std::vector<EntityKey> open = keys;
    while (!open.empty()) {
        const auto key = open.back();
        open.pop_back();
        const auto users = m_byTarget.find(key);
        if (users == m_byTarget.end())
            continue;
        for (const auto n : users->second)
            if (closure.intents.insert(n).second)
                for (const auto &target : m_active.at(n))
                    if (closure.keys.insert(target).second)
                        open.push_back(target);
    }
    return closure;
}

void OverlayMerger::replay(const std::vector<EntityKey> &keys)
{
    const auto closure = closureOf(keys);
    ScratchView view{[this](const EntityKey &key) { return m_cache.serverRow(key); }};
    for (const auto n : closure.intents) {
        const auto found = m_outbox.intents().find(n);
        if (found == m_outbox.intents().end())
            continue;
        if (apply(view, found->second))
            view.keep();
        else
            view.drop(); // the server will say the same, or know better
    }
    for (const auto &key : closure.keys) {
        if (!m_byTarget.contains(key)) {
            m_cache.dropShadow(key);
            continue;
        }
        const auto fresh = view.result(key);
        const auto shown = m_cache.mergedRow(key);
        const bool same = fresh.has_value() == shown.has_value() &&
                          (!fresh || (fresh->json == shown->json && fresh->q == shown->q &&
                                      fresh->scope == shown->scope && fresh->sv == shown->sv));
        if (!same)
            m_cache.putMergedRow(key, fresh);
    }
}

} // namespace client::sync
