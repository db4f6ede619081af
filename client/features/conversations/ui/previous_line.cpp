#include "client/features/conversations/ui/previous_line.h"

#include "client/widgets/theme/paint.h"

#include <QPainter>
#include <QStyle>

namespace client::conversations {

using widgets::TextRole;
using widgets::Theme;

PreviousLine::PreviousLine(const QString &icon, widgets::Tone tone, const QString &title,
                           const QString &detail, QWidget *parent)
    : QAbstractButton{parent}
    , m_icon{icon}
    , m_tone{tone}
    , m_detail{detail}
{
    setText(title);
    setAccessibleName(tr("%1, %2").arg(title, detail));
    Theme::current().follow(this, [this] { updateGeometry(); });
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    setCursor(Qt::PointingHandCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize PreviousLine::sizeHint() const
{
    return {Theme::current().px(160), Theme::current().px(42)};
}

void PreviousLine::paintEvent(QPaintEvent *)
{
    QPainter painter{this};
    const auto &theme = Theme::current();
    const auto &tokens = theme.tokens();
    const auto direction = layoutDirection();
    const auto visual = [&](const QRect &logical) { return QStyle::visualRect(direction, rect(), logical); };
    if (underMouse())
        widgets::fillRounded(painter, rect().adjusted(-4, 0, 4, 0), 8, tokens.hover);
    const int side = theme.px(16);
    const int top = theme.px(4);
    const int line = theme.lineHeight(TextRole::Chip);
    const auto colour = m_tone == widgets::Tone::Neutral ? tokens.text2 : widgets::toneText(tokens, m_tone);
    widgets::paintIcon(painter, visual({0, top + 1, side, line}), m_icon, 15, colour, direction);
    const int left = side + theme.px(8);
    widgets::paintText(painter, visual({left, top, width() - left, line}), Qt::AlignLeft | Qt::AlignVCenter,
                       text(), TextRole::Chip, tokens.text1, direction);
    widgets::paintText(painter, visual({left, top + line, width() - left, theme.lineHeight(TextRole::Meta)}),
                       Qt::AlignLeft | Qt::AlignVCenter, m_detail, TextRole::Meta, tokens.text2, direction);
    if (widgets::showsFocus(this))
        widgets::paintFocusRing(painter, rect().adjusted(1, 1, -1, -1), 8);
}

} // namespace client::conversations
