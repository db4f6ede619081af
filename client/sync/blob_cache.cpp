#include "client/sync/blob_cache.h"

#include "client/storage/vault/vault_device.h"
#include "shared/protocol/limits.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>

#include <memory>

namespace client::sync {

namespace {

constexpr int transferLimitMs = 60'000;

} // namespace

BlobCache::BlobCache(QUrl server, QString directory, std::shared_ptr<const storage::Vault> vault,
                     QNetworkAccessManager &network, std::function<std::string()> access, QObject *parent)
    : QObject{parent}
    , m_server{std::move(server)}
    , m_directory{std::move(directory)}
    , m_vault{std::move(vault)}
    , m_network{network}
    , m_access{std::move(access)}
{
}

QString BlobCache::pathOf(const QString &directory, const QString &id, bool thumbnail)
{
    return directory + QLatin1Char{'/'} + id + (thumbnail ? QStringLiteral(".thumb") : QString{});
}

void BlobCache::fetch(const QString &id, bool thumbnail)
{
    const auto path = pathOf(m_directory, id, thumbnail);
    const auto access = m_access();
    if (access.empty()) {
        Q_EMIT failed(id, thumbnail);
        return;
    }
    if (!m_running.insert(path).second)
        return;
    const auto target = QStringLiteral("/blob/") + id + (thumbnail ? QStringLiteral("/thumb") : QString{});
    QNetworkRequest request{QUrl{m_server.toString(QUrl::StripTrailingSlash) + target}};
    request.setRawHeader("Authorization", "Bearer " + QByteArray::fromStdString(access));
    request.setTransferTimeout(transferLimitMs);
    auto *reply = m_network.get(request);
    auto file = std::make_shared<storage::VaultDevice>(m_vault, path);
    const bool open = file->open(QIODevice::WriteOnly);
    connect(reply, &QNetworkReply::readyRead, this, [reply, file, open] {
        const bool tooLarge = file->pos() + reply->bytesAvailable() > protocol::maxUploadBytes;
        if (!open || tooLarge)
            reply->abort();
        else
            file->write(reply->readAll());
    });
    connect(reply, &QNetworkReply::finished, this, [this, reply, file, open, id, thumbnail, path] {
        reply->deleteLater();
        m_running.erase(path);
        const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        if (open && status == 200 && reply->error() == QNetworkReply::NoError) {
            file->write(reply->readAll());
            if (file->commit()) {
                Q_EMIT ready(id, thumbnail, path);
                return;
            }
        }
        file->close();
        Q_EMIT failed(id, thumbnail);
    });
}

void BlobCache::touch(const QString &id, bool thumbnail)
{
    QFile file{pathOf(m_directory, id, thumbnail)};
    if (file.open(QIODevice::ReadWrite | QIODevice::ExistingOnly))
        file.setFileTime(QDateTime::currentDateTime(), QFileDevice::FileModificationTime);
}

void BlobCache::remove(const QString &id)
{
    for (const bool thumbnail : {false, true})
        QFile::remove(pathOf(m_directory, id, thumbnail));
}

void BlobCache::shrink(qint64 bytes)
{
    auto used = usedBytes();
    if (used <= bytes)
        return;
    const auto oldestFirst =
        QDir{m_directory}.entryInfoList(QDir::Files | QDir::Hidden, QDir::Time | QDir::Reversed);
    for (const auto &file : oldestFirst) {
        if (used <= bytes)
            return;
        if (!m_running.contains(file.filePath()) && QFile::remove(file.filePath()))
            used -= file.size();
    }
}

qint64 BlobCache::usedBytes() const
{
    qint64 used = 0;
    for (const auto &file : QDir{m_directory}.entryInfoList(QDir::Files | QDir::Hidden, QDir::Unsorted))
        used += file.size();
    return used;
}

} // namespace client::sync
