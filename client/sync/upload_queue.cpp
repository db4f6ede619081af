#include "client/sync/upload_queue.h"

#include "client/sync/http_bulk.h"
#include "shared/base/crc32c.h"
#include "shared/base/failpoint.h"
#include "shared/base/json.h"
#include "shared/base/text.h"
#include "shared/protocol/limits.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QMimeDatabase>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>

#include <algorithm>

namespace client::sync {

namespace {

using storage::Upload;

constexpr int transferLimitMs = 60'000; // without a byte
constexpr int damagedPiece = 460;
constexpr int mostRejections = 4;

std::string hashOf(const QString &path)
{
    QFile file{path};
    QCryptographicHash hash{QCryptographicHash::Sha256};
    const bool read = file.open(QIODevice::ReadOnly) && hash.addData(&file);
    return read ? hash.result().toStdString() : std::string{};
}

bool isFinal(int status)
{
    return status == 400 || status == 403 || status == 404 || status == 409 || status == 413 ||
           status == 415 || status == 422;
}

} // namespace

/// What came back, read once.
struct UploadQueue::Answer {
    explicit Answer(QNetworkReply &reply)
        : status{reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt()}
        , retryAfter{retryAfterOf(reply)}
    {
        bool ok = false;
        const auto header = reply.rawHeader("Upload-Offset").toLongLong(&ok);
        if (ok && header >= 0)
            offset = header;
        const auto parsed = base::parseJson(reply.read(64 << 10).toStdString());
        if (parsed)
            json = *parsed;
        code = base::textField(json, "code").value_or("invalid");
        // Only a whole answer counts: a cut one may lack what decides.
        if (reply.error() != QNetworkReply::NoError && status / 100 == 2)
            status = 0;
    }

    int status = 0; ///< 0: none
    base::Duration retryAfter{};
    std::optional<std::int64_t> offset;
    base::Json json;
    std::string code;
};

UploadQueue::UploadQueue(QUrl server, QString spool, Ports ports, QObject *parent)
    : QObject{parent}
    , m_server{std::move(server)}
    , m_spool{std::move(spool)}
    , m_ports{std::move(ports)}
{
}

UploadQueue::~UploadQueue()
{
    stopSending();
    m_ports.scheduler.cancel(m_pause);
}

void UploadQueue::stopSending()
{
    if (auto *reply = std::exchange(m_reply, nullptr)) {
        reply->disconnect(this);
        reply->abort();
        reply->deleteLater();
    }
    m_known = {};
}

base::Status UploadQueue::add(const base::Uuid &id, const QString &path)
{
    const QFileInfo source{path};
    if (source.size() > protocol::maxUploadBytes)
        return base::Error{base::ErrorCode::TooLarge, path.toStdString()};
    const auto copy = m_spool + QLatin1Char{'/'} + QString::fromStdString(id.text());
    if (!source.isFile() || !QFile::copy(path, copy))
        return base::Error{base::ErrorCode::Storage, "cannot copy " + path.toStdString()};
    QFile::setPermissions(copy, QFile::ReadOwner | QFile::WriteOwner);
    base::failpoint("upload.spooled");
    Upload upload;
    upload.id = id;
    upload.path = copy.toStdString();
    upload.name = source.fileName().toStdString();
    upload.mime = QMimeDatabase{}.mimeTypeForFile(source).name().toStdString();
    upload.size = QFileInfo{copy}.size(); // the original may have changed meanwhile
    if (upload.size == 0) {
        QFile::remove(copy);
        return base::Error{base::ErrorCode::Invalid, path.toStdString()};
    }
    m_ports.outbox.putUpload(upload);
    Q_EMIT progressed({upload, 0});
    pump();
    return base::Done{};
}

void UploadQueue::remove(const base::Uuid &id)
{
    const auto found = m_ports.outbox.uploads().find(id);
    if (found == m_ports.outbox.uploads().end())
        return;
    QFile::remove(QString::fromStdString(found->second.path));
    m_ports.outbox.removeUpload(id);
    if (m_reply && m_current == id) {
        stopSending();
        pump();
    }
}

void UploadQueue::again(const base::Uuid &id)
{
    const auto found = m_ports.outbox.uploads().find(id);
    if (found == m_ports.outbox.uploads().end())
        return;
    auto upload = found->second;
    upload.state = Upload::State::Waiting;
    upload.offset = 0;
    upload.code.clear();
    m_ports.outbox.putUpload(upload);
    pump();
}

void UploadQueue::setPaused(const base::Uuid &id, bool paused)
{
    const auto found = m_ports.outbox.uploads().find(id);
    const auto from = paused ? Upload::State::Waiting : Upload::State::Paused;
    if (found == m_ports.outbox.uploads().end() || found->second.state != from)
        return;
    auto upload = found->second;
    upload.state = paused ? Upload::State::Paused : Upload::State::Waiting;
    m_ports.outbox.putUpload(upload);
    if (paused && m_reply && m_current == id)
        stopSending();
    Q_EMIT progressed({upload, upload.offset});
    pump();
}

void UploadQueue::pump()
{
    if (m_reply || m_pause != 0 || m_ports.access().empty())
        return;
    const auto &uploads = m_ports.outbox.uploads();
    const auto next = std::find_if(uploads.begin(), uploads.end(), [](const auto &entry) {
        return entry.second.state == Upload::State::Waiting;
    });
    if (next != uploads.end())
        begin(Upload{next->second});
}

void UploadQueue::begin(const Upload &upload)
{
    if (upload.sha256.empty() || !QFile::exists(QString::fromStdString(upload.path))) {
        auto hashed = upload;
        hashed.sha256 = hashOf(QString::fromStdString(upload.path));
        if (hashed.sha256.empty())
            return refuse(hashed, "storage");
        m_ports.outbox.putUpload(hashed);
        return begin(hashed);
    }
    if (m_known == upload.id)
        return sendPiece(upload);
    if (upload.offset > 0)
        return askOffset(upload);
    announce(upload);
}

QNetworkRequest UploadQueue::request(const QString &path) const
{
    QNetworkRequest request{
        QUrl{m_server.toString(QUrl::StripTrailingSlash) + QStringLiteral("/sync/v1/up") + path}};
    request.setRawHeader("Authorization", "Bearer " + QByteArray::fromStdString(m_ports.access()));
    request.setTransferTimeout(transferLimitMs);
    return request;
}

void UploadQueue::wait(QNetworkReply *reply, const base::Uuid &id, Take take)
{
    m_reply = reply;
    m_current = id;
    connect(reply, &QNetworkReply::finished, this, [this, reply, id, take] {
        m_reply = nullptr;
        reply->deleteLater();
        const auto found = m_ports.outbox.uploads().find(id);
        if (found == m_ports.outbox.uploads().end())
            return pump(); // taken back meanwhile
        Upload upload{found->second};
        try {
            (this->*take)(upload, Answer{*reply});
        } catch (const storage::StorageError &) { // a full disk: the server knows how far it got
            tryLater(upload, {});
        }
    });
}

void UploadQueue::announce(const Upload &upload)
{
    auto asked = request({});
    asked.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    const base::Json body{{"id", upload.id.text()},
                          {"size", upload.size},
                          {"sha256", base::toHex(upload.sha256)},
                          {"mime", upload.mime},
                          {"name", upload.name}};
    wait(m_ports.network.post(asked, QByteArray::fromStdString(base::toText(body))), upload.id,
         &UploadQueue::announced);
}

void UploadQueue::askOffset(const Upload &upload)
{
    wait(m_ports.network.head(request(QLatin1Char{'/'} + QString::fromStdString(upload.id.text()))),
         upload.id, &UploadQueue::toldOffset);
}

void UploadQueue::sendPiece(const Upload &upload)
{
    QFile file{QString::fromStdString(upload.path)};
    const auto length = std::clamp<qint64>(m_pieceSize, 1, protocol::maxUploadPiece);
    QByteArray piece;
    if (file.open(QIODevice::ReadOnly) && file.seek(upload.offset))
        piece = file.read(length);
    if (piece.isEmpty()) {
        auto lost = upload;
        return refuse(lost, "storage");
    }
    auto asked = request(QLatin1Char{'/'} + QString::fromStdString(upload.id.text()));
    asked.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/offset+octet-stream"));
    asked.setRawHeader("Upload-Offset", QByteArray::number(static_cast<qlonglong>(upload.offset)));
    asked.setRawHeader("Content-CRC32C", QByteArray::fromStdString(base::crc32cText(
                                             {piece.constData(), static_cast<std::size_t>(piece.size())})));
    auto *reply = m_ports.network.sendCustomRequest(asked, "PATCH", piece);
    connect(reply, &QNetworkReply::uploadProgress, this, [this, upload](qint64 done, qint64) {
        if (done > 0) // Qt ends with a 0
            Q_EMIT progressed({upload, upload.offset + done});
    });
    wait(reply, upload.id, &UploadQueue::pieceTaken);
}

void UploadQueue::announced(Upload &upload, const Answer &answer)
{
    if (answer.status != 200 && answer.status != 201) {
        if (isFinal(answer.status))
            return refuse(upload, answer.code);
        return tryLater(upload, answer.retryAfter);
    }
    if (base::flagField(answer.json, "complete").value_or(false))
        return sent(upload, answer);
    m_known = upload.id;
    moveTo(upload, base::integerField(answer.json, "offset").value_or(0));
}

void UploadQueue::toldOffset(Upload &upload, const Answer &answer)
{
    // Not here any more, or complete, which the announcement tells about.
    if (answer.status == 410 || (answer.status == 200 && answer.offset == upload.size)) {
        upload.offset = 0;
        m_ports.outbox.putUpload(upload);
        return announce(upload);
    }
    if (answer.status != 200 || !answer.offset)
        return tryLater(upload, answer.retryAfter);
    m_known = upload.id;
    moveTo(upload, *answer.offset);
}

void UploadQueue::pieceTaken(Upload &upload, const Answer &answer)
{
    if (answer.status == 200) {
        if (base::flagField(answer.json, "complete").value_or(false))
            return sent(upload, answer);
        m_rejections = 0;
        return moveTo(upload, base::integerField(answer.json, "offset").value_or(upload.offset));
    }
    if (answer.status == 410 || (answer.status == 409 && answer.offset == upload.size)) {
        m_known = {};
        upload.offset = 0;
        m_ports.outbox.putUpload(upload);
        return announce(upload);
    }
    if (answer.status == 409 && answer.offset)
        return moveTo(upload, *answer.offset);
    if (answer.status == damagedPiece && ++m_rejections < mostRejections)
        return sendPiece(upload);
    if (answer.status == 422 && answer.code == "hash")
        return wrongFile(upload);
    if (answer.status != damagedPiece && isFinal(answer.status))
        return refuse(upload, answer.code);
    tryLater(upload, answer.retryAfter);
}

// The bytes that arrived are not those that were spooled; either the way or the spool damaged them.
void UploadQueue::wrongFile(Upload &upload)
{
    const bool isIntact = hashOf(QString::fromStdString(upload.path)) == upload.sha256;
    if (!isIntact || ++m_rejections >= mostRejections)
        return refuse(upload, isIntact ? "hash" : "storage");
    moveTo(upload, 0);
}

void UploadQueue::moveTo(Upload &upload, std::int64_t offset)
{
    m_failures = 0;
    if (offset < 0 || offset >= upload.size) // no server of ours says that
        return tryLater(upload, {});
    if (upload.offset != offset) {
        upload.offset = offset;
        m_ports.outbox.putUpload(upload);
        base::failpoint("upload.piece.acknowledged");
    }
    Q_EMIT progressed({upload, offset});
    const auto now = m_ports.outbox.uploads().find(upload.id); // a listener may have paused or removed it
    if (!m_reply && now != m_ports.outbox.uploads().end() && now->second.state == Upload::State::Waiting)
        sendPiece(Upload{now->second});
    else
        pump();
}

void UploadQueue::sent(Upload &upload, const Answer &answer)
{
    m_failures = m_rejections = 0;
    m_known = {};
    upload.state = Upload::State::Sent;
    upload.offset = upload.size;
    upload.mime = base::textField(answer.json, "mime").value_or(upload.mime);
    m_ports.outbox.putUpload(upload);
    base::failpoint("upload.arrived");
    Q_EMIT progressed({upload, upload.size});
    Q_EMIT settled();
    pump();
}

void UploadQueue::refuse(Upload &upload, const std::string &code)
{
    m_rejections = 0;
    m_known = {};
    upload.state = Upload::State::Refused;
    upload.code = code;
    upload.offset = 0;
    m_ports.outbox.putUpload(upload);
    Q_EMIT progressed({upload, 0});
    Q_EMIT settled();
    pump();
}

void UploadQueue::tryLater(const Upload &upload, base::Duration atLeast)
{
    m_known = {};
    m_rejections = 0;
    Q_EMIT progressed({upload, upload.offset});
    const base::Duration wait{1000 * (1 << std::min(m_failures++, 6))};
    if (m_pause != 0)
        return;
    m_pause = m_ports.scheduler.after(std::max(wait, atLeast), [this] {
        m_pause = 0;
        pump();
    });
}

void UploadQueue::sweepSpool()
{
    const QDir spool{m_spool};
    for (const auto &name : spool.entryList(QDir::Files)) {
        const auto id = base::Uuid::parse(name.toStdString());
        if (!id || !m_ports.outbox.uploads().contains(*id))
            QFile::remove(spool.filePath(name));
    }
}

} // namespace client::sync
