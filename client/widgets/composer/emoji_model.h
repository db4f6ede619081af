#pragma once

#include <QAbstractListModel>

#include <vector>

namespace client::widgets {

/// The bundled emoji, filtered by words of their names. Read from the resource on first use.
class EmojiModel : public QAbstractListModel {
    Q_OBJECT

public:
    using QAbstractListModel::QAbstractListModel;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

    QString emoji(const QModelIndex &index) const { return data(index, Qt::DisplayRole).toString(); }
    void filter(const QString &text);

private:
    struct Entry {
        QString emoji;
        QString name;
    };

    void load();

    std::vector<Entry> m_all;
    std::vector<std::size_t> m_shown;
};

} // namespace client::widgets
