#pragma once

#include <QWidget>

class QVBoxLayout;

namespace client::shell {
class Settings;
}

namespace client::desktop {

/// The top-level window: one content at a time, a title with what waits, its place on the screen remembered.
class MainWindow : public QWidget {
    Q_OBJECT

public:
    explicit MainWindow(shell::Settings &settings);

    [[nodiscard]] QWidget *content() const { return m_content; }
    /// Takes it as a child; what was there is deleted.
    void setContent(QWidget *content);
    void setTitle(const QString &title, int unread);
    /// Shows, raises and activates.
    void bringToFront();
    /// Closing hides the window instead of ending: the tray keeps the program.
    void setCloseHides(bool hides) { m_closeHides = hides; }

Q_SIGNALS:
    void frontChanged(bool inFront);
    /// The person closed it for good.
    void closed();

protected:
    void closeEvent(QCloseEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    [[nodiscard]] QSize firstSize() const;

    shell::Settings &m_settings;
    QVBoxLayout *m_layout;
    QWidget *m_content = nullptr;
    bool m_closeHides = false;
};

} // namespace client::desktop
