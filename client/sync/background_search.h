#pragma once

#include "client/storage/conversation_search.h"
#include "shared/domain/accounts/account.h"

#include <QObject>
#include <QString>
#include <QThread>

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

namespace client::storage {
class Reader;
}

namespace client::sync {

/// Searches the cache on a thread of its own: a short word in a million messages takes longer than a frame.
/// Lives on the GUI thread.
class BackgroundSearch : public QObject {
    Q_OBJECT

public:
    using MakeReader = std::function<std::unique_ptr<storage::Reader>()>;

    /// `makeReader` is called on the searching thread and may be called from any.
    explicit BackgroundSearch(MakeReader makeReader, QObject *parent = nullptr);
    /// Waits for the search that runs.
    ~BackgroundSearch() override;

    /// Looks for these words, see Reader::search(). What was asked before and has not begun is dropped, and
    /// found() tells of the newest only.
    void look(const QString &words, int limit, const domain::UserId &me);
    /// Nothing is told of what was asked so far.
    void cancel();
    /// The cache file was replaced.
    void reopen();

Q_SIGNALS:
    void found(const QString &words, const std::vector<storage::SearchHit> &hits);

private:
    struct Shared {
        MakeReader makeReader;
        std::unique_ptr<storage::Reader> reader; ///< the searching thread's alone
        std::atomic<int> newest{0};
    };

    std::shared_ptr<Shared> m_shared;
    QThread m_thread;
    QObject *m_worker;
};

} // namespace client::sync
