#include "client/sync/background_search.h"

#include "client/storage/reader.h"

namespace client::sync {

BackgroundSearch::BackgroundSearch(MakeReader makeReader, QObject *parent)
    : QObject{parent}
    , m_shared{std::make_shared<Shared>()}
    , m_worker{new QObject}
{
    m_shared->makeReader = std::move(makeReader);
    m_worker->moveToThread(&m_thread);
    // A database connection goes where it was made.
    connect(&m_thread, &QThread::finished, m_worker, [shared = m_shared, worker = m_worker] {
        shared->reader.reset();
        worker->deleteLater();
    });
    m_thread.setObjectName(QStringLiteral("search"));
    m_thread.start(QThread::LowPriority);
}

BackgroundSearch::~BackgroundSearch()
{
    cancel();
    m_thread.quit();
    m_thread.wait();
}

void BackgroundSearch::look(const QString &words, int limit, const domain::UserId &me)
{
    const int mine = ++m_shared->newest;
    QMetaObject::invokeMethod(
        m_worker,
        [this, shared = m_shared, words, limit, mine, me] {
            if (shared->newest != mine)
                return;
            std::vector<storage::SearchHit> hits;
            try {
                if (!shared->reader)
                    shared->reader = shared->makeReader();
                hits = shared->reader->search(words.toStdString(), limit, me);
            } catch (const storage::StorageError &) {
                shared->reader.reset(); // the file is gone or being replaced: another try opens it anew
            }
            QMetaObject::invokeMethod(
                this,
                [this, shared, words, mine, hits = std::move(hits)] {
                    if (shared->newest == mine)
                        Q_EMIT found(words, hits);
                },
                Qt::QueuedConnection);
        },
        Qt::QueuedConnection);
}

void BackgroundSearch::cancel()
{
    ++m_shared->newest;
}

void BackgroundSearch::reopen()
{
    QMetaObject::invokeMethod(
        m_worker, [shared = m_shared] { shared->reader.reset(); }, Qt::QueuedConnection);
}

} // namespace client::sync
