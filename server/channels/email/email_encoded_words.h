#pragma once

#include <string>
#include <string_view>

namespace server::channels::email {

/// Encoded words (RFC 2047) as UTF-8 ones, neighbours of one character set made into one. Senders cut text at
/// a number of bytes, in the middle of a character, against the RFC's section 5; decoded word by word such a
/// character is lost. And they call character sets by wrong names (email_charset.h).
std::string joinedWords(std::string_view raw);

} // namespace server::channels::email
