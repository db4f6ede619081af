#pragma once

#include <string>
#include <string_view>

namespace server::channels::email {

/// Text of format=flowed with its lines put together again (RFC 3676). `joinWords` is its DelSp parameter.
std::string unflowed(std::string_view text, bool joinWords);

} // namespace server::channels::email
