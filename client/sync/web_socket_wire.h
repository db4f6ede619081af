#pragma once

#include "client/sync/wire.h"

#include <QObject>
#include <QUrl>

class QWebSocket;

namespace client::sync {

/// The Wire over a QWebSocket. Lives on the engine's thread.
class WebSocketWire : public QObject, public Wire {
    Q_OBJECT

public:
    /// `server` is the http(s) address.
    explicit WebSocketWire(const QUrl &server, QObject *parent = nullptr);
    ~WebSocketWire() override;

    void open(WireEvents events) override;
    void send(const std::string &text) override;
    void useCodec(protocol::Codec codec) override { m_codec = codec; }
    void close() override;

private:
    void ended(QWebSocket *socket, int code, const QString &why);
    void take(const QByteArray &message);

    QUrl m_url;
    QWebSocket *m_socket = nullptr;
    WireEvents m_events;
    protocol::Codec m_codec = protocol::Codec::Zstd;
};

} // namespace client::sync
