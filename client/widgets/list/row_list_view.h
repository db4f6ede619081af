#pragma once

#include <QListView>
#include <QPersistentModelIndex>

namespace client::widgets {

class RowDelegate;

/// The rows that RowDelegate paints: all of one height, per-pixel scrolling, hover, overlay scroll bar.
/// J and K move like the arrow keys.
///
/// A QListView for what it is to others (roles, selection, accessibility), but it places rows by arithmetic
/// instead of keeping a position for each: a row that comes, goes or moves costs the same however many
/// there are.
class RowListView : public QListView {
    Q_OBJECT

public:
    /// `name` is the accessible name, e.g. tr("Conversations").
    explicit RowListView(const QString &name, QWidget *parent = nullptr);

    void setCompact(bool compact);

    [[nodiscard]] QRect visualRect(const QModelIndex &index) const override;
    [[nodiscard]] QModelIndex indexAt(const QPoint &point) const override;
    void scrollTo(const QModelIndex &index, ScrollHint hint = EnsureVisible) override;
    void doItemsLayout() override;

Q_SIGNALS:
    /// Enter, O or a double click.
    void opened(const QModelIndex &index);
    void contextMenuRequested(const QModelIndex &index, const QPoint &globalPosition);

protected:
    void dataChanged(const QModelIndex &topLeft, const QModelIndex &bottomRight,
                     const QList<int> &roles) override;
    void rowsInserted(const QModelIndex &parent, int start, int end) override;
    void rowsAboutToBeRemoved(const QModelIndex &parent, int start, int end) override;
    void updateGeometries() override;
    void scrollContentsBy(int dx, int dy) override;
    [[nodiscard]] int horizontalOffset() const override { return 0; }
    [[nodiscard]] int verticalOffset() const override;
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    void setSelection(const QRect &rect, QItemSelectionModel::SelectionFlags command) override;
    [[nodiscard]] QRegion visualRegionForSelection(const QItemSelection &selection) const override;
    bool viewportEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    [[nodiscard]] int count() const;
    /// The row at `y` of the viewport, or the nearest; -1 in an empty list.
    [[nodiscard]] int nearestRow(int y) const;

    RowDelegate *m_delegate;
    int m_rowHeight = 1;
    QPersistentModelIndex m_hovered;
};

} // namespace client::widgets
