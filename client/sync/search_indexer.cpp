#include "client/sync/search_indexer.h"

#include "client/storage/search_index.h"

#include <chrono>

namespace client::sync {

namespace {

constexpr std::size_t messagesAStep = 500; // some 20 ms
constexpr base::Duration betweenSteps{5};
constexpr base::Duration settling{200}; // one step for what comes in a burst

} // namespace

SearchIndexer::SearchIndexer(storage::CacheStore &cache, base::Scheduler &scheduler, Events events)
    : m_cache{cache}
    , m_scheduler{scheduler}
    , m_events{std::move(events)}
{
}

SearchIndexer::~SearchIndexer()
{
    m_scheduler.cancel(m_timer);
}

void SearchIndexer::wake()
{
    if (m_timer == 0)
        m_timer = m_scheduler.after(settling, [this] { step(); });
}

void SearchIndexer::step()
{
    m_timer = 0;
    if (!m_events.mayRun())
        return;
    try {
        if (storage::SearchIndex{m_cache.connection()}.index(messagesAStep) == messagesAStep)
            m_timer = m_scheduler.after(betweenSteps, [this] { step(); });
    } catch (const storage::StorageError &error) {
        m_events.failed(error.isDamage());
    }
}

} // namespace client::sync
