#include "client/widgets/thread/jump_pill.h"

#include "client/widgets/theme/paint.h"

#include <QPainter>
#include <QStyle>

using namespace Qt::Literals::StringLiterals;

namespace client::widgets {

JumpPill::JumpPill(QWidget *parent) : QAbstractButton{parent}
{
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
    setAttribute(Qt::WA_Hover);
    hide();
    setNews(0);
}

void JumpPill::setNews(int count)
{
    m_news = count;
    setText(count > 0 ? tr("%n new", nullptr, count) : QString{});
    const auto name = count > 0 ? tr("Jump to latest, %n new", nullptr, count) : tr("Jump to latest");
    setAccessibleName(name);
    setToolTip(name);
    update();
}

QSize JumpPill::sizeHint() const
{
    const auto &theme = Theme::current();
    const int margin = 2 * shadowMargin(ShadowKind::Composer);
    const int label = m_news > 0 ? textWidth(text(), TextRole::ChipStrong) + theme.px(20) : 0;
    return {theme.px(34) + label + margin, theme.px(34) + margin};
}

QRect JumpPill::card() const
{
    const int margin = shadowMargin(ShadowKind::Composer);
    return rect().adjusted(margin, margin, -margin, -margin);
}

void JumpPill::paintEvent(QPaintEvent *)
{
    const auto &theme = Theme::current();
    const auto &t = theme.tokens();
    QPainter painter{this};
    paintShadow(painter, card(), card().height() / 2.0, ShadowKind::Composer);
    fillRounded(painter, card(), card().height(), underMouse() ? t.hover : t.raised, t.borderDefault);
    const auto visual = [&](const QRect &r) { return QStyle::visualRect(layoutDirection(), card(), r); };
    const QRect icon{card().x(), card().y(), theme.px(34), card().height()};
    paintIcon(painter, visual(icon), u"arrow-down"_s, 16, m_news > 0 ? t.accent : t.text2);
    const QRect text{icon.right(), card().y(), card().right() - icon.right(), card().height()};
    paintText(painter, visual(text), Qt::AlignLeading | Qt::AlignVCenter, this->text(), TextRole::ChipStrong,
              t.accent, layoutDirection());
    if (showsFocus(this))
        paintFocusRing(painter, card(), card().height() / 2.0);
}

} // namespace client::widgets
