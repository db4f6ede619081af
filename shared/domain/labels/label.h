#pragma once

#include "shared/domain/ids.h"

#include <cstdint>
#include <string>

namespace domain {

/// A word with a colour that an account sorts its conversations and contacts by. They carry its title, so a
/// title is also a label of a conversation when the account never defined it.
struct Label {
    LabelId id;
    std::int64_t number = 0;
    std::string title; ///< see labelTitle(); one of its kind in an account
    std::string description;
    std::string color = "#1F93FF"; ///< #rrggbb
    bool showOnSidebar = false;

    bool operator==(const Label &) const = default;
};

} // namespace domain
