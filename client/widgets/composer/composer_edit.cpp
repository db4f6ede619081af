#include "client/widgets/composer/composer_edit.h"

#include "client/widgets/theme/theme.h"

#include <QKeyEvent>
#include <QMimeData>

namespace {

// A clipboard can hold anything; what a person can mean to send is far smaller.
constexpr qsizetype maxPaste = 200'000;
constexpr int maxFiles = 50;

QList<QUrl> localFiles(const QMimeData *source)
{
    QList<QUrl> files;
    for (const auto &url : source->urls()) {
        if (url.isLocalFile() && files.size() < maxFiles)
            files << url;
    }
    return files;
}

} // namespace

namespace client::widgets {

ComposerEdit::ComposerEdit(QWidget *parent) : QTextEdit{parent}
{
    setAcceptRichText(false);
    setFrameShape(NoFrame);
    setTabChangesFocus(true);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setAutoFillBackground(false);
    setInputMethodHints(Qt::ImhMultiLine);
}

QSize ComposerEdit::sizeHint() const
{
    return {320, Theme::current().lineHeight(TextRole::Body) * 3};
}

QSize ComposerEdit::minimumSizeHint() const
{
    return {120, Theme::current().lineHeight(TextRole::Body) * 2};
}

void ComposerEdit::keyPressEvent(QKeyEvent *event)
{
    if (m_composing) {
        QTextEdit::keyPressEvent(event);
        return;
    }
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    const auto modifiers = event->modifiers() & ~Qt::KeypadModifier;
    if (enter && (modifiers == Qt::ControlModifier || (m_enterSends && modifiers == Qt::NoModifier))) {
        Q_EMIT sendRequested();
        return;
    }
    if (enter && modifiers == Qt::ShiftModifier) {
        // A plain new line, not the line separator that Qt would insert.
        textCursor().insertBlock();
        ensureCursorVisible();
        return;
    }
    if (event->key() == Qt::Key_Escape) {
        Q_EMIT left();
        return;
    }
    if (event->key() == Qt::Key_Up && modifiers == Qt::NoModifier && document()->isEmpty()) {
        Q_EMIT editLastRequested();
        return;
    }
    QTextEdit::keyPressEvent(event);
}

void ComposerEdit::inputMethodEvent(QInputMethodEvent *event)
{
    m_composing = !event->preeditString().isEmpty();
    QTextEdit::inputMethodEvent(event);
}

void ComposerEdit::focusOutEvent(QFocusEvent *event)
{
    m_composing = false;
    QTextEdit::focusOutEvent(event);
}

bool ComposerEdit::canInsertFromMimeData(const QMimeData *source) const
{
    return source->hasText() || source->hasImage() || !localFiles(source).isEmpty();
}

void ComposerEdit::insertFromMimeData(const QMimeData *source)
{
    if (const auto files = localFiles(source); !files.isEmpty()) {
        Q_EMIT filesGiven(files);
        return;
    }
    // Office programs put a picture of the text beside the text; the text is what was meant.
    if (source->hasImage() && !source->hasText()) {
        const auto image = qvariant_cast<QImage>(source->imageData());
        if (!image.isNull())
            Q_EMIT imageGiven(image);
        return;
    }
    if (source->hasText())
        textCursor().insertText(source->text().left(maxPaste));
    ensureCursorVisible();
}

} // namespace client::widgets
