#pragma once

#include <QString>
#include <QUrl>

#include <vector>

namespace client::widgets {

/// A link in a plain text; what is shown is exactly what opens.
struct TextLink {
    int start;
    int length;
    QUrl url;
};

/// Finds http, https and mailto addresses in one pass. Nothing else ever becomes a link. At most 200.
std::vector<TextLink> findLinks(const QString &text);

} // namespace client::widgets
