#pragma once

#include <QObject>

#include <memory>

class QAction;
class QMenu;
class QSystemTrayIcon;

namespace client::shell {

/// The icon in the system's tray with the count of what waits for me; nothing where there is no tray.
class Tray : public QObject {
    Q_OBJECT

public:
    explicit Tray(QObject *parent = nullptr);
    ~Tray() override;

    /// Null where the system has no tray.
    [[nodiscard]] QSystemTrayIcon *icon() const { return m_icon.get(); }
    void setCount(int count);
    void setPaused(bool paused);

Q_SIGNALS:
    void openRequested();
    void pauseToggled(bool paused);
    void quitRequested();

private:
    std::unique_ptr<QMenu> m_menu;
    std::unique_ptr<QSystemTrayIcon> m_icon;
    QAction *m_pause = nullptr;
    int m_count = 0;
};

} // namespace client::shell
