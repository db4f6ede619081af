#include "client/sync/web_socket_wire.h"

#include "shared/protocol/container.h"
#include "shared/protocol/limits.h"

#include <QNetworkRequest>
#include <QWebSocket>
#include <QWebSocketHandshakeOptions>

namespace client::sync {

WebSocketWire::WebSocketWire(const QUrl &server, QObject *parent) : QObject{parent}, m_url{server}
{
    m_url.setScheme(server.scheme() == QStringLiteral("https") ? QStringLiteral("wss")
                                                               : QStringLiteral("ws"));
    m_url.setPath(QStringLiteral("/sync/v1/ws"));
}

WebSocketWire::~WebSocketWire()
{
    close();
}

void WebSocketWire::open(WireEvents events)
{
    close();
    m_events = std::move(events);
    m_codec = protocol::Codec::Zstd;
    m_socket = new QWebSocket{QString{}, QWebSocketProtocol::VersionLatest, this};
    auto *socket = m_socket;
    constexpr auto most = static_cast<quint64>(protocol::maxFrameBytes + 64);
    socket->setMaxAllowedIncomingMessageSize(most);
    socket->setMaxAllowedIncomingFrameSize(most);
    connect(socket, &QWebSocket::connected, this, [this, socket] {
        const auto opened = m_events.opened; // may close this wire, and the function with it
        if (socket == m_socket && opened)
            opened();
    });
    connect(socket, &QWebSocket::textMessageReceived, this, [this, socket](const QString &text) {
        const auto frame = m_events.frame;
        if (socket == m_socket)
            frame(text.toStdString());
    });
    connect(socket, &QWebSocket::binaryMessageReceived, this, [this, socket](const QByteArray &message) {
        if (socket == m_socket)
            take(message);
    });
    connect(socket, &QWebSocket::disconnected, this,
            [this, socket] { ended(socket, socket->closeCode(), socket->closeReason()); });
    connect(socket, qOverload<QAbstractSocket::SocketError>(&QWebSocket::error), this, [this, socket] {
        if (socket->state() == QAbstractSocket::UnconnectedState || !socket->isValid())
            ended(socket, 0, socket->errorString());
    });
    QWebSocketHandshakeOptions options;
    options.setSubprotocols({QStringLiteral("desk-sync.v1")});
    socket->open(QNetworkRequest{m_url}, options);
}

void WebSocketWire::take(const QByteArray &message)
{
    const auto text = protocol::unpack({message.constData(), static_cast<std::size_t>(message.size())},
                                       protocol::maxFrameBytes);
    const auto frame = m_events.frame;
    if (text)
        frame(*text);
    else
        ended(m_socket, 0, QString::fromStdString(text.error().detail));
}

void WebSocketWire::send(const std::string &text)
{
    if (!m_socket)
        return;
    const auto packed = protocol::pack(text, m_codec);
    m_socket->sendBinaryMessage({packed.data(), static_cast<qsizetype>(packed.size())});
}

void WebSocketWire::close()
{
    if (!m_socket)
        return;
    auto *socket = std::exchange(m_socket, nullptr);
    m_events = {};
    socket->disconnect(this);
    socket->close();
    socket->deleteLater();
}

void WebSocketWire::ended(QWebSocket *socket, int code, const QString &why)
{
    if (socket != m_socket)
        return;
    m_socket = nullptr;
    const auto events = std::exchange(m_events, {});
    socket->disconnect(this);
    socket->abort();
    socket->deleteLater();
    if (events.closed)
        events.closed(code, why.toStdString(), base::Duration{0});
}

} // namespace client::sync
