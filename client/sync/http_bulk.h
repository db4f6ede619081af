#pragma once

#include "client/sync/wire.h"

#include <QByteArray>
#include <QObject>
#include <QUrl>

#include <map>
#include <memory>

class QNetworkAccessManager;
class QNetworkReply;

namespace client::sync {

/// Bulk over a QNetworkAccessManager. Envelopes are handed on as they arrive, one in each turn of the event
/// loop: taking one in may last, and others want to be heard meanwhile. Lives on the engine's thread.
class HttpBulk : public QObject, public Bulk {
    Q_OBJECT

public:
    HttpBulk(QUrl server, QNetworkAccessManager &network, QObject *parent = nullptr);
    ~HttpBulk() override;

    BulkId get(const std::string &target, const std::string &access, bool plain, BulkEvents events) override;
    void cancel(BulkId id) override;

private:
    struct Request {
        QNetworkReply *reply = nullptr;
        std::shared_ptr<BulkEvents> events;
        QByteArray buffer;
        bool plain = false;
        bool turning = false; ///< the next turn is on its way
        bool ended = false;   ///< all that comes is in the buffer
    };

    void readable(BulkId id);
    void turn(BulkId id);
    void finished(BulkId id);
    void end(BulkId id);
    void fail(BulkId id);

    QUrl m_server;
    QNetworkAccessManager &m_network;
    BulkId m_next = 1;
    std::map<BulkId, Request> m_requests;
};

/// The delay a Retry-After header asks for; 0 for none.
base::Duration retryAfterOf(const QNetworkReply &reply);

} // namespace client::sync
