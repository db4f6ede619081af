#include "client/features/conversations/ui/timeline_thread_model.h"

#include <QImageReader>

#include <algorithm>

namespace client::conversations {

namespace {

constexpr int thumbnailPage = 30;
constexpr int widestThumbnail = 504; // 252 px at two device pixels each

widgets::ThreadItemKind kindOf(TimelineEntry::Kind kind)
{
    switch (kind) {
    case TimelineEntry::Kind::Incoming:
        return widgets::ThreadItemKind::Incoming;
    case TimelineEntry::Kind::Outgoing:
        return widgets::ThreadItemKind::Outgoing;
    case TimelineEntry::Kind::Note:
        return widgets::ThreadItemKind::Note;
    case TimelineEntry::Kind::Activity:
        return widgets::ThreadItemKind::Activity;
    case TimelineEntry::Kind::Day:
        return widgets::ThreadItemKind::Day;
    case TimelineEntry::Kind::NewLine:
        break;
    }
    return widgets::ThreadItemKind::NewLine;
}

widgets::SendState stateOf(TimelineEntry::State state)
{
    switch (state) {
    case TimelineEntry::State::None:
        return widgets::SendState::None;
    case TimelineEntry::State::Uploading:
    case TimelineEntry::State::Sending:
        return widgets::SendState::Sending;
    case TimelineEntry::State::Queued:
        return widgets::SendState::Queued;
    case TimelineEntry::State::Sent:
        return widgets::SendState::Sent;
    case TimelineEntry::State::Delivered:
        return widgets::SendState::Delivered;
    case TimelineEntry::State::Read:
        return widgets::SendState::Read;
    case TimelineEntry::State::Held:
        return widgets::SendState::Held;
    case TimelineEntry::State::Uncertain:
        return widgets::SendState::Uncertain;
    case TimelineEntry::State::Failed:
    case TimelineEntry::State::Undelivered:
        break;
    }
    return widgets::SendState::Failed;
}

QString idOf(const domain::Attachment &attachment)
{
    return QString::fromStdString(attachment.id.text());
}

} // namespace

TimelineThreadModel::TimelineThreadModel(TimelineModel &timeline, FileAccess files, QObject *parent)
    : ThreadModel{parent}
    , m_timeline{timeline}
    , m_files{std::move(files)}
{
    connect(&timeline, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex &, int first, int last) {
                Q_EMIT inserted(first, last - first + 1);
                fetchThumbnails();
            });
    connect(&timeline, &QAbstractItemModel::rowsRemoved, this,
            [this](const QModelIndex &, int first, int last) { Q_EMIT removed(first, last - first + 1); });
    connect(&timeline, &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex &first, const QModelIndex &last) {
                Q_EMIT changed(first.row(), last.row() - first.row() + 1);
            });
    connect(&timeline, &QAbstractItemModel::rowsMoved, this, [this] { Q_EMIT reset(); });
    connect(&timeline, &QAbstractItemModel::modelReset, this, [this] {
        m_want = thumbnailPage;
        m_asked.clear();
        Q_EMIT reset();
        fetchThumbnails();
    });
}

int TimelineThreadModel::count() const
{
    return m_timeline.rowCount();
}

widgets::ThreadItem TimelineThreadModel::item(int index) const
{
    const auto &entry = m_timeline.entry(index);
    widgets::ThreadItem item{
        .id = entry.id,
        .kind = kindOf(entry.kind),
        .author = entry.author,
        .avatarName = entry.avatarName,
        .text = entry.text,
        .time = entry.time,
        .state = stateOf(entry.state),
        .stateDetail = entry.stateDetail,
        .undoable = entry.undoable,
        .groupedWithPrevious = entry.grouped,
    };
    for (const auto &attachment : entry.attachments) {
        const auto id = idOf(attachment);
        widgets::ThreadAttachment shown{
            .id = id,
            .name = QString::fromStdString(attachment.name),
            .detail = sizeText(attachment.size),
            .mime = QString::fromStdString(attachment.mime),
            .progress = m_fetching.contains(id) ? 0 : -1,
        };
        if (attachment.thumbnail)
            shown.pixelSize = QSize{attachment.width, attachment.height};
        if (const auto *pixmap = m_thumbnails.object(id))
            shown.thumbnail = *pixmap;
        item.attachments.push_back(std::move(shown));
    }
    return item;
}

void TimelineThreadModel::wantMoreThumbnails()
{
    m_want += thumbnailPage;
    fetchThumbnails();
}

void TimelineThreadModel::fetchThumbnails()
{
    std::vector<std::pair<QString, QString>> here;
    for (int i = count() - 1, seen = 0; i >= 0 && seen < m_want; --i) {
        for (const auto &attachment : m_timeline.entry(i).attachments) {
            if (!attachment.thumbnail)
                continue;
            ++seen;
            const auto id = idOf(attachment);
            if (m_asked.contains(id) || m_thumbnails.contains(id))
                continue;
            m_asked.insert(id);
            if (auto path = m_files.fetch(attachment.id, true); !path.isEmpty())
                here.emplace_back(id, std::move(path));
        }
    }
    for (const auto &[id, path] : here)
        showThumbnail(id, path);
}

void TimelineThreadModel::showThumbnail(const QString &id, const QString &path)
{
    if (!m_asked.contains(id))
        return;
    const auto file = m_files.open(path);
    if (!file)
        return;
    QImageReader reader{file.get()};
    reader.setAutoTransform(true);
    if (const auto size = reader.size(); size.isValid() && size.width() > widestThumbnail)
        reader.setScaledSize(size.scaled(widestThumbnail, 4 * widestThumbnail, Qt::KeepAspectRatio));
    const auto image = reader.read();
    if (image.isNull())
        return;
    m_thumbnails.insert(id, new QPixmap{QPixmap::fromImage(image)});
    touch(id);
}

void TimelineThreadModel::setFetching(const QString &attachment, bool fetching)
{
    if (fetching)
        m_fetching.insert(attachment);
    else if (!m_fetching.remove(attachment))
        return;
    touch(attachment);
}

std::optional<domain::Attachment> TimelineThreadModel::attachment(const QString &id) const
{
    for (int i = 0; i < count(); ++i)
        for (const auto &attachment : m_timeline.entry(i).attachments)
            if (idOf(attachment) == id)
                return attachment;
    return std::nullopt;
}

void TimelineThreadModel::touch(const QString &attachment)
{
    for (int i = 0; i < count(); ++i) {
        const auto &all = m_timeline.entry(i).attachments;
        if (std::any_of(all.begin(), all.end(), [&](const auto &one) { return idOf(one) == attachment; }))
            Q_EMIT changed(i, 1);
    }
}

} // namespace client::conversations
