#pragma once

#include <QTcpServer>
#include <QTcpSocket>

#include <functional>

namespace tests {

/// A way to the server that breaks: each connection carries as many bytes, both directions counted, as
/// `budget` says when it begins, and is then torn down on both ends.
class CuttingProxy : public QObject {
public:
    CuttingProxy(quint16 target, std::function<qint64()> budget)
        : m_target{target}
        , m_budget{std::move(budget)}
    {
        m_server.listen(QHostAddress::LocalHost);
        connect(&m_server, &QTcpServer::newConnection, this, [this] {
            while (auto *client = m_server.nextPendingConnection())
                carry(client);
        });
    }

    [[nodiscard]] QString url() const
    {
        return QStringLiteral("http://127.0.0.1:%1").arg(m_server.serverPort());
    }
    int cuts = 0;
    bool stopsSockets = false; ///< tears down what asks for a WebSocket
    int stopped = 0;

private:
    void carry(QTcpSocket *client)
    {
        auto *server = new QTcpSocket{client};
        auto left = std::make_shared<qint64>(m_budget());
        const auto pass = [this, client, server, left](QTcpSocket *from, QTcpSocket *to) {
            const auto bytes = from->read(std::clamp<qint64>(*left, 0, from->bytesAvailable()));
            if (stopsSockets && bytes.toLower().contains("upgrade: websocket")) {
                ++stopped;
                *left = 0;
            } else {
                to->write(bytes);
                to->flush();
            }
            *left -= bytes.size();
            if (*left > 0)
                return;
            ++cuts;
            server->abort();
            client->abort();
            client->deleteLater();
        };
        // Loopback: waiting is short, and nothing is written before there is a connection.
        server->connectToHost(QHostAddress::LocalHost, m_target);
        if (!server->waitForConnected(5000)) {
            client->abort();
            client->deleteLater();
            return;
        }
        connect(client, &QTcpSocket::readyRead, server, [pass, client, server] { pass(client, server); });
        connect(server, &QTcpSocket::readyRead, server, [pass, client, server] { pass(server, client); });
        connect(server, &QTcpSocket::disconnected, client, [client] { client->disconnectFromHost(); });
        connect(server, &QTcpSocket::errorOccurred, client, [client] { client->abort(); });
        connect(client, &QTcpSocket::disconnected, server, [client] { client->deleteLater(); });
    }

    quint16 m_target;
    std::function<qint64()> m_budget;
    QTcpServer m_server;
};

} // namespace tests
