#pragma once

#include "server/ports/media.h"

#include <optional>
#include <string_view>

namespace server::platform {

/// Reads pixel counts from the head of a PNG, JPEG, GIF or WebP, decoding nothing. A JPEG that Exif turns by
/// a quarter is given as shown. Nothing for other or malformed bytes, or for sizes of zero.
std::optional<ports::ImageSize> imageSizeOf(std::string_view bytes);

} // namespace server::platform
