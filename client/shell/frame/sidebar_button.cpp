#include "client/shell/frame/sidebar_button.h"

#include "client/shell/frame/app_icon.h"
#include "client/widgets/basic/pill.h"
#include "client/widgets/theme/paint.h"
#include "client/widgets/theme/theme.h"

#include <QPainter>
#include <QStyle>

namespace client::shell {

using widgets::TextRole;
using widgets::Theme;

SidebarButton::SidebarButton(Look look, QWidget *parent) : QAbstractButton{parent}, m_look{look}
{
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void SidebarButton::setLines(const QString &title, const QString &detail)
{
    if (title == m_title && detail == m_detail)
        return;
    m_title = title;
    m_detail = detail;
    name();
    update();
}

void SidebarButton::setPresence(widgets::Presence presence)
{
    m_presence = presence;
    update();
}

void SidebarButton::setRail(bool rail)
{
    m_rail = rail;
    name();
    updateGeometry();
    update();
}

void SidebarButton::setBadge(int count)
{
    if (count == m_badge)
        return;
    m_badge = count;
    name();
    update();
}

void SidebarButton::name()
{
    auto text = m_detail.isEmpty() ? m_title : tr("%1, %2").arg(m_title, m_detail);
    if (m_badge > 0)
        text = tr("%1, %n unread in other accounts", nullptr, m_badge).arg(text);
    setAccessibleName(text);
    setToolTip(m_rail ? text : QString{});
}

QSize SidebarButton::sizeHint() const
{
    const auto &theme = Theme::current();
    return {m_rail ? theme.px(40) : theme.px(180), theme.px(m_look == Look::Workspace ? 40 : 44)};
}

void SidebarButton::paintEvent(QPaintEvent *)
{
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    const auto &theme = Theme::current();
    const auto &tokens = theme.tokens();
    const auto direction = layoutDirection();
    const auto visual = [&](const QRect &logical) { return QStyle::visualRect(direction, rect(), logical); };
    if (m_look == Look::Workspace && (underMouse() || isDown()))
        widgets::fillRounded(painter, rect(), 8, tokens.navSel);

    const int side = theme.px(m_look == Look::Workspace ? 28 : 30);
    const QRect picture{m_rail ? (width() - side) / 2 : theme.px(m_look == Look::Workspace ? 2 : 6),
                        (height() - side) / 2, side, side};
    if (m_look == Look::Workspace)
        paintAppMark(painter, visual(picture));
    else
        widgets::paintAvatar(painter, visual(picture), {.name = m_title, .presence = m_presence},
                             m_rail ? tokens.app : tokens.surface);
    if (!m_rail) {
        const int left = picture.right() + theme.px(9);
        int end = m_look == Look::Workspace ? theme.px(24) : theme.px(4);
        if (m_badge > 0) {
            const auto badge = widgets::badgeSize(m_badge);
            widgets::paintBadge(painter,
                                visual({width() - end - badge.width(), (height() - badge.height()) / 2,
                                        badge.width(), badge.height()}),
                                m_badge);
            end += badge.width() + theme.px(6);
        }
        const int line = theme.lineHeight(TextRole::RowTitle);
        const int below = theme.lineHeight(TextRole::Meta);
        const int top = (height() - line - below) / 2;
        widgets::paintText(painter, visual({left, top, width() - left - end, line}),
                           Qt::AlignLeft | Qt::AlignVCenter, m_title, TextRole::RowStrong, tokens.text1,
                           direction);
        widgets::paintText(painter, visual({left, top + line, width() - left - end, below}),
                           Qt::AlignLeft | Qt::AlignVCenter, m_detail, TextRole::Meta, tokens.text2,
                           direction);
        if (m_look == Look::Workspace)
            widgets::paintIcon(painter, visual({width() - theme.px(22), 0, theme.px(20), height()}),
                               QStringLiteral("chevrons-up-down"), 14, tokens.text3, direction);
    }
    if (m_rail && m_badge > 0) {
        const auto badge = widgets::badgeSize(m_badge);
        widgets::paintBadge(painter, visual({width() - badge.width(), 0, badge.width(), badge.height()}),
                            m_badge);
    }
    if (widgets::showsFocus(this))
        widgets::paintFocusRing(painter, rect().adjusted(1, 1, -1, -1), 8);
}

} // namespace client::shell
