#pragma once

#include <QPointer>
#include <QWidget>

class QVBoxLayout;

namespace client::widgets {

/// A raised panel with a shadow beside an anchor, inside the same window (so it works without a compositor
/// and never breaks an input method). Closes on Esc, on a click elsewhere and when its anchor hides.
class Popover : public QWidget {
    Q_OBJECT

public:
    explicit Popover(QWidget *window);

    /// Where the content goes.
    QVBoxLayout *content() const { return m_content; }
    /// Opens above or below `anchor`, where there is room, and gives the focus to `focus` if there is one.
    void openAt(QWidget *anchor, QWidget *focus = nullptr);
    /// Hides and gives the focus back.
    void dismiss();

Q_SIGNALS:
    void dismissed();

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QVBoxLayout *m_content;
    QPointer<QWidget> m_anchor;
    QPointer<QWidget> m_focusBefore;
};

} // namespace client::widgets
