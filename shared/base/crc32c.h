#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace base {

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4) of bytes. Tells a damaged piece of a transfer, proves nothing
/// against an adversary.
std::uint32_t crc32c(std::string_view bytes);

/// As headers carry it: eight lower-case hex digits.
std::string crc32cText(std::string_view bytes);
/// Reads the same; nothing for any other text.
std::optional<std::uint32_t> crc32cFromText(std::string_view text);

} // namespace base
