#include "client/widgets/palette/palette_model.h"

#include <algorithm>

namespace {

// More cannot be read, and painting stays cheap.
constexpr std::size_t maxEntries = 60;

struct Scored {
    double score;
    std::size_t at; ///< in the candidates
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
    const FuzzyQuery wanted{query};
    std::vector<Scored> matching;
    for (std::size_t at = 0; at < candidates.size(); ++at) {
        const auto &candidate = candidates[at];
        const double title = wanted.score(candidate.title);
        const double rest = candidate.subtitle.isEmpty() ? 0 : .6 * wanted.score(candidate.subtitle);
        const double match = candidate.alwaysShown ? qMax(1., title) : qMax(title, rest);
        if (match > 0)
            matching.push_back({match + candidate.recency, at});
    }
    const auto shown = matching.begin() + static_cast<std::ptrdiff_t>(qMin(matching.size(), maxEntries));
    std::partial_sort(matching.begin(), shown, matching.end(), [](const Scored &a, const Scored &b) {
        return a.score != b.score ? a.score > b.score : a.at < b.at; // as given, where they match alike
    });
    std::vector<PaletteEntry> kept;
    for (auto best = matching.begin(); best != shown; ++best)
        kept.push_back(std::move(candidates[best->at]));

    QStringList groups;
    for (const auto &entry : kept) {
        if (!groups.contains(entry.group))
            groups << entry.group;
    }
    beginResetModel();
    m_rows.clear();
    for (const auto &group : groups) {
        if (!group.isEmpty())
            m_rows.push_back({true, {.group = group}});
        for (const auto &entry : kept) {
            if (entry.group == group)
                m_rows.push_back({false, entry});
        }
    }
    endResetModel();
}

} // namespace client::widgets
