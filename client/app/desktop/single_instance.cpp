#include "client/app/desktop/single_instance.h"

#include <QCryptographicHash>
#include <QDir>
#include <QLocalServer>
#include <QLocalSocket>
#include <QTimer>

namespace client::desktop {

namespace {

constexpr int patienceMs = 1000;
constexpr int mostWaiting = 8;
constexpr char end = '\n';

} // namespace

SingleInstance::SingleInstance(const QString &profile, QObject *parent)
    : QObject{parent}
    , m_name{QStringLiteral("deskbell-") +
             QString::fromLatin1(
                 QCryptographicHash::hash(QDir{profile}.absolutePath().toUtf8(), QCryptographicHash::Sha256)
                     .toHex()
                     .left(24))}
{
}

bool SingleInstance::wakeOther(const QString &link) const
{
    QLocalSocket socket;
    socket.connectToServer(m_name);
    if (!socket.waitForConnected(patienceMs))
        return false;
    socket.write(link.toUtf8().left(longestRequest - 1) + end);
    while (socket.bytesToWrite() > 0)
        if (!socket.waitForBytesWritten(patienceMs))
            return false;
    socket.disconnectFromServer();
    return true;
}

void SingleInstance::listen()
{
    m_server = new QLocalServer{this};
    m_server->setSocketOptions(QLocalServer::UserAccessOption);
    m_server->setMaxPendingConnections(mostWaiting);
    QLocalServer::removeServer(m_name); // left by a crash: the profile's lock says nobody lives
    connect(m_server, &QLocalServer::newConnection, this, [this] {
        while (auto *socket = m_server->nextPendingConnection())
            hear(*socket);
    });
    m_server->listen(m_name);
}

// One line; whoever says more, or nothing for a while, is not heard.
void SingleInstance::hear(QLocalSocket &socket)
{
    socket.setReadBufferSize(longestRequest);
    const auto read = [this, &socket] {
        const auto text = socket.peek(longestRequest);
        const auto at = text.indexOf(end);
        if (at < 0) {
            if (text.size() >= longestRequest)
                socket.deleteLater();
            return;
        }
        socket.disconnect(this);
        socket.deleteLater();
        Q_EMIT asked(QString::fromUtf8(text.left(at)));
    };
    connect(&socket, &QLocalSocket::readyRead, this, read);
    connect(&socket, &QLocalSocket::disconnected, &socket, &QObject::deleteLater);
    QTimer::singleShot(2 * patienceMs, &socket, &QObject::deleteLater);
    read();
}

} // namespace client::desktop
