#pragma once

#include "server/ports/media.h"

#include <string>
#include <string_view>

namespace server::pictures {

/// The type by which a picture may be shown inside our pages: "image/png", "image/jpeg", "image/gif",
/// "image/webp"; empty for all else. By the bytes alone, whatever anybody calls them.
std::string pictureType(const ports::Media &media, std::string_view bytes);

} // namespace server::pictures
