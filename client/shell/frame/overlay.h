#pragma once

#include <QPointer>
#include <QWidget>

class QVBoxLayout;

namespace client::widgets {
class IconButton;
class TextLabel;
} // namespace client::widgets

namespace client::shell {

/// A panel in the middle of the window over a scrim, with a title: the one modal layer (shortcut sheet,
/// confirmation). Keeps the focus inside; Esc, the cross and a click beside it close it and give the focus
/// back.
class Overlay : public QWidget {
    Q_OBJECT

public:
    /// `width` is the panel's, at 100 % text.
    Overlay(const QString &title, int width, QWidget *window);

    [[nodiscard]] QVBoxLayout *content() const { return m_content; }
    void open(QWidget *focus = nullptr);
    void dismiss();
    /// The content needs more or less room than before.
    void fit();

Q_SIGNALS:
    void dismissed();

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    bool focusNextPrevChild(bool next) override;

private:
    void place();

    QWidget *m_panel;
    QVBoxLayout *m_content;
    int m_width;
    QPointer<QWidget> m_focusBefore;
};

} // namespace client::shell
