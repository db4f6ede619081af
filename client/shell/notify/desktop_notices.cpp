#include "client/shell/notify/desktop_notices.h"

#include <QCoreApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QSystemTrayIcon>
#include <QVariantMap>

namespace client::shell {

namespace {

const QString service = QStringLiteral("org.freedesktop.Notifications");
const QString path = QStringLiteral("/org/freedesktop/Notifications");

QDBusMessage call(const QString &method, const QVariantList &arguments)
{
    auto message = QDBusMessage::createMethodCall(service, path, service, method);
    message.setArguments(arguments);
    return message;
}

} // namespace

DesktopNotices::DesktopNotices(QSystemTrayIcon *tray, QObject *parent) : NoticeChannel{parent}, m_tray{tray}
{
    if (m_tray)
        connect(m_tray, &QSystemTrayIcon::messageClicked, this, [this] { Q_EMIT opened(m_lastInTray); });
}

bool DesktopNotices::reachService()
{
    auto bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return false;
    if (!m_listening) {
        m_listening = bus.connect(service, path, service, QStringLiteral("ActionInvoked"), this,
                                  SLOT(onActionInvoked(uint, QString))) &&
                      bus.connect(service, path, service, QStringLiteral("NotificationClosed"), this,
                                  SLOT(onNotificationClosed(uint, uint)));
    }
    return m_listening;
}

void DesktopNotices::show(const Notice &notice)
{
    if (!reachService()) {
        showInTray(notice);
        return;
    }
    QStringList actions{QStringLiteral("default"), tr("Open")};
    if (notice.canReply)
        actions << QStringLiteral("reply") << tr("Reply");
    const QVariantMap hints{{QStringLiteral("desktop-entry"), QStringLiteral("deskbell")},
                            {QStringLiteral("category"), QStringLiteral("im.received")}};
    const auto pending = QDBusConnection::sessionBus().asyncCall(
        call(QStringLiteral("Notify"),
             {QCoreApplication::applicationName(), m_ids.value(notice.key, 0U), QStringLiteral("deskbell"),
              notice.title, notice.text.toHtmlEscaped(), actions, hints, -1}));
    auto *watcher = new QDBusPendingCallWatcher{pending, this};
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, notice](QDBusPendingCallWatcher *done) {
        done->deleteLater();
        const QDBusPendingReply<uint> reply = *done;
        if (reply.isError())
            showInTray(notice);
        else
            m_ids[notice.key] = reply.value();
    });
}

void DesktopNotices::showInTray(const Notice &notice)
{
    if (!m_tray || !m_tray->isVisible() || !QSystemTrayIcon::supportsMessages())
        return;
    m_lastInTray = notice.key;
    m_tray->showMessage(notice.title, notice.text, QSystemTrayIcon::NoIcon);
}

void DesktopNotices::withdraw(const QString &key)
{
    if (const auto id = m_ids.take(key))
        QDBusConnection::sessionBus().asyncCall(call(QStringLiteral("CloseNotification"), {id}));
}

void DesktopNotices::onActionInvoked(uint id, const QString &action)
{
    const auto key = m_ids.key(id);
    if (key.isEmpty())
        return;
    if (action == QStringLiteral("reply"))
        Q_EMIT replyRequested(key);
    else
        Q_EMIT opened(key);
}

void DesktopNotices::onNotificationClosed(uint id, uint)
{
    const auto key = m_ids.key(id);
    if (key.isEmpty())
        return;
    m_ids.remove(key);
    Q_EMIT closed(key);
}

} // namespace client::shell
