#include "client/sync/search_indexer.h"

#include "client/storage/search_index.h"

#include <chrono>

namespace client::sync {

namespace {

constexpr std::size_t messagesAStep = 500; // some 20 ms
constexpr base::Duration betweenSteps{5};
constexpr base::Duration settling{200}; // lets a first sync insert before it is indexed

} // namespace

SearchIndexer::SearchIndexer(storage::CacheStore &cache, base::Scheduler &scheduler, Failed failed)
    : m_cache{cache}
    , m_scheduler{scheduler}
    , m_failed{std::move(failed)}
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
    try {
        if (storage::SearchIndex{m_cache.connection()}.index(messagesAStep) == messagesAStep)
            m_timer = m_scheduler.after(betweenSteps, [this] { step(); });
    } catch (const storage::StorageError &error) {
        m_failed(error.isDamage());
    }
}

} // namespace client::sync
