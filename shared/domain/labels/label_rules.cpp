#include "shared/domain/labels/label_rules.h"

#include "shared/base/text.h"

#include <algorithm>
#include <set>

namespace domain {

base::Result<std::string> labelTitle(std::string_view text)
{
    const base::Error invalid{base::ErrorCode::Invalid, "title"};
    if (!base::isUtf8(text))
        return invalid;
    auto title = base::lowered(base::trimmed(text));
    const bool isPlain = std::none_of(title.begin(), title.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20) || c == 0x7f || c == ',';
    });
    if (title.empty() || !isPlain || base::length(title) > maxLabelLength)
        return invalid;
    return title;
}

base::Result<std::vector<std::string>> relabelled(std::vector<std::string> labels,
                                                  const std::vector<std::string> &add,
                                                  const std::vector<std::string> &remove)
{
    std::set<std::string> titles{labels.begin(), labels.end()};
    for (const auto &text : add) {
        auto title = labelTitle(text);
        if (!title)
            return base::Error{base::ErrorCode::Invalid, "labels"};
        titles.insert(*std::move(title));
    }
    for (const auto &text : remove)
        if (const auto title = labelTitle(text))
            titles.erase(*title);
    if (titles.size() > maxLabelsOfOne)
        return base::Error{base::ErrorCode::Invalid, "labels"};
    return std::vector<std::string>{titles.begin(), titles.end()};
}

} // namespace domain
