#include "client/shell/frame/workspace.h"

#include "client/shell/frame/sidebar.h"
#include "client/shell/settings.h"
#include "client/widgets/theme/paint.h"
#include "client/widgets/theme/theme.h"

#include <QApplication>
#include <QBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QScreen>
#include <QSplitter>
#include <QStackedWidget>

#include <algorithm>

namespace client::shell {

using widgets::Theme;

namespace {

const QString contactPane = QStringLiteral("contact");
const QString sidebarPane = QStringLiteral("sidebar");

class HairlineHandle : public QSplitterHandle {
public:
    using QSplitterHandle::QSplitterHandle;

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter{this}.fillRect(contentsRect(), Theme::current().tokens().borderSubtle);
    }
};

class PaneSplitter : public QSplitter {
public:
    using QSplitter::QSplitter;

protected:
    QSplitterHandle *createHandle() override { return new HairlineHandle{orientation(), this}; }
};

/// The first widget of a pane, in order of the eye, that takes the keyboard.
QWidget *entryOf(QWidget *pane)
{
    if (auto *proxy = pane->focusProxy(); proxy && proxy->isVisible() && proxy->isEnabled())
        return proxy;
    for (auto *child : pane->findChildren<QWidget *>())
        if (child->isVisible() && child->isEnabled() && (child->focusPolicy() & Qt::TabFocus) == Qt::TabFocus)
            return child;
    return nullptr;
}

} // namespace

Workspace::Workspace(const Panes &panes, Settings &settings, QWidget *parent)
    : QWidget{parent}
    , m_panes{panes}
    , m_settings{settings}
    , m_stack{new QStackedWidget{this}}
    , m_splitter{new PaneSplitter{Qt::Horizontal, this}}
    , m_edge{new widgets::Hairline{Qt::Vertical, this}}
{
    auto *row = new QHBoxLayout{this};
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(panes.sidebar);
    row->addWidget(new widgets::Hairline{Qt::Vertical, this});
    row->addWidget(m_stack, 1);
    m_stack->addWidget(m_splitter);
    m_splitter->setHandleWidth(1);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(panes.list);
    m_splitter->addWidget(panes.thread);
    m_splitter->addWidget(panes.contact);
    m_splitter->setStretchFactor(0, 0);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setStretchFactor(2, 0);
    m_edge->hide();
    Theme::current().follow(this, [this] {
        const auto &theme = Theme::current();
        m_panes.list->setMinimumWidth(280);
        m_panes.list->setMaximumWidth(theme.px(480));
        m_panes.thread->setMinimumWidth(420);
        m_panes.contact->setMinimumWidth(260);
        m_panes.contact->setMaximumWidth(theme.px(420));
        fold();
    });
    m_splitter->installEventFilter(this);
    connect(m_splitter, &QSplitter::splitterMoved, this, &Workspace::remember);
    restore();
}

bool Workspace::isContactShown() const
{
    return m_panes.contact->isVisibleTo(this);
}

QWidget *Workspace::content() const
{
    return m_stack;
}

QWidget *Workspace::page() const
{
    return m_stack->currentWidget() == m_splitter ? nullptr : m_stack->currentWidget();
}

bool Workspace::isNarrow() const
{
    return width() < Theme::current().px(1200);
}

void Workspace::toggleSidebar()
{
    if (width() < Theme::current().px(1100))
        return; // there is room for the rail only
    m_settings.setShown(sidebarPane, m_panes.sidebar->isRail());
    fold();
}

void Workspace::toggleContact()
{
    if (isNarrow())
        m_floats = !m_floats;
    else
        m_settings.setShown(contactPane, !isContactShown());
    fold();
    if (m_floats && isNarrow())
        if (auto *entry = entryOf(m_panes.contact))
            entry->setFocus(Qt::OtherFocusReason);
}

void Workspace::showPage(QWidget *page)
{
    if (m_stack->indexOf(page) < 0)
        m_stack->addWidget(page);
    m_floats = false;
    fold();
    m_stack->setCurrentWidget(page);
    if (auto *entry = entryOf(page))
        entry->setFocus(Qt::OtherFocusReason);
    Q_EMIT pageChanged();
}

void Workspace::showPanes()
{
    if (!page())
        return;
    m_stack->setCurrentWidget(m_splitter);
    Q_EMIT pageChanged();
}

std::vector<QWidget *> Workspace::shownPanes() const
{
    std::vector<QWidget *> shown{m_panes.sidebar};
    if (auto *only = page()) {
        shown.push_back(only);
        return shown;
    }
    shown.push_back(m_panes.list);
    shown.push_back(m_panes.thread);
    if (isContactShown())
        shown.push_back(m_panes.contact);
    return shown;
}

void Workspace::focusNextPane(bool back)
{
    const auto panes = shownPanes();
    const auto *focus = QApplication::focusWidget();
    const auto at = std::find_if(panes.begin(), panes.end(), [focus](const QWidget *pane) {
        return pane == focus || (focus && pane->isAncestorOf(focus));
    });
    const auto count = panes.size();
    auto index = at == panes.end() ? (back ? 0 : count - 1) : static_cast<std::size_t>(at - panes.begin());
    for (std::size_t step = 0; step < count; ++step) {
        index = (index + (back ? count - 1 : 1)) % count;
        if (auto *entry = entryOf(panes[index])) {
            entry->setFocus(Qt::TabFocusReason);
            return;
        }
    }
}

void Workspace::fold()
{
    m_panes.sidebar->setRail(width() < Theme::current().px(1100) || !m_settings.isShown(sidebarPane));
    const bool before = isContactShown();
    const auto *focus = QApplication::focusWidget();
    const bool hadFocus = focus && m_panes.contact->isAncestorOf(focus);
    auto *contact = m_panes.contact;
    if (isNarrow()) {
        if (m_floats) {
            contact->setParent(this);
            placeFloating();
            contact->show();
            contact->raise();
            m_edge->raise();
        } else {
            contact->hide();
        }
    } else {
        m_floats = false;
        if (contact->parentWidget() != m_splitter) {
            m_splitter->addWidget(contact);
            restore();
        }
        contact->setVisible(m_settings.isShown(contactPane));
    }
    m_edge->setVisible(m_floats && isNarrow());
    if (hadFocus && !isContactShown())
        if (auto *entry = entryOf(m_panes.thread))
            entry->setFocus(Qt::OtherFocusReason);
    if (before != isContactShown())
        Q_EMIT contactShown(isContactShown());
}

void Workspace::placeFloating()
{
    const int wide = Theme::current().px(300);
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    m_panes.contact->setGeometry(mirrored ? 0 : width() - wide, 0, wide, height());
    m_edge->setGeometry(mirrored ? wide : width() - wide - 1, 0, 1, height());
}

void Workspace::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fold();
}

void Workspace::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && m_floats && isNarrow()) {
        toggleContact();
        focusNextPane(true);
        return;
    }
    QWidget::keyPressEvent(event);
}

bool Workspace::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_splitter && event->type() == QEvent::LayoutDirectionChange && m_floats)
        placeFloating();
    return QWidget::eventFilter(watched, event);
}

void Workspace::remember()
{
    const auto *at = screen();
    m_settings.setState(QStringLiteral("panes-") + (at ? at->name() : QString{}), m_splitter->saveState());
}

void Workspace::restore()
{
    const auto *at = screen();
    const auto state = m_settings.state(QStringLiteral("panes-") + (at ? at->name() : QString{}));
    if (state.isEmpty() || !m_splitter->restoreState(state))
        m_splitter->setSizes({352, 552, 300});
    m_splitter->setHandleWidth(1);
}

} // namespace client::shell
