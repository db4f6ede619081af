#pragma once

#include "server/platform/child.h"
#include "server/ports/media.h"

#include <memory>
#include <mutex>
#include <semaphore>
#include <string>

struct magic_set;

namespace server::platform {

struct ImageToolsOptions {
    std::string searchPath = "/usr/local/bin:/usr/bin:/bin"; ///< where vipsthumbnail is looked for
    ChildLimits limits;
    long long mostPixels = 120'000'000;
};

/// libmagic in this process for types; `vipsthumbnail` in a child for thumbnails, since decoders are where
/// strangers' files bite. Without that program there are no thumbnails.
class ImageTools : public ports::Media {
public:
    /// Throws std::runtime_error when libmagic has no database.
    explicit ImageTools(const ImageToolsOptions &options = {});
    ~ImageTools() override;

    [[nodiscard]] std::string typeOf(const std::string &file) const override;
    [[nodiscard]] std::string typeOfBytes(std::string_view bytes) const override;
    [[nodiscard]] std::optional<ports::ImageSize> imageSize(const std::string &file) const override;
    [[nodiscard]] base::Result<ports::Thumbnail> thumbnail(const std::string &file, int box) const override;
    /// Whether thumbnails can be made at all.
    [[nodiscard]] bool canMakeThumbnails() const { return !m_program.empty(); }

private:
    ImageToolsOptions m_options;
    std::string m_program;
    mutable std::mutex m_mutex; // guards the handle: libmagic's are for one thread at a time
    std::unique_ptr<magic_set, void (*)(magic_set *)> m_magic;
    mutable std::counting_semaphore<2> m_children{2};
};

} // namespace server::platform
