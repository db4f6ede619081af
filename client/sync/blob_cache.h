#pragma once

#include "client/storage/vault/vault.h"

#include <QObject>
#include <QString>
#include <QUrl>

#include <functional>
#include <set>

class QNetworkAccessManager;

namespace client::sync {

/// Files of messages, fetched when somebody looks at them and kept under their ids. Lives on the engine's
/// thread.
class BlobCache : public QObject {
    Q_OBJECT

public:
    /// Files are written with `vault` (storage::VaultDevice).
    BlobCache(QUrl server, QString directory, std::shared_ptr<const storage::Vault> vault,
              QNetworkAccessManager &network, std::function<std::string()> access, QObject *parent = nullptr);

    /// Where the bytes would lie; any thread.
    static QString pathOf(const QString &directory, const QString &id, bool thumbnail);
    /// Fetches unless it is on its way already.
    void fetch(const QString &id, bool thumbnail);
    /// Somebody looked at it: it goes later than others.
    void touch(const QString &id, bool thumbnail);
    /// The file and its thumbnail.
    void remove(const QString &id);
    /// Those looked at least recently go until the rest is below this.
    void shrink(qint64 bytes);
    [[nodiscard]] qint64 usedBytes() const;

Q_SIGNALS:
    void ready(const QString &id, bool thumbnail, const QString &path);
    void failed(const QString &id, bool thumbnail);

private:
    QUrl m_server;
    QString m_directory;
    std::shared_ptr<const storage::Vault> m_vault;
    QNetworkAccessManager &m_network;
    std::function<std::string()> m_access;
    std::set<QString> m_running;
};

} // namespace client::sync
