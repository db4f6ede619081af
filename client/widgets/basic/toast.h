#pragma once

#include <QTimer>
#include <QWidget>

namespace client::widgets {

class Button;
class TextLabel;

/// The undo toast at the bottom left of a window: text, one action, ten seconds.
///
/// A child of the window; never takes the focus, pauses under the pointer, is announced as an alert.
class Toast : public QWidget {
    Q_OBJECT

public:
    explicit Toast(QWidget *window);

    /// Shows `text`; an empty `action` shows none. Replaces what stands there (whose `expired` is emitted
    /// first).
    void showMessage(const QString &text, const QString &action = {}, int msecs = 10000);
    void dismiss();

Q_SIGNALS:
    void actionTriggered();
    void expired();

protected:
    void paintEvent(QPaintEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void place();

    TextLabel *m_text;
    Button *m_action;
    QTimer m_timer;
    int m_left = 0;
};

} // namespace client::widgets
