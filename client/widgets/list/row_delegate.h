#pragma once

#include "client/widgets/list/row_roles.h"

#include <QStyledItemDelegate>

#include <memory>

namespace client::widgets {

struct RowMetrics;

/// Paints rows of a list from the roles of row_roles.h: 88 px comfortable, 56 px compact, at 100 % text.
///
/// Fonts and metrics are made once per theme and scale; avatars, icons and pills are cached pixmaps.
/// Mirrors itself in right-to-left layouts.
class RowDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit RowDelegate(QObject *parent = nullptr);
    ~RowDelegate() override;

    bool isCompact() const { return m_compact; }
    /// The view must be told: call its doItemsLayout(), or use RowListView::setCompact().
    void setCompact(bool compact);

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    std::unique_ptr<RowMetrics> m_metrics;
    bool m_compact = false;
};

} // namespace client::widgets
