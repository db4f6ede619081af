#pragma once

#include <QString>
#include <QStringList>

#include <vector>

namespace client::widgets {

/// One line of the command palette.
struct PaletteEntry {
    QString id;
    QString group; ///< "This conversation"; groups show in the order of their first entry
    QString title;
    QString subtitle;
    QString icon;
    QString shortcut;         ///< "Ctrl+Shift+A", painted as key caps
    double recency = 0;       ///< 0-1, 1 used just now; lifts equal matches
    bool canDrill = false;    ///< Tab goes deeper
    bool alwaysShown = false; ///< already matched by the source (search hits): not filtered again
};

/// Gives the palette its entries.
class PaletteSource {
public:
    virtual ~PaletteSource() = default;

    /// All candidates for what was typed. `prefix` is one of > # @ / ? or null when there is none; `query` is
    /// the rest. Called on every key: must be quick (local memory only).
    virtual std::vector<PaletteEntry> entries(QChar prefix, const QString &query) const = 0;
};

/// What was typed, made ready for comparing it with many texts.
class FuzzyQuery {
public:
    explicit FuzzyQuery(const QString &query);

    /// How well it matches: 0 not at all; higher is better. Letters must come in order; starts of words, runs
    /// and an exact prefix count more. Case and accents do not matter. An empty query matches everything
    /// alike.
    [[nodiscard]] double score(const QString &text) const;

private:
    QStringList m_words; ///< folded
};

/// The same for a single comparison.
double fuzzyScore(const QString &query, const QString &text);

} // namespace client::widgets
