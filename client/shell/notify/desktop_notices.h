#pragma once

#include "client/shell/notify/notice.h"

#include <QHash>

class QSystemTrayIcon;

namespace client::shell {

/// Notices of the freedesktop notification service, with actions; without one, balloons of the tray icon,
/// which have none. Calls never wait for an answer. GUI thread.
class DesktopNotices : public NoticeChannel {
    Q_OBJECT

public:
    /// `tray` may be null (then there is no fallback) and must outlive this.
    explicit DesktopNotices(QSystemTrayIcon *tray, QObject *parent = nullptr);

    void show(const Notice &notice) override;
    void withdraw(const QString &key) override;

private Q_SLOTS:
    void onActionInvoked(uint id, const QString &action);
    void onNotificationClosed(uint id, uint reason);

private:
    bool reachService();
    void showInTray(const Notice &notice);

    bool m_listening = false;
    QSystemTrayIcon *m_tray;
    QHash<QString, uint> m_ids;
    QString m_lastInTray;
};

} // namespace client::shell
