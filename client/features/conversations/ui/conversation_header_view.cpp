#include "client/features/conversations/ui/conversation_header_view.h"

#include "client/features/conversations/ui/assignee_button.h"
#include "client/widgets/basic/buttons.h"
#include "client/widgets/basic/pill.h"
#include "client/widgets/theme/theme.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QMenu>

namespace client::conversations {

using widgets::TextLabel;
using widgets::TextRole;
using widgets::Tokens;

namespace {

void popUp(QMenu *menu, const QWidget &button)
{
    if (!menu)
        return;
    menu->popup(button.mapToGlobal(QPoint{0, button.height() + 4}));
}

} // namespace

ConversationHeaderView::ConversationHeaderView(QWidget *parent)
    : Surface{&Tokens::surface, parent}
    , m_title{new TextLabel{TextRole::ThreadTitle, &Tokens::text1, this}}
    , m_channel{new TextLabel{TextRole::Secondary, &Tokens::text2, this}}
    , m_viewers{new TextLabel{TextRole::Chip, &Tokens::text2, this}}
    , m_status{new widgets::Pill{{}, this}}
    , m_assignee{new AssigneeButton{this}}
    , m_snooze{new widgets::IconButton{QStringLiteral("alarm-clock"), tr("Snooze"), this}}
    , m_more{new widgets::IconButton{QStringLiteral("ellipsis"), tr("More actions"), this}}
    , m_main{new widgets::SplitButton{widgets::ButtonKind::Outline, tr("Resolve"), this}}
{
    setObjectName(QStringLiteral("threadHeader"));
    m_title->setObjectName(QStringLiteral("threadTitle"));
    m_viewers->setObjectName(QStringLiteral("viewers"));
    m_snooze->setObjectName(QStringLiteral("snoozeButton"));
    m_more->setObjectName(QStringLiteral("moreButton"));
    m_main->setObjectName(QStringLiteral("resolveButton"));
    m_main->arrow()->setAccessibleName(tr("More ways to finish"));
    m_snooze->setKeyHint(QStringLiteral("S"));
    widgets::Theme::current().follow(this, [this] { setFixedHeight(widgets::Theme::current().px(64)); });

    auto *row = new QHBoxLayout{this};
    row->setContentsMargins(24, 0, 20, 0);
    row->setSpacing(4);
    auto *lines = new QVBoxLayout;
    lines->setSpacing(2);
    lines->addStretch(1);
    lines->addWidget(m_title);
    auto *second = new QHBoxLayout;
    second->setSpacing(14);
    second->addWidget(m_channel, 0);
    second->addWidget(m_viewers, 0);
    second->addStretch(1);
    lines->addLayout(second);
    lines->addStretch(1);
    row->addLayout(lines, 1);
    row->addSpacing(8);
    row->addWidget(m_status);
    row->addSpacing(4);
    row->addWidget(m_assignee);
    row->addSpacing(4);
    row->addWidget(m_snooze);
    row->addWidget(m_more);
    row->addSpacing(6);
    row->addWidget(m_main);
    m_viewers->hide();
    m_status->hide();

    connect(m_assignee, &QAbstractButton::clicked, this, &ConversationHeaderView::openAssigneeMenu);
    connect(m_snooze, &QAbstractButton::clicked, this, &ConversationHeaderView::openSnoozeMenu);
    connect(m_more, &QAbstractButton::clicked, this, [this] { popUp(m_menus.more, *m_more); });
    connect(m_main, &widgets::SplitButton::clicked, this, &ConversationHeaderView::mainRequested);
    show(State{});
}

void ConversationHeaderView::show(const State &state)
{
    const bool viewersChanged = state.viewers != m_state.viewers;
    m_state = state;
    m_title->setText(state.title);
    m_channel->setIconName(state.channelIcon);
    m_channel->setText(state.channelText);
    m_viewers->setIconName(state.viewersWrite ? QStringLiteral("pencil") : QStringLiteral("eye"));
    m_viewers->setText(state.viewers);
    m_viewers->setColour(state.viewersWrite ? &Tokens::warn : &Tokens::text2);
    m_viewers->setVisible(!state.viewers.isEmpty());
    m_assignee->setAssignee(state.assignee, state.isMine);
    const bool snoozed = !state.snoozed.isEmpty();
    m_status->setVisible(snoozed || !state.status.isEmpty());
    m_status->setLook(
        snoozed ? widgets::PillLook{state.snoozed, QStringLiteral("alarm-clock"), widgets::Tone::Warn}
                : widgets::PillLook{state.status,
                                    state.resolved ? QStringLiteral("check") : QStringLiteral("hourglass"),
                                    state.resolved ? widgets::Tone::Ok : widgets::Tone::Neutral});
    auto *button = m_main->main();
    button->setText(state.resolved ? tr("Reopen") : tr("Resolve"));
    button->setAccessibleName(button->text());
    button->setIconName(state.resolved ? QStringLiteral("rotate-ccw") : QStringLiteral("check"));
    button->setIconTone(state.resolved ? widgets::Tone::Neutral : widgets::Tone::Ok);
    button->updateGeometry();
    if (viewersChanged) {
        QAccessibleEvent changed{m_viewers, QAccessible::NameChanged};
        QAccessible::updateAccessibility(&changed);
    }
}

void ConversationHeaderView::setMenus(const Menus &menus)
{
    m_menus = menus;
    m_main->setMenu(menus.resolve);
}

QWidget *ConversationHeaderView::snoozeButton() const
{
    return m_snooze;
}

void ConversationHeaderView::openSnoozeMenu()
{
    popUp(m_menus.snooze, *m_snooze);
}

void ConversationHeaderView::openAssigneeMenu()
{
    popUp(m_menus.assignee, *m_assignee);
}

} // namespace client::conversations
