#pragma once

#include "client/storage/outbox_store.h"
#include "client/sync/session.h"
#include "shared/base/scheduler.h"

#include <QObject>
#include <QUrl>

#include <functional>
#include <optional>

class QNetworkAccessManager;
class QNetworkReply;
class QNetworkRequest;

namespace client::sync {

/// Sends the spooled files of the outbox, one at a time and in pieces, until each is on the server or refused
/// (docs/protocol.md A.9). Survives restarts of either side and a cut at any byte: what waits and how far it
/// came is in the outbox, the bytes are in the spool, and the server has the last word on the offset. Lives
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
    ~UploadQueue() override;

    /// Copies the file into the spool and queues it. Fails with Storage, TooLarge or Invalid (empty).
    base::Status add(const base::Uuid &id, const QString &path);
    void remove(const base::Uuid &id);
    /// The server has not got it: once more, from the start.
    void again(const base::Uuid &id);
    /// Stops sending it until it is let go on. Durable.
    void setPaused(const base::Uuid &id, bool paused);
    /// A connection is there, or a file was added.
    void pump();
    /// Removes spooled files that no upload names.
    void sweepSpool();
    /// Bytes of a piece; smaller ones lose less to a cut. At most protocol::maxUploadPiece.
    void setPieceSize(qint64 bytes) { m_pieceSize = bytes; }

Q_SIGNALS:
    void progressed(const client::sync::UploadProgress &progress);
    /// Sent or refused: lanes may go on.
    void settled();

private:
    struct Answer;
    using Take = void (UploadQueue::*)(storage::Upload &, const Answer &);

    void begin(const storage::Upload &upload);
    void announce(const storage::Upload &upload);
    void askOffset(const storage::Upload &upload);
    void sendPiece(const storage::Upload &upload);
    [[nodiscard]] QNetworkRequest request(const QString &path) const;
    void wait(QNetworkReply *reply, const base::Uuid &id, Take take);

    void announced(storage::Upload &upload, const Answer &answer);
    void toldOffset(storage::Upload &upload, const Answer &answer);
    void pieceTaken(storage::Upload &upload, const Answer &answer);
    void wrongFile(storage::Upload &upload);

    void moveTo(storage::Upload &upload, std::int64_t offset);
    void sent(storage::Upload &upload, const Answer &answer);
    void refuse(storage::Upload &upload, const std::string &code);
    void tryLater(const storage::Upload &upload, base::Duration atLeast);
    void stopSending();

    QUrl m_server;
    QString m_spool;
    Ports m_ports;
    QNetworkReply *m_reply = nullptr;
    base::Uuid m_current; ///< whose answer m_reply is
    base::Uuid m_known;   ///< the upload whose offset the server confirmed in this connection
    base::TimerId m_pause = 0;
    qint64 m_pieceSize = 1 << 20;
    int m_failures = 0;
    int m_rejections = 0; ///< of the current upload: damaged pieces and wrong hashes, in a row
};

} // namespace client::sync
