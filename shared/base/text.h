#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// UTF-8 text of people: bounded, cleaned, never cut inside a character.
namespace base {

/// Whether the bytes are well-formed UTF-8 (RFC 3629).
bool isUtf8(std::string_view text);
/// Number of code points of well-formed UTF-8.
std::size_t length(std::string_view text);
/// At most `most` code points, never half a character.
std::string truncated(std::string_view text, std::size_t most);
/// Without leading and trailing white space.
std::string_view trimmed(std::string_view text);
/// Without control characters other than newline and tab; CR LF becomes LF; NUL is dropped.
std::string cleaned(std::string_view text);
/// One line for previews: white space folded, at most `most` code points, with an ellipsis when cut.
std::string preview(std::string_view text, std::size_t most);
/// ASCII lower case, for addresses and names of headers.
std::string lowered(std::string_view text);

/// A decimal number and nothing beside it; nothing for any other text or one that does not fit.
std::optional<std::int64_t> wholeNumber(std::string_view text);

std::string toHex(std::string_view bytes);
/// Reads the same, in either case; nothing for malformed input.
std::optional<std::string> fromHex(std::string_view text);
/// Without padding (RFC 4648, 5).
std::string toBase64Url(std::string_view bytes);
/// Empty for malformed input.
std::string fromBase64Url(std::string_view text);

/// Compares without telling by its duration where the first difference is.
bool equalSecrets(std::string_view a, std::string_view b);

} // namespace base
