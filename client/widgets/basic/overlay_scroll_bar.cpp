#include "client/widgets/basic/overlay_scroll_bar.h"

#include "client/widgets/theme/paint.h"

#include <QAbstractScrollArea>
#include <QApplication>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QStyle>

namespace {

constexpr int zone = 12;
constexpr int thin = 4;
constexpr int thick = 8;
constexpr int shortest = 28;

} // namespace

namespace client::widgets {

OverlayScrollBar::OverlayScrollBar(QAbstractScrollArea *area)
    : QWidget{area}
    , m_area{area}
    , m_bar{area->verticalScrollBar()}
{
    area->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->installEventFilter(this);
    setAttribute(Qt::WA_Hover);
    setFocusPolicy(Qt::NoFocus);
    // The real bar stays the accessible one.
    setAccessibleName(tr("Scroll bar"));
    connect(m_bar, &QScrollBar::valueChanged, this, qOverload<>(&QWidget::update));
    connect(m_bar, &QScrollBar::rangeChanged, this, &OverlayScrollBar::place);
    Theme::current().follow(this, [this] { update(); });
    place();
}

void OverlayScrollBar::place()
{
    const QRect strip{m_area->width() - zone, 0, zone, m_area->height()};
    setGeometry(QStyle::visualRect(m_area->layoutDirection(), m_area->rect(), strip));
    setVisible(m_bar->maximum() > m_bar->minimum());
    raise();
    update();
}

QRect OverlayScrollBar::thumb() const
{
    const double range = m_bar->maximum() - m_bar->minimum();
    if (range <= 0)
        return {};
    const int track = height() - 8;
    const int length =
        qBound(shortest, static_cast<int>(track * m_bar->pageStep() / (range + m_bar->pageStep())), track);
    const int at = static_cast<int>((track - length) * (m_bar->value() - m_bar->minimum()) / range);
    return {0, 4 + at, width(), length};
}

void OverlayScrollBar::paintEvent(QPaintEvent *)
{
    const auto bar = thumb();
    if (bar.isEmpty())
        return;
    const int wide = underMouse() || m_grip >= 0 ? thick : thin;
    const QRect at{width() - wide - 2, bar.y(), wide, bar.height()};
    auto colour = Theme::current().tokens().text3;
    colour.setAlphaF(wide == thick ? .75F : .4F);
    QPainter painter{this};
    fillRounded(painter, QStyle::visualRect(m_area->layoutDirection(), rect(), at), wide / 2.0, colour);
}

void OverlayScrollBar::mousePressEvent(QMouseEvent *event)
{
    const auto bar = thumb();
    const int y = event->position().toPoint().y();
    if (bar.top() <= y && y <= bar.bottom()) {
        m_grip = y - bar.top();
    } else {
        m_bar->triggerAction(y < bar.top() ? QAbstractSlider::SliderPageStepSub
                                           : QAbstractSlider::SliderPageStepAdd);
    }
    update();
}

void OverlayScrollBar::mouseMoveEvent(QMouseEvent *event)
{
    if (m_grip < 0)
        return;
    const int room = height() - 8 - thumb().height();
    if (room <= 0)
        return;
    const double part = double(event->position().toPoint().y() - m_grip - 4) / room;
    m_bar->setValue(m_bar->minimum() + qRound(qBound(0., part, 1.) * (m_bar->maximum() - m_bar->minimum())));
}

void OverlayScrollBar::mouseReleaseEvent(QMouseEvent *)
{
    m_grip = -1;
    update();
}

void OverlayScrollBar::wheelEvent(QWheelEvent *event)
{
    QApplication::sendEvent(m_area->viewport(), event);
}

bool OverlayScrollBar::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize || event->type() == QEvent::LayoutDirectionChange)
        place();
    return QWidget::eventFilter(watched, event);
}

} // namespace client::widgets
