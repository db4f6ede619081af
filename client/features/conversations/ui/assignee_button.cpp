#include "client/features/conversations/ui/assignee_button.h"

#include "client/widgets/basic/avatar.h"
#include "client/widgets/theme/paint.h"
#include "client/widgets/theme/theme.h"

#include <QPainter>
#include <QStyle>

namespace client::conversations {

using widgets::Theme;

AssigneeButton::AssigneeButton(QWidget *parent) : QAbstractButton{parent}
{
    setObjectName(QStringLiteral("assigneeButton"));
    Theme::current().follow(this, [this] { updateGeometry(); });
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAssignee({}, false);
}

void AssigneeButton::setAssignee(const QString &name, bool isMe)
{
    m_name = name;
    const auto text = name.isEmpty() ? tr("Assign")
                      : isMe         ? tr("Assigned to you")
                                     : tr("Assigned to %1").arg(name);
    setAccessibleName(text);
    setToolTip(text);
    update();
}

QSize AssigneeButton::sizeHint() const
{
    return {Theme::current().px(54), Theme::current().px(34)};
}

void AssigneeButton::paintEvent(QPaintEvent *)
{
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    const auto &theme = Theme::current();
    const auto &tokens = theme.tokens();
    const auto box = rect().adjusted(0, 0, -1, -1);
    const auto fill = underMouse() || isDown() ? tokens.hover : tokens.surface;
    widgets::fillRounded(painter, box, box.height() / 2.0, fill, tokens.borderDefault);
    const int side = theme.px(24);
    const QRect circle{theme.px(5), (height() - side) / 2, side, side};
    const auto at = QStyle::visualRect(layoutDirection(), rect(), circle);
    if (m_name.isEmpty())
        widgets::paintIcon(painter, at, QStringLiteral("user-plus"), 16, tokens.text2, layoutDirection());
    else
        widgets::paintAvatar(painter, at, {.name = m_name}, fill);
    const QRect arrow{circle.right() + theme.px(4), 0, theme.px(16), height()};
    widgets::paintIcon(painter, QStyle::visualRect(layoutDirection(), rect(), arrow),
                       QStringLiteral("chevron-down"), 13, tokens.text2);
    if (widgets::showsFocus(this))
        widgets::paintFocusRing(painter, box, box.height() / 2.0);
}

} // namespace client::conversations
