#include "server/features/pictures/picture_kind.h"

#include <algorithm>
#include <array>

namespace server::pictures {

namespace {

constexpr std::array<std::string_view, 4> shown{"image/png", "image/jpeg", "image/gif", "image/webp"};
constexpr std::size_t headBytes = 64 << 10;

} // namespace

std::string pictureType(const ports::Media &media, std::string_view bytes)
{
    auto type = media.typeOfBytes(bytes.substr(0, headBytes));
    return std::find(shown.begin(), shown.end(), type) == shown.end() ? std::string{} : type;
}

} // namespace server::pictures
