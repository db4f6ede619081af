#include "client/shell/frame/sidebar.h"

#include "client/shell/frame/jump_button.h"
#include "client/shell/frame/sidebar_button.h"
#include "client/widgets/basic/buttons.h"
#include "client/widgets/navigation/sidebar_view.h"
#include "client/widgets/theme/paint.h"
#include "client/widgets/theme/theme.h"

#include <QAccessible>
#include <QBoxLayout>
#include <QPainter>

namespace client::shell {

namespace {

/// The card at the foot.
class Foot : public QWidget {
public:
    using QWidget::QWidget;

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter{this};
        const auto &tokens = widgets::Theme::current().tokens();
        widgets::fillRounded(painter, rect(), 10, tokens.surface, tokens.borderSubtle);
    }
};

} // namespace

Sidebar::Sidebar(QWidget *parent)
    : Surface{&widgets::Tokens::app, parent}
    , m_workspace{new SidebarButton{SidebarButton::Look::Workspace, this}}
    , m_jump{new JumpButton{tr("Search or jump to"), {QStringLiteral("Ctrl"), QStringLiteral("K")}, this}}
    , m_navigation{new widgets::SidebarView{tr("Views"), this}}
    , m_person{new SidebarButton{SidebarButton::Look::Person, this}}
    , m_settings{new widgets::IconButton{QStringLiteral("settings"), tr("Settings"), this}}
{
    setObjectName(QStringLiteral("sidebar"));
    m_workspace->setObjectName(QStringLiteral("workspaceButton"));
    m_jump->setObjectName(QStringLiteral("jumpButton"));
    m_navigation->setObjectName(QStringLiteral("navigation"));
    m_person->setObjectName(QStringLiteral("personButton"));
    m_settings->setObjectName(QStringLiteral("settingsButton"));
    m_settings->setExtent(28);

    auto *column = new QVBoxLayout{this};
    column->setContentsMargins(0, 10, 0, 12);
    column->setSpacing(0);
    auto *head = new QVBoxLayout;
    head->setContentsMargins(12, 0, 12, 0);
    head->setSpacing(12);
    head->addWidget(m_workspace);
    head->addWidget(m_jump);
    column->addLayout(head);
    column->addSpacing(10);
    column->addWidget(m_navigation, 1); // keeps its own distance from the edges
    column->addSpacing(8);
    auto *foot = new Foot{this};
    auto *row = new QBoxLayout{QBoxLayout::LeftToRight, foot};
    row->setContentsMargins(2, 1, 6, 1);
    row->setSpacing(0);
    row->addWidget(m_person, 1);
    row->addWidget(m_settings);
    auto *below = new QHBoxLayout;
    below->setContentsMargins(12, 0, 12, 0);
    below->addWidget(foot);
    column->addLayout(below);

    connect(m_workspace, &QAbstractButton::clicked, this, &Sidebar::workspaceClicked);
    connect(m_jump, &QAbstractButton::clicked, this, &Sidebar::jumpRequested);
    connect(m_person, &QAbstractButton::clicked, this, &Sidebar::personClicked);
    connect(m_settings, &QAbstractButton::clicked, this, &Sidebar::settingsRequested);
    widgets::Theme::current().follow(this, [this] { setRail(m_rail); });
}

QWidget *Sidebar::workspaceButton() const
{
    return m_workspace;
}

QWidget *Sidebar::personButton() const
{
    return m_person;
}

void Sidebar::setWorkspace(const QString &name, const QString &server)
{
    m_workspace->setLines(name, server);
}

void Sidebar::setWaitingElsewhere(int unread)
{
    m_workspace->setBadge(unread);
}

void Sidebar::setPerson(const QString &name)
{
    m_person->setLines(name, m_person->detail());
}

void Sidebar::setConnection(const QString &text, widgets::Presence presence)
{
    if (text == m_person->detail())
        return;
    m_person->setLines(m_person->title(), text);
    m_person->setPresence(presence);
    QAccessibleEvent changed{m_person, QAccessible::NameChanged};
    QAccessible::updateAccessibility(&changed);
}

void Sidebar::setRail(bool rail)
{
    m_rail = rail;
    setFixedWidth(widgets::Theme::current().px(rail ? 64 : 236));
    m_workspace->setRail(rail);
    m_jump->setRail(rail);
    m_navigation->setRail(rail);
    m_person->setRail(rail);
    m_settings->setVisible(!rail);
}

} // namespace client::shell
