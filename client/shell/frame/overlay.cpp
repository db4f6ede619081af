#include "client/shell/frame/overlay.h"

#include "client/widgets/basic/buttons.h"
#include "client/widgets/basic/text_label.h"
#include "client/widgets/theme/paint.h"
#include "client/widgets/theme/theme.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>

namespace client::shell {

using widgets::Theme;

Overlay::Overlay(const QString &title, int width, QWidget *window)
    : QWidget{window}
    , m_panel{new QWidget{this}}
    , m_width{width}
{
    hide();
    setAccessibleName(title);
    m_panel->setAccessibleName(title);
    auto *column = new QVBoxLayout{m_panel};
    column->setContentsMargins(24, 18, 24, 24);
    column->setSpacing(12);
    auto *row = new QHBoxLayout;
    auto *label = new widgets::TextLabel{widgets::TextRole::PaneTitle, &widgets::Tokens::text1, m_panel};
    label->setText(title);
    row->addWidget(label, 1);
    auto *close = new widgets::IconButton{QStringLiteral("x"), tr("Close"), m_panel};
    close->setExtent(28);
    row->addWidget(close);
    column->addLayout(row);
    m_content = new QVBoxLayout;
    m_content->setSpacing(8);
    column->addLayout(m_content, 1);
    connect(close, &QAbstractButton::clicked, this, &Overlay::dismiss);
    window->installEventFilter(this);
}

void Overlay::open(QWidget *focus)
{
    m_focusBefore = QApplication::focusWidget();
    place();
    show();
    raise();
    if (!focus)
        focus = focusProxy();
    if (focus)
        focus->setFocus(Qt::OtherFocusReason);
    else
        focusNextPrevChild(true);
}

void Overlay::dismiss()
{
    if (!isVisible())
        return;
    hide();
    if (m_focusBefore)
        m_focusBefore->setFocus(Qt::OtherFocusReason);
    Q_EMIT dismissed();
}

void Overlay::fit()
{
    m_panel->layout()->invalidate();
    m_panel->layout()->activate();
    place();
}

void Overlay::place()
{
    setGeometry(parentWidget()->rect());
    const int wide = qMin(Theme::current().px(m_width), width() - 48);
    m_panel->setFixedWidth(wide);
    const int high =
        qMin(m_panel->layout()->heightForWidth(wide) > 0 ? m_panel->layout()->heightForWidth(wide)
                                                         : m_panel->sizeHint().height(),
             height() - 24);
    m_panel->setGeometry((width() - wide) / 2,
                         qBound(12, (height() - high) / 3, qMax(12, height() - high - 12)), wide, high);
}

void Overlay::paintEvent(QPaintEvent *)
{
    QPainter painter{this};
    const auto &tokens = Theme::current().tokens();
    painter.fillRect(rect(), tokens.scrim);
    widgets::paintShadow(painter, m_panel->geometry(), 14, widgets::ShadowKind::Popover);
    widgets::fillRounded(painter, m_panel->geometry(), 14, tokens.raised, tokens.borderDefault);
}

void Overlay::mousePressEvent(QMouseEvent *event)
{
    if (!m_panel->geometry().contains(event->position().toPoint()))
        dismiss();
}

void Overlay::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        dismiss();
    event->accept(); // nothing behind the scrim hears a key
}

bool Overlay::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize && isVisible())
        place();
    return QWidget::eventFilter(watched, event);
}

bool Overlay::focusNextPrevChild(bool next)
{
    QWidget *from = QApplication::focusWidget();
    if (!from || !m_panel->isAncestorOf(from))
        from = m_panel;
    auto *at = from;
    do {
        at = next ? at->nextInFocusChain() : at->previousInFocusChain();
        if (m_panel->isAncestorOf(at) && at->isVisibleTo(this) && at->isEnabled() &&
            (at->focusPolicy() & Qt::TabFocus) == Qt::TabFocus) {
            at->setFocus(next ? Qt::TabFocusReason : Qt::BacktabFocusReason);
            return true;
        }
    } while (at != from);
    return true;
}

} // namespace client::shell
