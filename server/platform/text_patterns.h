#pragma once

#include "server/ports/text_patterns.h"

namespace server::platform {

/// By automata (RE2), with a bound on the memory of each.
class LinearPatterns : public ports::TextPatterns {
public:
    [[nodiscard]] std::optional<bool> matches(std::string_view pattern, std::string_view text) const override;
};

} // namespace server::platform
