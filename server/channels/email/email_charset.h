#pragma once

#include <string>
#include <string_view>

namespace server::channels::email {

/// Text in UTF-8, whatever it was written in. The name of the character set is the sender's and may be
/// absent, unknown or a lie: what is well-formed UTF-8 and says nothing else is that, what nobody knows is
/// guessed from the bytes. Without NUL and other control characters.
std::string toUtf8(std::string_view bytes, std::string_view charset);

/// The same for two bytes a character, lowest first, as TNEF has it.
std::string fromUtf16(std::string_view bytes);

} // namespace server::channels::email
