#pragma once

#include <cstdint>
#include <string_view>

namespace base {

/// FNV-1a, 64 bits: tells differing texts apart by accident, not by intent. Part of the protocol (digests,
/// the name of the dictionary).
constexpr std::uint64_t fnv1a64(std::string_view text, std::uint64_t value = 14695981039346656037ULL)
{
    for (const char c : text)
        value = (value ^ static_cast<std::uint8_t>(c)) * 1099511628211ULL;
    return value;
}

} // namespace base
