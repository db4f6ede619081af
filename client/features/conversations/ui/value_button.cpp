#include "client/features/conversations/ui/value_button.h"

#include "client/widgets/theme/paint.h"

#include <QPainter>
#include <QStyle>

namespace client::conversations {

using widgets::Theme;
using widgets::Tone;

ValueButton::ValueButton(const QString &label, QWidget *parent) : QAbstractButton{parent}, m_label{label}
{
    Theme::current().follow(this, [this] { updateGeometry(); });
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    setCursor(Qt::PointingHandCursor);
}

void ValueButton::setValue(const QString &value, Tone tone)
{
    setText(value);
    m_tone = tone;
    setAccessibleName(tr("%1: %2").arg(m_label, value));
    update();
}

QSize ValueButton::sizeHint() const
{
    return {Theme::current().px(120), Theme::current().px(27)};
}

void ValueButton::paintEvent(QPaintEvent *)
{
    QPainter painter{this};
    const auto &theme = Theme::current();
    const auto &tokens = theme.tokens();
    const bool active = underMouse() || isDown() || hasFocus();
    const int wide = qMin(widgets::textWidth(text(), widgets::TextRole::Value) + 2, width() - theme.px(18));
    const auto visual = [this](const QRect &logical) {
        return QStyle::visualRect(layoutDirection(), rect(), logical);
    };
    widgets::paintText(painter, visual({0, 0, wide, height()}), Qt::AlignLeft | Qt::AlignVCenter, text(),
                       widgets::TextRole::Value,
                       m_tone == Tone::Neutral ? tokens.text1 : widgets::toneText(tokens, m_tone),
                       layoutDirection());
    if (active)
        widgets::paintIcon(painter, visual({wide + theme.px(4), 0, theme.px(13), height()}),
                           QStringLiteral("chevron-down"), 13, tokens.text2);
    if (widgets::showsFocus(this))
        widgets::paintFocusRing(painter, rect().adjusted(1, 1, -1, -1), 6);
}

} // namespace client::conversations
