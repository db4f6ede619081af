#pragma once

#include <string>
#include <string_view>

namespace server::channels::email {

/// What the sender of a mail wrote: without the older mail that is quoted below or above it and without the
/// signature. Answers between quoted lines are kept with what they answer. Empty only when the text is.
std::string replyOf(std::string_view text);

} // namespace server::channels::email
