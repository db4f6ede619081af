#include "client/app/desktop/single_instance.h"

#include <QCryptographicHash>
#include <QDir>
#include <QLocalServer>
#include <QLocalSocket>

namespace client::desktop {

SingleInstance::SingleInstance(const QString &profile, QObject *parent)
    : QObject{parent}
    , m_name{QStringLiteral("deskbell-") +
             QString::fromLatin1(
                 QCryptographicHash::hash(QDir{profile}.absolutePath().toUtf8(), QCryptographicHash::Sha256)
                     .toHex()
                     .left(24))}
{
}

bool SingleInstance::wakeOther() const
{
    QLocalSocket socket;
    socket.connectToServer(m_name);
    constexpr int patience = 1000;
    return socket.waitForConnected(patience);
}

void SingleInstance::listen()
{
    m_server = new QLocalServer{this};
    m_server->setSocketOptions(QLocalServer::UserAccessOption);
    QLocalServer::removeServer(m_name); // left by a crash: the profile's lock says nobody lives
    connect(m_server, &QLocalServer::newConnection, this, [this] {
        while (auto *socket = m_server->nextPendingConnection())
            socket->deleteLater();
        Q_EMIT asked();
    });
    m_server->listen(m_name);
}

} // namespace client::desktop
