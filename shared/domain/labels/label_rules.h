#pragma once

#include "shared/base/result.h"

#include <string>
#include <string_view>
#include <vector>

/// What a label may be called, and what labels something has after some were added and removed. Pure; run by
/// client and server alike.
namespace domain {

inline constexpr std::size_t maxLabelLength = 64;  ///< code points
inline constexpr std::size_t maxLabelsOfOne = 100; ///< on one conversation or contact

/// A title as it is stored: trimmed, ASCII letters in lower case. Fails with Invalid when it is empty, too
/// long, no UTF-8, or holds control characters or a comma.
base::Result<std::string> labelTitle(std::string_view text);

/// The titles after `add` was added and then `remove` removed; sorted, each once. Adding and removing
/// commute between people unless they mean the same label. Fails with Invalid ("labels") for a title that is
/// none, and when there would be more than maxLabelsOfOne.
base::Result<std::vector<std::string>> relabelled(std::vector<std::string> labels,
                                                  const std::vector<std::string> &add,
                                                  const std::vector<std::string> &remove);

} // namespace domain
