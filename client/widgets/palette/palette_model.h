#pragma once

#include "client/widgets/palette/palette_source.h"

#include <QAbstractListModel>

namespace client::widgets {

/// The matching entries of a source, best first within groups; group titles are rows that cannot be selected.
class PaletteModel : public QAbstractListModel {
    Q_OBJECT

public:
    using QAbstractListModel::QAbstractListModel;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

    /// Null for a title.
    const PaletteEntry *entry(const QModelIndex &index) const;
    QString title(const QModelIndex &index) const;
    void show(std::vector<PaletteEntry> candidates, const QString &query);

private:
    struct Row {
        bool isTitle;
        PaletteEntry entry;
    };

    std::vector<Row> m_rows;
};

} // namespace client::widgets
