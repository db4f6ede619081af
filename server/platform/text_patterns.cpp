#include "server/platform/text_patterns.h"

#include <re2/re2.h>

namespace server::platform {

namespace {

constexpr std::int64_t mostMemory = 1 << 20;
constexpr std::size_t longestPattern = 2000; // bytes

} // namespace

std::optional<bool> LinearPatterns::matches(std::string_view pattern, std::string_view text) const
{
    if (pattern.size() > longestPattern)
        return std::nullopt;
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(mostMemory);
    const re2::RE2 compiled{re2::StringPiece{pattern.data(), pattern.size()}, options};
    if (!compiled.ok())
        return std::nullopt;
    return re2::RE2::PartialMatch(re2::StringPiece{text.data(), text.size()}, compiled);
}

} // namespace server::platform
