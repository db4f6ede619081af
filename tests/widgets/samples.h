#pragma once

#include "client/widgets/list/row_roles.h"
#include "client/widgets/navigation/sidebar_view.h"
#include "client/widgets/palette/palette_source.h"
#include "client/widgets/thread/thread_model.h"

#include <QAbstractListModel>
#include <QHash>

#include <memory>
#include <vector>

/// Conversations as the pictures of the design show them.
class SampleRows : public QAbstractListModel {
    Q_OBJECT

public:
    using Row = QHash<int, QVariant>;

    explicit SampleRows(QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    void setValue(int row, int role, const QVariant &value);

private:
    std::vector<Row> m_rows;
};

/// Commands for the palette.
class SampleCommands : public client::widgets::PaletteSource {
public:
    std::vector<client::widgets::PaletteEntry> entries(QChar prefix, const QString &query) const override;

    mutable QChar lastPrefix;
    mutable QString lastQuery;
};

std::vector<client::widgets::NavSection> sampleSections();
std::vector<client::widgets::ThreadItem> sampleThread();
std::vector<client::widgets::ThreadItem> sampleMail();
/// `count` messages of different lengths, both sides, reproducible.
std::vector<client::widgets::ThreadItem> longThread(int count);
