#include "client/widgets/basic/popover.h"

#include "client/widgets/theme/paint.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyle>
#include <QVBoxLayout>

namespace {

// The full blur would cover half a window; a popover shows the part that matters.
constexpr int reach = 30;
constexpr int inset = 8;

} // namespace

namespace client::widgets {

Popover::Popover(QWidget *window) : QWidget{window}, m_content{new QVBoxLayout{this}}
{
    const int margin = reach + inset;
    m_content->setContentsMargins(margin, margin, margin, margin);
    m_content->setSpacing(8);
    setFocusPolicy(Qt::NoFocus);
    hide();
    Theme::current().follow(this, [this] { update(); });
}

void Popover::openAt(QWidget *anchor, QWidget *focus)
{
    m_anchor = anchor;
    m_focusBefore = QApplication::focusWidget();
    adjustSize();
    const auto *top = parentWidget();
    const QRect at{anchor->mapTo(top, QPoint{}), anchor->size()};
    const int cardHeight = height() - 2 * reach;
    const bool below = at.bottom() + 6 + cardHeight < top->height() || at.top() < cardHeight;
    const int y = below ? at.bottom() + 6 - reach : at.top() - 6 - cardHeight - reach;
    const bool rtl = layoutDirection() == Qt::RightToLeft;
    int x = rtl ? at.right() + 1 - width() + reach : at.left() - reach;
    x = qBound(-reach + 8, x, qMax(-reach + 8, top->width() - width() + reach - 8));
    move(x, qMax(-reach + 8, y));
    show();
    raise();
    qApp->installEventFilter(this);
    if (focus)
        focus->setFocus(Qt::PopupFocusReason);
}

void Popover::dismiss()
{
    if (!isVisible())
        return;
    qApp->removeEventFilter(this);
    const bool hadFocus = isAncestorOf(QApplication::focusWidget());
    hide();
    if (hadFocus && m_focusBefore)
        m_focusBefore->setFocus(Qt::PopupFocusReason);
    Q_EMIT dismissed();
}

void Popover::paintEvent(QPaintEvent *)
{
    const auto &theme = Theme::current();
    const auto card = rect().adjusted(reach, reach, -reach, -reach);
    QPainter painter{this};
    painter.setOpacity(.7);
    paintShadow(painter, card, theme.px(radius::composer), ShadowKind::Popover);
    painter.setOpacity(1);
    fillRounded(painter, card, theme.px(radius::composer), theme.tokens().raised,
                theme.tokens().borderDefault);
}

void Popover::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        dismiss();
    else
        QWidget::keyPressEvent(event);
}

bool Popover::eventFilter(QObject *watched, QEvent *event)
{
    if (!isVisible() || !watched->isWidgetType())
        return QWidget::eventFilter(watched, event);
    if (event->type() == QEvent::MouseButtonPress) {
        const auto at = mapFromGlobal(static_cast<QMouseEvent *>(event)->globalPosition().toPoint());
        const auto *widget = static_cast<QWidget *>(watched);
        const bool inside = rect().adjusted(reach, reach, -reach, -reach).contains(at);
        if (!inside && widget->window() == window()) {
            const bool onAnchor = m_anchor && (widget == m_anchor || m_anchor->isAncestorOf(widget));
            dismiss();
            // The click that closes must not open again at once.
            if (onAnchor)
                return true;
        }
    } else if ((event->type() == QEvent::Hide && watched == m_anchor) ||
               (event->type() == QEvent::Resize && watched == parentWidget()) ||
               (event->type() == QEvent::WindowDeactivate && watched == window())) {
        dismiss();
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace client::widgets
