#pragma once

#include <string>
#include <string_view>

namespace server::html {

/// The declarations of a style attribute that change how text looks and nothing else: nothing that loads,
/// moves out of its place or lies over other things.
std::string allowedStyle(std::string_view declarations);

} // namespace server::html
