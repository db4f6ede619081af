#pragma once

#include "client/widgets/tokens.h"

#include <QFont>
#include <QFontMetrics>

#include <vector>

namespace client::widgets {

/// The fonts of the design at one text scale, made once per scale. Loads the bundled faces on construction.
class FontSet {
public:
    FontSet();

    void setScale(double scale);
    const QFont &font(TextRole role) const { return m_fonts[static_cast<std::size_t>(role)]; }
    const QFontMetrics &metrics(TextRole role) const { return m_metrics[static_cast<std::size_t>(role)]; }

private:
    QString m_systemFamily;
    std::vector<QFont> m_fonts;
    std::vector<QFontMetrics> m_metrics;
};

} // namespace client::widgets
