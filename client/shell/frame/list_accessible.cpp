#include "client/shell/frame/list_accessible.h"

#include "client/widgets/list/row_list_view.h"
#include "client/widgets/navigation/sidebar_view.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QHash>
#include <QListView>
#include <QPointer>

namespace client::shell {

namespace {

/// One row, by its number: what it says is read when asked, so it never tells old things.
class RowAccessible : public QAccessibleInterface, public QAccessibleActionInterface {
public:
    RowAccessible(QListView *view, int row) : m_view{view}, m_row{row} {}

    [[nodiscard]] int row() const { return m_row; }
    bool isValid() const override { return m_view && index().isValid(); }
    QObject *object() const override { return nullptr; }
    QWindow *window() const override { return m_view ? m_view->window()->windowHandle() : nullptr; }
    QAccessibleInterface *childAt(int, int) const override { return nullptr; }
    QAccessibleInterface *parent() const override { return QAccessible::queryAccessibleInterface(m_view); }
    QAccessibleInterface *child(int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface *) const override { return -1; }
    void setText(QAccessible::Text, const QString &) override {}

    QString text(QAccessible::Text kind) const override
    {
        if (!isValid())
            return {};
        if (kind == QAccessible::Description)
            return index().data(Qt::AccessibleDescriptionRole).toString();
        if (kind != QAccessible::Name)
            return {};
        const auto spoken = index().data(Qt::AccessibleTextRole).toString();
        return spoken.isEmpty() ? index().data(Qt::DisplayRole).toString() : spoken;
    }

    QRect rect() const override
    {
        if (!isValid())
            return {};
        const auto at = m_view->visualRect(index());
        return {m_view->viewport()->mapToGlobal(at.topLeft()), at.size()};
    }

    QAccessible::Role role() const override
    {
        return isSelectable() ? QAccessible::ListItem : QAccessible::StaticText;
    }

    QAccessible::State state() const override
    {
        QAccessible::State state;
        if (!isValid()) {
            state.invalid = true;
            return state;
        }
        state.selectable = state.focusable = isSelectable();
        state.selected = m_view->selectionModel() && m_view->selectionModel()->isSelected(index());
        state.focused = m_view->hasFocus() && m_view->currentIndex() == index();
        state.invisible = !m_view->isVisible();
        state.offscreen = !m_view->viewport()->rect().intersects(m_view->visualRect(index()));
        return state;
    }

    void *interface_cast(QAccessible::InterfaceType type) override
    {
        return type == QAccessible::ActionInterface ? static_cast<QAccessibleActionInterface *>(this)
                                                    : nullptr;
    }

    QStringList actionNames() const override
    {
        return isValid() && isSelectable() ? QStringList{pressAction(), setFocusAction()} : QStringList{};
    }

    void doAction(const QString &action) override
    {
        if (!isValid() || !isSelectable())
            return;
        m_view->setFocus(Qt::OtherFocusReason);
        m_view->setCurrentIndex(index());
        if (action == pressAction())
            Q_EMIT m_view->clicked(index());
    }

    QStringList keyBindingsForAction(const QString &) const override { return {}; }

private:
    [[nodiscard]] QModelIndex index() const
    {
        return m_view->model() ? m_view->model()->index(m_row, 0, m_view->rootIndex()) : QModelIndex{};
    }
    [[nodiscard]] bool isSelectable() const { return (index().flags() & Qt::ItemIsSelectable) != 0; }

    QPointer<QListView> m_view;
    int m_row;
};

class ListAccessible : public QAccessibleWidget {
public:
    explicit ListAccessible(QListView *view) : QAccessibleWidget{view, QAccessible::List} {}
    ~ListAccessible() override
    {
        for (const auto id : std::as_const(m_rows))
            QAccessible::deleteAccessibleInterface(id);
    }

    int childCount() const override
    {
        return view() && view()->model() ? view()->model()->rowCount(view()->rootIndex()) : 0;
    }

    QAccessibleInterface *child(int row) const override
    {
        if (row < 0 || row >= childCount())
            return nullptr;
        if (const auto known = m_rows.constFind(row); known != m_rows.constEnd())
            return QAccessible::accessibleInterface(*known);
        auto *made = new RowAccessible{view(), row};
        m_rows.insert(row, QAccessible::registerAccessibleInterface(made));
        return made;
    }

    int indexOfChild(const QAccessibleInterface *child) const override
    {
        const auto *row = dynamic_cast<const RowAccessible *>(child);
        return row ? row->row() : -1;
    }

    QAccessibleInterface *childAt(int x, int y) const override
    {
        if (!view())
            return nullptr;
        const auto index = view()->indexAt(view()->viewport()->mapFromGlobal(QPoint{x, y}));
        return index.isValid() ? child(index.row()) : nullptr;
    }

    QAccessibleInterface *focusChild() const override
    {
        return view() && view()->hasFocus() && view()->currentIndex().isValid()
                   ? child(view()->currentIndex().row())
                   : nullptr;
    }

private:
    [[nodiscard]] QListView *view() const { return qobject_cast<QListView *>(object()); }

    mutable QHash<int, QAccessible::Id> m_rows;
};

QAccessibleInterface *make(const QString &, QObject *object)
{
    if (qobject_cast<widgets::RowListView *>(object) || qobject_cast<widgets::SidebarView *>(object))
        return new ListAccessible{static_cast<QListView *>(object)};
    return nullptr;
}

} // namespace

void installListAccessibility()
{
    QAccessible::installFactory(make);
}

} // namespace client::shell
