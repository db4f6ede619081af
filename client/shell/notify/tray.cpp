#include "client/shell/notify/tray.h"

#include "client/shell/frame/app_icon.h"
#include "client/widgets/theme/theme.h"

#include <QAction>
#include <QMenu>
#include <QSystemTrayIcon>

namespace client::shell {

Tray::Tray(QObject *parent) : QObject{parent}
{
    if (!QSystemTrayIcon::isSystemTrayAvailable())
        return;
    m_menu = std::make_unique<QMenu>();
    m_menu->addAction(tr("Open Deskbell"), this, &Tray::openRequested);
    m_pause = m_menu->addAction(tr("Do not disturb"));
    m_pause->setCheckable(true);
    connect(m_pause, &QAction::triggered, this, &Tray::pauseToggled);
    m_menu->addSeparator();
    m_menu->addAction(tr("Quit"), this, &Tray::quitRequested);
    m_icon = std::make_unique<QSystemTrayIcon>();
    m_icon->setContextMenu(m_menu.get());
    connect(m_icon.get(), &QSystemTrayIcon::activated, this,
            [this](QSystemTrayIcon::ActivationReason reason) {
                if (reason == QSystemTrayIcon::Trigger)
                    Q_EMIT openRequested();
            });
    widgets::Theme::current().follow(this, [this] { setCount(m_count); });
    m_icon->show();
}

Tray::~Tray() = default;

void Tray::setCount(int count)
{
    m_count = count;
    if (!m_icon)
        return;
    m_icon->setIcon(appIcon(count));
    m_icon->setToolTip(count ? tr("Deskbell · %n unread", nullptr, count) : tr("Deskbell"));
}

void Tray::setPaused(bool paused)
{
    if (m_pause)
        m_pause->setChecked(paused);
}

} // namespace client::shell
