#pragma once

#include "shared/base/result.h"

#include <optional>
#include <string>
#include <string_view>

/// Looking at files that strangers sent.
namespace server::ports {

struct ImageSize {
    int width = 0;
    int height = 0;
    bool operator==(const ImageSize &) const = default;
};

struct Thumbnail {
    std::string bytes;
    std::string mime;
    ImageSize size;
};

/// Safe from any thread.
class Media {
public:
    virtual ~Media() = default;

    /// The MIME type by content, whatever the name or the sender says; "application/octet-stream" when
    /// unknown.
    [[nodiscard]] virtual std::string typeOf(const std::string &file) const = 0;
    /// The same for bytes in memory, the first few KiB suffice.
    [[nodiscard]] virtual std::string typeOfBytes(std::string_view bytes) const = 0;
    /// Pixels as shown (a turned photo is turned) of PNG, JPEG, GIF and WebP; nothing for others or broken
    /// ones.
    [[nodiscard]] virtual std::optional<ImageSize> imageSize(const std::string &file) const = 0;
    /// A copy that fits a square box. Made by a child process with limits on memory, time and output; blocks
    /// until it is done, so call it from a job. Fails with Unsupported for types that are not made small
    /// (SVG, PDF and HEIC never are), TooLarge for too many pixels, Unavailable without the tool or when it
    /// gave up.
    [[nodiscard]] virtual base::Result<Thumbnail> thumbnail(const std::string &file, int box) const = 0;
};

} // namespace server::ports
