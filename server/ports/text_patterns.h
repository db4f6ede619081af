#pragma once

#include <optional>
#include <string_view>

namespace server::ports {

/// Regular expressions that somebody else wrote, in a time that grows with the text alone. Any thread.
class TextPatterns {
public:
    virtual ~TextPatterns() = default;
    /// Whether the pattern is found in the text. Nothing when the pattern cannot be used here: it is broken,
    /// or asks for what takes unbounded time (looking around, repeating a group it has found).
    [[nodiscard]] virtual std::optional<bool> matches(std::string_view pattern,
                                                      std::string_view text) const = 0;
};

} // namespace server::ports
