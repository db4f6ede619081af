#pragma once

#include "client/features/conversations/logic/timeline_model.h"
#include "client/features/conversations/ui/file_access.h"
#include "client/widgets/thread/thread_model.h"

#include <QCache>
#include <QPixmap>
#include <QSet>

namespace client::conversations {

/// TimelineModel in the words of widgets::ThreadView, with thumbnails. Thumbnails are fetched newest first, a
/// page at a time.
class TimelineThreadModel : public widgets::ThreadModel {
    Q_OBJECT

public:
    TimelineThreadModel(TimelineModel &timeline, FileAccess files, QObject *parent = nullptr);

    [[nodiscard]] int count() const override;
    [[nodiscard]] widgets::ThreadItem item(int index) const override;

    /// The next page of thumbnails, further up.
    void wantMoreThumbnails();
    /// A thumbnail has arrived.
    void showThumbnail(const QString &id, const QString &path);
    /// Tells that the file of a message travels (or no longer does).
    void setFetching(const QString &attachment, bool fetching);
    /// Null when it is not in this thread.
    [[nodiscard]] std::optional<domain::Attachment> attachment(const QString &id) const;

private:
    void fetchThumbnails();
    void touch(const QString &attachment);

    TimelineModel &m_timeline;
    FileAccess m_files;
    mutable QCache<QString, QPixmap> m_thumbnails{120};
    QSet<QString> m_asked;
    QSet<QString> m_fetching;
    int m_want = 0;
};

} // namespace client::conversations
