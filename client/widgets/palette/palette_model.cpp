#include "client/widgets/palette/palette_model.h"

#include <algorithm>

namespace {

// More cannot be read, and painting stays cheap.
constexpr std::size_t maxEntries = 60;

struct Scored {
    client::widgets::PaletteEntry entry;
    double score;
};

} // namespace

namespace client::widgets {

int PaletteModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant PaletteModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto &row = m_rows[static_cast<std::size_t>(index.row())];
    if (role == Qt::DisplayRole)
        return row.isTitle ? row.entry.group : row.entry.title;
    if (role == Qt::AccessibleTextRole) {
        if (row.isTitle)
            return row.entry.group;
        QStringList parts{row.entry.title};
        if (!row.entry.subtitle.isEmpty())
            parts << row.entry.subtitle;
        if (!row.entry.shortcut.isEmpty())
            parts << row.entry.shortcut;
        return parts.join(QStringLiteral(", "));
    }
    return {};
}

Qt::ItemFlags PaletteModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return {};
    const auto base = Qt::ItemIsEnabled | Qt::ItemNeverHasChildren;
    return entry(index) ? base | Qt::ItemIsSelectable : base;
}

const PaletteEntry *PaletteModel::entry(const QModelIndex &index) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return nullptr;
    const auto &row = m_rows[static_cast<std::size_t>(index.row())];
    return row.isTitle ? nullptr : &row.entry;
}

QString PaletteModel::title(const QModelIndex &index) const
{
    return m_rows[static_cast<std::size_t>(index.row())].entry.group;
}

void PaletteModel::show(std::vector<PaletteEntry> candidates, const QString &query)
{
    std::vector<Scored> kept;
    for (auto &candidate : candidates) {
        const double title = fuzzyScore(query, candidate.title);
        const double rest = .6 * fuzzyScore(query, candidate.subtitle);
        const double match = candidate.alwaysShown ? qMax(1., title) : qMax(title, rest);
        if (match > 0)
            kept.push_back({std::move(candidate), match + candidate.recency});
    }
    std::stable_sort(kept.begin(), kept.end(),
                     [](const Scored &a, const Scored &b) { return a.score > b.score; });
    if (kept.size() > maxEntries)
        kept.erase(kept.begin() + maxEntries, kept.end());

    QStringList groups;
    for (const auto &scored : kept) {
        if (!groups.contains(scored.entry.group))
            groups << scored.entry.group;
    }
    beginResetModel();
    m_rows.clear();
    for (const auto &group : groups) {
        if (!group.isEmpty())
            m_rows.push_back({true, {.group = group}});
        for (const auto &scored : kept) {
            if (scored.entry.group == group)
                m_rows.push_back({false, scored.entry});
        }
    }
    endResetModel();
}

} // namespace client::widgets
