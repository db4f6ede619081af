#pragma once

#include <QListView>

namespace client::widgets {

class RowDelegate;

/// A QListView set up for RowDelegate: uniform rows, per-pixel scrolling, hover, overlay scroll bar.
/// J and K move like the arrow keys.
class RowListView : public QListView {
    Q_OBJECT

public:
    /// `name` is the accessible name, e.g. tr("Conversations").
    explicit RowListView(const QString &name, QWidget *parent = nullptr);

    void setCompact(bool compact);

Q_SIGNALS:
    /// Enter, O or a double click.
    void opened(const QModelIndex &index);
    void contextMenuRequested(const QModelIndex &index, const QPoint &globalPosition);

protected:
    void dataChanged(const QModelIndex &topLeft, const QModelIndex &bottomRight,
                     const QList<int> &roles) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    RowDelegate *m_delegate;
};

} // namespace client::widgets
