#pragma once

#include <string>
#include <string_view>

namespace server::channels::email {

/// The name of a file as it may be shown and stored: no folders, no control characters, none of the
/// characters that turn the direction of writing (which hide an ending), at most 200 characters.
std::string cleanName(std::string_view name);

} // namespace server::channels::email
