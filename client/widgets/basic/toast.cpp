#include "client/widgets/basic/toast.h"

#include "client/widgets/basic/buttons.h"
#include "client/widgets/basic/text_label.h"
#include "client/widgets/theme/paint.h"

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QStyle>

namespace client::widgets {

Toast::Toast(QWidget *window)
    : QWidget{window}
    , m_text{new TextLabel{TextRole::Panel, &Tokens::text1, this}}
    , m_action{new Button{ButtonKind::Quiet, QString{}, this}}
{
    const int shadow = shadowMargin(ShadowKind::Composer) + 4;
    auto *layout = new QHBoxLayout{this};
    layout->setContentsMargins(shadow + 12, shadow + 4, shadow + 12, shadow + 4);
    layout->setSpacing(8);
    layout->addWidget(m_text);
    layout->addWidget(m_action);
    setAttribute(Qt::WA_Hover);
    m_action->setFocusPolicy(Qt::NoFocus);
    m_timer.setSingleShot(true);
    hide();
    window->installEventFilter(this);
    connect(&m_timer, &QTimer::timeout, this, &Toast::dismiss);
    connect(m_action, &QAbstractButton::clicked, this, [this] {
        m_timer.stop();
        hide();
        Q_EMIT actionTriggered();
    });
    Theme::current().follow(this, [this] { place(); });
}

void Toast::showMessage(const QString &text, const QString &action, int msecs)
{
    if (isVisible())
        dismiss();
    m_text->setText(text);
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    setAccessibleName(action.isEmpty() ? text : tr("%1 %2").arg(text, action));
    show();
    place();
    raise();
    m_timer.start(msecs);
    QAccessibleEvent announced{this, QAccessible::Alert};
    QAccessible::updateAccessibility(&announced);
}

void Toast::dismiss()
{
    if (!isVisible())
        return;
    m_timer.stop();
    hide();
    Q_EMIT expired();
}

void Toast::place()
{
    const auto *window = parentWidget();
    const auto hint = sizeHint();
    const QSize size{qMin(hint.width(), window->width()), hint.height()};
    const QRect at{0, window->height() - size.height(), size.width(), size.height()};
    setGeometry(QStyle::visualRect(layoutDirection(), window->rect(), at));
    update();
}

void Toast::paintEvent(QPaintEvent *)
{
    const auto &theme = Theme::current();
    const int shadow = shadowMargin(ShadowKind::Composer) + 4;
    const auto card = rect().adjusted(shadow, shadow, -shadow, -shadow);
    QPainter painter{this};
    paintShadow(painter, card, theme.px(radius::card), ShadowKind::Composer);
    fillRounded(painter, card, theme.px(radius::card), theme.tokens().raised, theme.tokens().borderDefault);
}

void Toast::enterEvent(QEnterEvent *)
{
    m_left = m_timer.remainingTime();
    m_timer.stop();
}

void Toast::leaveEvent(QEvent *)
{
    if (isVisible())
        m_timer.start(qMax(1000, m_left));
}

bool Toast::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize && isVisible())
        place();
    return QWidget::eventFilter(watched, event);
}

} // namespace client::widgets
