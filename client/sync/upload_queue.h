#pragma once

#include "client/storage/outbox_store.h"
#include "client/sync/session.h"
#include "shared/base/scheduler.h"

#include <QObject>
#include <QUrl>

#include <functional>

class QFile;
class QNetworkAccessManager;
class QNetworkReply;

namespace client::sync {

/// Sends the spooled files of the outbox, one at a time, until each is on the server or refused
/// (docs/protocol.md A.9). Survives restarts: what waits is in the outbox, the bytes are in the spool. Lives
/// on the engine's thread.
class UploadQueue : public QObject {
    Q_OBJECT

public:
    struct Ports {
        storage::OutboxStore &outbox;
        base::Scheduler &scheduler;
        QNetworkAccessManager &network;
        std::function<std::string()> access; ///< empty while there is none
    };

    UploadQueue(QUrl server, QString spool, Ports ports, QObject *parent = nullptr);

    /// Copies the file into the spool and queues it. Fails with Storage or TooLarge.
    base::Status add(const base::Uuid &id, const QString &path);
    void remove(const base::Uuid &id);
    /// The server has not got it: once more.
    void again(const base::Uuid &id);
    /// A connection is there, or a file was added.
    void pump();
    /// Removes spooled files that no upload names.
    void sweepSpool();

Q_SIGNALS:
    void progressed(const client::sync::UploadProgress &progress);
    /// Sent or refused: lanes may go on.
    void settled();

private:
    void send(const storage::Upload &upload);
    void finished(QNetworkReply &reply, storage::Upload upload);
    void pauseThenPump();

    QUrl m_server;
    QString m_spool;
    Ports m_ports;
    QNetworkReply *m_reply = nullptr;
    base::Uuid m_current;
    base::TimerId m_pause = 0;
    int m_failures = 0;
};

} // namespace client::sync
