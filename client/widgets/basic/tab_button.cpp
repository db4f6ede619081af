#include "client/widgets/basic/tab_button.h"

#include "client/widgets/theme/paint.h"

#include <QPainter>
#include <QStyle>

namespace client::widgets {

TabButton::TabButton(Tab tab, bool inTrack, QWidget *parent)
    : QAbstractButton{parent}
    , m_tab{std::move(tab)}
    , m_inTrack{inTrack}
{
    setCheckable(true);
    setAttribute(Qt::WA_Hover);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(inTrack ? QSizePolicy::Expanding : QSizePolicy::Fixed, QSizePolicy::Fixed);
    setCount(m_tab.count);
    Theme::current().follow(this, [this] {
        updateGeometry();
        update();
    });
}

void TabButton::setCount(int count)
{
    m_tab.count = count;
    setText(m_tab.text);
    setAccessibleName(count < 0 ? m_tab.text : tr("%1, %2").arg(m_tab.text).arg(count));
    updateGeometry();
    update();
}

QSize TabButton::sizeHint() const
{
    const auto &theme = Theme::current();
    int width = textWidth(m_tab.text, TextRole::ChipStrong) + 2 * theme.px(m_inTrack ? 8 : 10);
    if (m_tab.count >= 0)
        width += textWidth(QString::number(m_tab.count), TextRole::Secondary) + theme.px(6);
    return {width, theme.px(m_inTrack ? height::track - 8 : 26)};
}

void TabButton::paintEvent(QPaintEvent *)
{
    const auto &theme = Theme::current();
    const auto &t = theme.tokens();
    QPainter painter{this};
    const qreal corner = theme.px(radius::thumb);
    if (isChecked() && m_inTrack)
        fillRounded(painter, rect(), corner, theme.isDark() ? t.borderDefault : t.raised, t.borderDefault);
    else if (isChecked())
        fillRounded(painter, rect(), corner, m_amber ? t.warnSoft : t.accentSoft);
    else if (underMouse())
        fillRounded(painter, rect(), corner, m_inTrack ? t.navSel : t.hover);

    const auto checkedColour = m_inTrack ? t.text1 : m_amber ? t.warn : t.accent;
    const auto count = m_tab.count < 0 ? QString{} : QString::number(m_tab.count);
    const int gap = count.isEmpty() ? 0 : theme.px(6);
    const int countSpace = textWidth(count, TextRole::Secondary);
    const int room = width() - theme.px(8) - gap - countSpace;
    const int textSpace = qMin(textWidth(m_tab.text, TextRole::ChipStrong), room);
    const int x = (width() - textSpace - gap - countSpace) / 2;
    const auto visual = [&](const QRect &r) { return QStyle::visualRect(layoutDirection(), rect(), r); };
    paintText(painter, visual({x, 0, textSpace + 1, height()}), Qt::AlignLeading | Qt::AlignVCenter,
              m_tab.text, TextRole::ChipStrong, isChecked() ? checkedColour : t.text2, layoutDirection());
    paintText(painter, visual({x + textSpace + gap, 0, countSpace + 1, height()}),
              Qt::AlignLeading | Qt::AlignVCenter, count, TextRole::Secondary, t.text3, layoutDirection());
    if (showsFocus(this))
        paintFocusRing(painter, rect(), corner);
}

} // namespace client::widgets
