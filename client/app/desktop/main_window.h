#pragma once

#include <QWidget>

class QStackedWidget;

namespace client::shell {
class Settings;
}

namespace client::desktop {

/// The top-level window: one content at a time, a title with what waits, its place on the screen remembered.
class MainWindow : public QWidget {
    Q_OBJECT

public:
    explicit MainWindow(shell::Settings &settings);

    /// Shows it in place of what was there. Each stays its maker's, who may delete it at any time.
    void setContent(QWidget &content);
    void setTitle(const QString &title, int unread);
    /// Shows, raises and activates.
    void bringToFront();
    /// Closing hides the window instead of ending: the tray keeps the program.
    void setCloseHides(bool hides) { m_closeHides = hides; }

Q_SIGNALS:
    void frontChanged(bool inFront);
    /// For the first time.
    void painted();
    /// The person closed it for good.
    void closed();

protected:
    void closeEvent(QCloseEvent *event) override;
    void changeEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] QSize firstSize() const;

    shell::Settings &m_settings;
    QStackedWidget *m_stack;
    bool m_wasPainted = false;
    bool m_closeHides = false;
};

} // namespace client::desktop
