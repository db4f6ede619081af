#pragma once

#include <span>
#include <string_view>

namespace server::app {

/// What people of one language write to a support desk, and are answered.
struct Tongue {
    std::string_view code;
    std::span<const std::string_view> names;
    std::span<const std::string_view> openers;
    std::span<const std::string_view> details; ///< sentences for the middle, from either side
    std::span<const std::string_view> replies;
    std::span<const std::string_view> closings; ///< by the customer
};

/// Eighteen languages in ten scripts, three of them written from right to left.
std::span<const Tongue> tongues();
/// Said in any language.
std::span<const std::string_view> emoji();

} // namespace server::app
