#include "client/widgets/list/row_list_view.h"

#include "client/widgets/basic/overlay_scroll_bar.h"
#include "client/widgets/list/row_delegate.h"
#include "client/widgets/theme/theme.h"

#include <QContextMenuEvent>
#include <QHoverEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>

namespace client::widgets {

RowListView::RowListView(const QString &name, QWidget *parent)
    : QListView{parent}
    , m_delegate{new RowDelegate{this}}
{
    setAccessibleName(name);
    setItemDelegate(m_delegate);
    setUniformItemSizes(true);
    setVerticalScrollMode(ScrollPerPixel);
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setFrameShape(NoFrame);
    setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_Hover);
    new OverlayScrollBar{this};
    connect(this, &QAbstractItemView::doubleClicked, this, &RowListView::opened);
    Theme::current().follow(this, [this] {
        // A third of a comfortable row a wheel notch, whatever the text scale.
        verticalScrollBar()->setSingleStep(Theme::current().px(30));
        scheduleDelayedItemsLayout();
        viewport()->update();
    });
}

void RowListView::setCompact(bool compact)
{
    m_delegate->setCompact(compact);
    doItemsLayout();
}

int RowListView::count() const
{
    return model() ? model()->rowCount(rootIndex()) : 0;
}

int RowListView::verticalOffset() const
{
    return verticalScrollBar()->value();
}

QRect RowListView::visualRect(const QModelIndex &index) const
{
    if (!index.isValid() || index.model() != model())
        return {};
    return {0, index.row() * m_rowHeight - verticalOffset(), viewport()->width(), m_rowHeight};
}

QModelIndex RowListView::indexAt(const QPoint &point) const
{
    const int y = point.y() + verticalOffset();
    if (y < 0 || y / m_rowHeight >= count() || point.x() < 0 || point.x() >= viewport()->width())
        return {};
    return model()->index(y / m_rowHeight, 0, rootIndex());
}

int RowListView::nearestRow(int y) const
{
    return std::clamp((y + verticalOffset()) / m_rowHeight, 0, count() - 1);
}

void RowListView::scrollTo(const QModelIndex &index, ScrollHint hint)
{
    if (!index.isValid())
        return;
    executeDelayedItemsLayout(); // what was just inserted has no room yet
    const int room = viewport()->height();
    const int top = index.row() * m_rowHeight;
    const int below = top + m_rowHeight - room;
    auto *bar = verticalScrollBar();
    if (hint == PositionAtCenter)
        bar->setValue(top - (room - m_rowHeight) / 2);
    else if (hint == PositionAtTop || top < bar->value())
        bar->setValue(top);
    else if (hint == PositionAtBottom || below > bar->value())
        bar->setValue(below);
}

void RowListView::doItemsLayout()
{
    if (count() > 0) {
        QStyleOptionViewItem option;
        initViewItemOption(&option);
        m_rowHeight = std::max(1, m_delegate->sizeHint(option, model()->index(0, 0, rootIndex())).height());
    }
    QAbstractItemView::doItemsLayout(); // not the list's, which asks every row where it goes
}

void RowListView::updateGeometries()
{
    auto *bar = verticalScrollBar();
    bar->setPageStep(viewport()->height());
    bar->setRange(0, std::max(0, count() * m_rowHeight - viewport()->height()));
    QAbstractItemView::updateGeometries();
}

void RowListView::rowsInserted(const QModelIndex &parent, int start, int end)
{
    QAbstractItemView::rowsInserted(parent, start, end);
    scheduleDelayedItemsLayout();
}

void RowListView::rowsAboutToBeRemoved(const QModelIndex &parent, int start, int end)
{
    QAbstractItemView::rowsAboutToBeRemoved(parent, start, end);
    scheduleDelayedItemsLayout();
}

// A changed row is painted anew where it stands; its height is that of all.
void RowListView::dataChanged(const QModelIndex &topLeft, const QModelIndex &bottomRight,
                              const QList<int> &roles)
{
    QAbstractItemView::dataChanged(topLeft, bottomRight, roles);
}

void RowListView::scrollContentsBy(int dx, int dy)
{
    viewport()->scroll(dx, dy);
}

void RowListView::resizeEvent(QResizeEvent *event)
{
    QAbstractItemView::resizeEvent(event);
}

QModelIndex RowListView::moveCursor(CursorAction action, Qt::KeyboardModifiers)
{
    executeDelayedItemsLayout();
    if (count() == 0)
        return {};
    const int page = std::max(1, viewport()->height() / m_rowHeight - 1);
    const int from = currentIndex().isValid() ? currentIndex().row() : -1;
    int to = from;
    switch (action) {
    case MoveUp:
    case MoveLeft:
    case MovePrevious:
        to = from - 1;
        break;
    case MoveDown:
    case MoveRight:
    case MoveNext:
        to = from + 1;
        break;
    case MovePageUp:
        to = from - page;
        break;
    case MovePageDown:
        to = from + page;
        break;
    case MoveHome:
        to = 0;
        break;
    case MoveEnd:
        to = count() - 1;
        break;
    }
    return model()->index(std::clamp(to, 0, count() - 1), 0, rootIndex());
}

void RowListView::setSelection(const QRect &rect, QItemSelectionModel::SelectionFlags command)
{
    QItemSelection chosen;
    const auto index = indexAt(rect.topLeft()); // one at a time
    if (index.isValid())
        chosen.select(index, index);
    selectionModel()->select(chosen, command);
}

QRegion RowListView::visualRegionForSelection(const QItemSelection &selection) const
{
    QRegion region;
    for (const auto &range : selection)
        if (range.isValid() && range.parent() == rootIndex())
            region += visualRect(range.topLeft()).united(visualRect(range.bottomRight()));
    return region & viewport()->rect();
}

bool RowListView::viewportEvent(QEvent *event)
{
    switch (event->type()) {
    case QEvent::HoverMove:
    case QEvent::HoverEnter:
        m_hovered = indexAt(static_cast<QHoverEvent *>(event)->position().toPoint());
        break;
    case QEvent::HoverLeave:
    case QEvent::Leave:
        m_hovered = QModelIndex{};
        break;
    default:
        break;
    }
    return QListView::viewportEvent(event);
}

void RowListView::paintEvent(QPaintEvent *event)
{
    if (count() == 0)
        return;
    QPainter painter{viewport()};
    QStyleOptionViewItem option;
    initViewItemOption(&option);
    const auto usual = option.state;
    const int last = nearestRow(event->rect().bottom());
    for (int row = nearestRow(event->rect().top()); row <= last; ++row) {
        const auto index = model()->index(row, 0, rootIndex());
        option.rect = visualRect(index);
        option.state = usual;
        option.state.setFlag(QStyle::State_Selected, selectionModel()->isSelected(index));
        option.state.setFlag(QStyle::State_MouseOver, m_hovered == index);
        option.state.setFlag(QStyle::State_HasFocus, hasFocus() && currentIndex() == index);
        m_delegate->paint(&painter, option, index);
    }
}

void RowListView::keyPressEvent(QKeyEvent *event)
{
    const bool plain = event->modifiers() == Qt::NoModifier || event->modifiers() == Qt::KeypadModifier;
    if (plain && (event->key() == Qt::Key_J || event->key() == Qt::Key_K)) {
        const int row = currentIndex().row() + (event->key() == Qt::Key_J ? 1 : -1);
        if (model() && row >= 0 && row < model()->rowCount(rootIndex()))
            setCurrentIndex(model()->index(row, 0, rootIndex()));
        return;
    }
    const bool open =
        event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_O;
    if (plain && open) {
        if (currentIndex().isValid())
            Q_EMIT opened(currentIndex());
        return;
    }
    // Letters are commands of the application, not a search in the list.
    if (!event->text().isEmpty() && event->text().at(0).isPrint() && event->key() != Qt::Key_Space) {
        event->ignore();
        return;
    }
    QListView::keyPressEvent(event);
}

void RowListView::contextMenuEvent(QContextMenuEvent *event)
{
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const auto index = byKey ? currentIndex() : indexAt(event->pos());
    if (!index.isValid())
        return;
    const auto at = byKey ? viewport()->mapToGlobal(visualRect(index).center()) : event->globalPos();
    Q_EMIT contextMenuRequested(index, at);
}

} // namespace client::widgets
