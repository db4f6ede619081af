#include "client/sync/upload_queue.h"

#include "shared/base/json.h"
#include "shared/protocol/limits.h"

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

constexpr int transferLimitMs = 60'000;

bool isFinal(int status)
{
    return status == 400 || status == 403 || status == 413 || status == 415 || status == 422;
}

} // namespace

UploadQueue::UploadQueue(QUrl server, QString spool, Ports ports, QObject *parent)
    : QObject{parent}
    , m_server{std::move(server)}
    , m_spool{std::move(spool)}
    , m_ports{std::move(ports)}
{
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
    Upload upload;
    upload.id = id;
    upload.path = copy.toStdString();
    upload.name = source.fileName().toStdString();
    upload.mime = QMimeDatabase{}.mimeTypeForFile(source).name().toStdString();
    upload.size = source.size();
    m_ports.outbox.putUpload(upload);
    Q_EMIT progressed({upload, 0});
    pump();
    return base::Done{};
}

void UploadQueue::remove(const base::Uuid &id)
{
    if (m_reply && m_current == id)
        m_reply->abort();
    const auto found = m_ports.outbox.uploads().find(id);
    if (found == m_ports.outbox.uploads().end())
        return;
    QFile::remove(QString::fromStdString(found->second.path));
    m_ports.outbox.removeUpload(id);
}

void UploadQueue::again(const base::Uuid &id)
{
    const auto found = m_ports.outbox.uploads().find(id);
    if (found == m_ports.outbox.uploads().end())
        return;
    auto upload = found->second;
    upload.state = Upload::State::Waiting;
    m_ports.outbox.putUpload(upload);
    pump();
}

void UploadQueue::pump()
{
    if (m_reply || m_pause != 0 || m_ports.access().empty())
        return;
    for (const auto &[id, upload] : m_ports.outbox.uploads())
        if (upload.state == Upload::State::Waiting)
            return send(upload);
}

void UploadQueue::send(const Upload &upload)
{
    auto *file = new QFile{QString::fromStdString(upload.path), this};
    if (!file->open(QIODevice::ReadOnly)) {
        file->deleteLater();
        auto lost = upload;
        lost.state = Upload::State::Refused;
        lost.code = "storage";
        m_ports.outbox.putUpload(lost);
        Q_EMIT progressed({lost, 0});
        return pump();
    }
    QNetworkRequest request{
        QUrl{m_server.toString(QUrl::StripTrailingSlash) + QStringLiteral("/sync/v1/up")}};
    request.setRawHeader("Authorization", "Bearer " + QByteArray::fromStdString(m_ports.access()));
    request.setRawHeader("X-Upload-Id", QByteArray::fromStdString(upload.id.text()));
    request.setRawHeader("X-File-Name", QUrl::toPercentEncoding(QString::fromStdString(upload.name)));
    request.setHeader(QNetworkRequest::ContentTypeHeader, QString::fromStdString(upload.mime));
    request.setTransferTimeout(transferLimitMs);
    m_current = upload.id;
    m_reply = m_ports.network.post(request, file);
    file->setParent(m_reply);
    connect(m_reply, &QNetworkReply::uploadProgress, this, [this, upload](qint64 sent, qint64) {
        Q_EMIT progressed({upload, sent});
    });
    connect(m_reply, &QNetworkReply::finished, this, [this, reply = m_reply, upload] {
        m_reply = nullptr;
        reply->deleteLater();
        finished(*reply, upload);
    });
}

void UploadQueue::finished(QNetworkReply &reply, Upload upload)
{
    if (!m_ports.outbox.uploads().contains(upload.id))
        return pump(); // taken back meanwhile
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status == 200 || status == 201) {
        m_failures = 0;
        upload.state = Upload::State::Sent;
        if (const auto json = base::parseJson(reply.readAll().toStdString()))
            upload.mime = base::textField(*json, "mime").value_or(upload.mime);
    } else if (isFinal(status)) {
        upload.state = Upload::State::Refused;
        const auto json = base::parseJson(reply.readAll().toStdString());
        upload.code = json ? base::textField(*json, "code").value_or("invalid") : "invalid";
    } else {
        Q_EMIT progressed({upload, 0});
        return pauseThenPump();
    }
    m_ports.outbox.putUpload(upload);
    Q_EMIT progressed({upload, upload.state == Upload::State::Sent ? upload.size : 0});
    Q_EMIT settled();
    pump();
}

void UploadQueue::pauseThenPump()
{
    const base::Duration wait{1000 * (1 << std::min(m_failures++, 6))};
    m_pause = m_ports.scheduler.after(wait, [this] {
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
