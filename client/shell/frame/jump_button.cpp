#include "client/shell/frame/jump_button.h"

#include "client/widgets/theme/paint.h"
#include "client/widgets/theme/theme.h"

#include <QPainter>
#include <QStyle>

namespace client::shell {

using widgets::Theme;

JumpButton::JumpButton(const QString &text, const QStringList &keyCaps, QWidget *parent)
    : QAbstractButton{parent}
    , m_keyCaps{keyCaps}
{
    setText(text);
    setAccessibleName(text);
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void JumpButton::setRail(bool rail)
{
    m_rail = rail;
    setToolTip(rail ? text() : QString{});
    updateGeometry();
    update();
}

QSize JumpButton::sizeHint() const
{
    const auto &theme = Theme::current();
    return {m_rail ? theme.px(34) : theme.px(200), theme.px(34)};
}

void JumpButton::paintEvent(QPaintEvent *)
{
    QPainter painter{this};
    const auto &theme = Theme::current();
    const auto &tokens = theme.tokens();
    const auto box = rect().adjusted(1, 1, -1, -1);
    widgets::fillRounded(painter, box, 8, underMouse() ? tokens.hover : tokens.surface, tokens.borderDefault);
    const auto direction = layoutDirection();
    const QRect icon{box.left() + (m_rail ? 0 : theme.px(8)), box.top(), m_rail ? box.width() : theme.px(17),
                     box.height()};
    widgets::paintIcon(painter, QStyle::visualRect(direction, box, icon), QStringLiteral("search"), 15,
                       tokens.text2, direction);
    if (!m_rail) {
        const int caps = widgets::keyCapsWidth(m_keyCaps);
        auto keys = box.adjusted(0, 0, -theme.px(8), 0);
        keys.setLeft(keys.right() - caps);
        widgets::paintKeyCaps(painter, QStyle::visualRect(direction, box, keys), m_keyCaps, direction);
        auto words = box.adjusted(theme.px(31), 0, -caps - theme.px(12), 0);
        widgets::paintText(painter, QStyle::visualRect(direction, box, words),
                           Qt::AlignLeft | Qt::AlignVCenter, text(), widgets::TextRole::Panel, tokens.text3,
                           direction);
    }
    if (widgets::showsFocus(this))
        widgets::paintFocusRing(painter, box, 8);
}

} // namespace client::shell
