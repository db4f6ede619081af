#include "client/widgets/thread/thread_accessible.h"

#include "client/widgets/thread/thread_model.h"
#include "client/widgets/thread/thread_text.h"

#include <QAbstractButton>
#include <QLabel>
#include <QWindow>

namespace client::widgets {

ThreadAccessible::ThreadAccessible(ThreadView *view) : QAccessibleWidget{view, QAccessible::List} {}

ThreadAccessible::~ThreadAccessible()
{
    for (const auto id : std::as_const(m_children))
        QAccessible::deleteAccessibleInterface(id);
}

int ThreadAccessible::itemCount() const
{
    return view() && view()->model() ? view()->model()->count() : 0;
}

QList<QWidget *> ThreadAccessible::extras() const
{
    QList<QWidget *> widgets;
    for (auto *child : view()->children()) {
        const bool wanted = qobject_cast<QLabel *>(child) || qobject_cast<QAbstractButton *>(child);
        if (wanted && !static_cast<QWidget *>(child)->isHidden())
            widgets << static_cast<QWidget *>(child);
    }
    return widgets;
}

int ThreadAccessible::childCount() const
{
    return view() ? itemCount() + static_cast<int>(extras().size()) : 0;
}

QAccessibleInterface *ThreadAccessible::child(int index) const
{
    if (!view() || index < 0)
        return nullptr;
    if (index >= itemCount())
        return QAccessible::queryAccessibleInterface(extras().value(index - itemCount()));
    const auto item = view()->model()->item(index);
    const auto known = m_children.constFind(item.id);
    if (known != m_children.constEnd()) {
        auto *child = static_cast<ThreadItemAccessible *>(QAccessible::accessibleInterface(*known));
        child->hint(index);
        return child;
    }
    auto *child = new ThreadItemAccessible{view(), item.id, index};
    m_children.insert(item.id, QAccessible::registerAccessibleInterface(child));
    return child;
}

QAccessibleInterface *ThreadAccessible::childAt(int x, int y) const
{
    for (int i = 0; i < itemCount(); ++i) {
        const auto rect = view()->itemRect(i);
        if (QRect{view()->viewport()->mapToGlobal(rect.topLeft()), rect.size()}.contains(x, y))
            return child(i);
    }
    return nullptr;
}

int ThreadAccessible::indexOfChild(const QAccessibleInterface *child) const
{
    if (!child)
        return -1;
    if (child->object())
        return itemCount() + static_cast<int>(extras().indexOf(static_cast<QWidget *>(child->object())));
    return static_cast<const ThreadItemAccessible *>(child)->index();
}

QAccessibleInterface *ThreadAccessible::focusChild() const
{
    if (!view() || !view()->hasFocus())
        return nullptr;
    return view()->currentItem() >= 0 ? child(view()->currentItem()) : nullptr;
}

ThreadItemAccessible::ThreadItemAccessible(ThreadView *view, QString id, int index)
    : m_view{view}
    , m_id{std::move(id)}
    , m_index{index}
{
}

int ThreadItemAccessible::index() const
{
    const auto *model = m_view ? m_view->model() : nullptr;
    if (!model)
        return -1;
    if (m_index >= 0 && m_index < model->count() && model->item(m_index).id == m_id)
        return m_index;
    for (m_index = model->count() - 1; m_index >= 0; --m_index) {
        if (model->item(m_index).id == m_id)
            break;
    }
    return m_index;
}

bool ThreadItemAccessible::isValid() const
{
    return index() >= 0;
}

QWindow *ThreadItemAccessible::window() const
{
    return m_view ? m_view->window()->windowHandle() : nullptr;
}

QAccessibleInterface *ThreadItemAccessible::parent() const
{
    return QAccessible::queryAccessibleInterface(m_view.data());
}

QString ThreadItemAccessible::text(QAccessible::Text text) const
{
    const int at = index();
    if (at < 0)
        return {};
    const auto item = m_view->model()->item(at);
    switch (text) {
    case QAccessible::Name:
        return accessibleText(item);
    case QAccessible::Value:
        return item.text;
    default:
        return {};
    }
}

QRect ThreadItemAccessible::rect() const
{
    const int at = index();
    if (at < 0)
        return {};
    const auto rect = m_view->itemRect(at);
    return {m_view->viewport()->mapToGlobal(rect.topLeft()), rect.size()};
}

QAccessible::Role ThreadItemAccessible::role() const
{
    return QAccessible::ListItem;
}

QAccessible::State ThreadItemAccessible::state() const
{
    QAccessible::State state;
    const int at = index();
    if (at < 0) {
        state.invalid = true;
        return state;
    }
    state.focusable = true;
    state.selectable = true;
    state.readOnly = true;
    state.focused = m_view->currentItem() == at && m_view->hasFocus();
    state.offscreen = !m_view->itemRect(at).intersects(m_view->viewport()->rect());
    return state;
}

void *ThreadItemAccessible::interface_cast(QAccessible::InterfaceType type)
{
    return type == QAccessible::ActionInterface ? static_cast<QAccessibleActionInterface *>(this) : nullptr;
}

QStringList ThreadItemAccessible::actionNames() const
{
    const int at = index();
    if (at < 0)
        return {};
    QStringList names{setFocusAction()};
    const auto item = m_view->model()->item(at);
    if (hasAction(item) || !item.attachments.empty())
        names << pressAction();
    return names;
}

void ThreadItemAccessible::doAction(const QString &action)
{
    const int at = index();
    if (at < 0)
        return;
    m_view->setCurrentItem(at);
    if (action == setFocusAction()) {
        m_view->setFocus(Qt::OtherFocusReason);
        return;
    }
    const auto item = m_view->model()->item(at);
    if (hasAction(item))
        Q_EMIT m_view->actionRequested(item.id);
    else if (!item.attachments.empty())
        Q_EMIT m_view->attachmentOpened(item.id, item.attachments.front().id);
}

} // namespace client::widgets
