#pragma once

#include "client/widgets/navigation/nav_item.h"

#include <QAbstractListModel>

namespace client::widgets {

/// The flattened rows of a SidebarView: titles and items.
class SidebarModel : public QAbstractListModel {
    Q_OBJECT

public:
    struct Row {
        bool isTitle = false;
        bool canAdd = false;
        NavItem item; ///< a title uses id and text only
    };

    using QAbstractListModel::QAbstractListModel;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

    const Row &row(const QModelIndex &index) const { return m_rows[static_cast<std::size_t>(index.row())]; }
    QModelIndex indexOf(const QString &id) const;
    void setSections(const std::vector<NavSection> &sections);
    void setCount(const QString &id, int count, bool urgent);
    bool isRail() const { return m_rail; }
    void setRail(bool rail);

private:
    std::vector<Row> m_rows;
    bool m_rail = false;
};

} // namespace client::widgets
