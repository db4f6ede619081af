#include "client/widgets/list/row_list_view.h"

#include "client/widgets/basic/overlay_scroll_bar.h"
#include "client/widgets/list/row_delegate.h"
#include "client/widgets/theme/theme.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QScrollBar>

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

// Rows are of one height whatever they say: nothing has to be laid out anew, which for a hundred thousand of
// them takes longer than a frame.
void RowListView::dataChanged(const QModelIndex &topLeft, const QModelIndex &bottomRight,
                              const QList<int> &roles)
{
    QAbstractItemView::dataChanged(topLeft, bottomRight, roles);
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
