#pragma once

#include <QImage>
#include <QList>
#include <QTextEdit>
#include <QUrl>

namespace client::widgets {

/// The text of a reply: plain text, grows with its content, takes files and pictures by drop and paste.
///
/// Ctrl+Enter sends and Enter breaks the line, or (setEnterSends) Enter sends and Shift+Enter breaks. While
/// an input method composes, no key is a command.
class ComposerEdit : public QTextEdit {
    Q_OBJECT

public:
    explicit ComposerEdit(QWidget *parent = nullptr);

    bool enterSends() const { return m_enterSends; }
    void setEnterSends(bool sends) { m_enterSends = sends; }
    bool isComposing() const { return m_composing; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void sendRequested();
    void filesGiven(const QList<QUrl> &files);
    void imageGiven(const QImage &image);
    /// Up in an empty editor: edit the last message.
    void editLastRequested();
    /// Esc.
    void left();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void inputMethodEvent(QInputMethodEvent *event) override;
    bool canInsertFromMimeData(const QMimeData *source) const override;
    void insertFromMimeData(const QMimeData *source) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    bool m_enterSends = false;
    bool m_composing = false;
};

} // namespace client::widgets
