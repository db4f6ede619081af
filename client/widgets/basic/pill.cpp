#include "client/widgets/basic/pill.h"

#include "client/widgets/theme/paint.h"

#include <QPainter>
#include <QStyle>

using namespace Qt::Literals::StringLiterals;

namespace {

using namespace client::widgets;

constexpr int padding = 8;
constexpr int iconGap = 4;
constexpr int pillIcon = 12;

constexpr TextRole pillRole = TextRole::PillText;

QString badgeText(int count)
{
    return count > 99 ? u"99+"_s : QString::number(count);
}

} // namespace

namespace client::widgets {

QSize pillSize(const PillLook &look, bool large)
{
    const auto &theme = Theme::current();
    int width = 2 * theme.px(padding) + textWidth(look.text, pillRole);
    if (!look.icon.isEmpty())
        width += theme.px(pillIcon) + (look.text.isEmpty() ? 0 : theme.px(iconGap)) - theme.px(2);
    return {width, theme.px(large ? height::chipLarge : height::chip)};
}

void paintPill(QPainter &painter, const QRect &rect, const PillLook &look, bool onSelection)
{
    const auto &theme = Theme::current();
    const auto &t = theme.tokens();
    auto fill = toneFill(t, look.tone);
    if (onSelection && look.tone == Tone::Neutral)
        fill = t.raised;
    fillRounded(painter, rect, rect.height(), fill);
    const auto colour = toneText(t, look.tone);
    const auto direction = painter.layoutDirection();
    QRect text = rect.adjusted(theme.px(padding), 0, -theme.px(padding), 0);
    if (!look.icon.isEmpty()) {
        const int side = theme.px(pillIcon);
        const QRect icon{rect.x() + theme.px(padding) - theme.px(2), rect.y(), side, rect.height()};
        paintIcon(painter, QStyle::visualRect(direction, rect, icon), look.icon, pillIcon, colour, direction);
        text.setLeft(icon.right() + 1 + theme.px(iconGap));
    }
    const auto before = painter.layoutDirection();
    paintText(painter, QStyle::visualRect(direction, rect, text), Qt::AlignLeading | Qt::AlignVCenter,
              look.text, pillRole, colour, direction);
    painter.setLayoutDirection(before);
}

QSize badgeSize(int count)
{
    const auto &theme = Theme::current();
    const int height = theme.px(18);
    if (count <= 0)
        return {0, height};
    return {qMax(height, textWidth(badgeText(count), TextRole::MetaStrong) + theme.px(10)), height};
}

void paintBadge(QPainter &painter, const QRect &rect, int count, Tone tone)
{
    if (count <= 0)
        return;
    const auto &t = Theme::current().tokens();
    const bool filled = tone == Tone::Accent;
    fillRounded(painter, rect, rect.height(), filled ? t.accentFill : toneFill(t, tone));
    paintText(painter, rect, Qt::AlignCenter, badgeText(count), TextRole::MetaStrong,
              filled ? t.onAccent : toneText(t, tone));
}

Pill::Pill(PillLook look, QWidget *parent) : QAbstractButton{parent}
{
    setClickable(false);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    setLook(std::move(look));
    Theme::current().follow(this, [this] {
        updateGeometry();
        update();
    });
}

void Pill::setLook(PillLook look)
{
    m_look = std::move(look);
    setText(m_look.text);
    setAccessibleName(m_look.text);
    updateGeometry();
    update();
}

void Pill::setClickable(bool clickable)
{
    setFocusPolicy(clickable ? Qt::TabFocus : Qt::NoFocus);
    setCursor(clickable ? Qt::PointingHandCursor : Qt::ArrowCursor);
    setAttribute(Qt::WA_TransparentForMouseEvents, !clickable);
}

QSize Pill::sizeHint() const
{
    return pillSize(m_look, true);
}

QSize Pill::minimumSizeHint() const
{
    return {Theme::current().px(36), sizeHint().height()};
}

void Pill::paintEvent(QPaintEvent *)
{
    QPainter painter{this};
    painter.setLayoutDirection(layoutDirection());
    paintPill(painter, rect(), m_look);
    if (underMouse() && focusPolicy() != Qt::NoFocus)
        fillRounded(painter, rect(), height(), {}, Theme::current().tokens().borderControl);
    if (showsFocus(this))
        paintFocusRing(painter, rect(), height() / 2.0);
}

Badge::Badge(QWidget *parent) : QWidget{parent}
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    Theme::current().follow(this, [this] {
        updateGeometry();
        update();
    });
}

void Badge::setCount(int count, Tone tone)
{
    m_count = count;
    m_tone = tone;
    setAccessibleName(QString::number(count));
    setVisible(count > 0);
    updateGeometry();
    update();
}

QSize Badge::sizeHint() const
{
    return badgeSize(m_count);
}

void Badge::paintEvent(QPaintEvent *)
{
    QPainter painter{this};
    paintBadge(painter, rect(), m_count, m_tone);
}

} // namespace client::widgets
