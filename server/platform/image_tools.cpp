#include "server/platform/image_tools.h"

#include "server/platform/descriptor.h"
#include "server/platform/image_size.h"

#include <algorithm>
#include <fcntl.h>
#include <magic.h>
#include <stdexcept>

namespace server::platform {

namespace {

constexpr std::size_t headBytes = 256 << 10; // pictures from cameras keep a preview before their size
constexpr const char *unknownType = "application/octet-stream";

std::string headOf(int descriptor)
{
    std::string bytes(headBytes, '\0');
    std::size_t size = 0;
    while (size < bytes.size()) {
        const auto count =
            ::pread(descriptor, bytes.data() + size, bytes.size() - size, static_cast<off_t>(size));
        if (count <= 0)
            break;
        size += static_cast<std::size_t>(count);
    }
    bytes.resize(size);
    return bytes;
}

Descriptor openForReading(const std::string &file)
{
    return Descriptor{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
}

base::Error refused(base::ErrorCode code, std::string detail)
{
    return {code, std::move(detail)};
}

} // namespace

ImageTools::ImageTools(const ImageToolsOptions &options)
    : m_options{options}
    , m_program{findProgram("vipsthumbnail", options.searchPath)}
    , m_magic{::magic_open(MAGIC_MIME_TYPE), &::magic_close}
{
    if (!m_magic || ::magic_load(m_magic.get(), nullptr) != 0)
        throw std::runtime_error{"libmagic has no database"};
}

ImageTools::~ImageTools() = default;

std::string ImageTools::typeOf(const std::string &file) const
{
    const auto descriptor = openForReading(file);
    return descriptor ? typeOfBytes(headOf(descriptor.get())) : unknownType;
}

std::string ImageTools::typeOfBytes(std::string_view bytes) const
{
    const std::lock_guard lock{m_mutex};
    const char *type = ::magic_buffer(m_magic.get(), bytes.data(), bytes.size());
    const std::string_view text = type ? type : "";
    return text.find('/') == std::string_view::npos || text.find("x-empty") != std::string_view::npos
               ? unknownType
               : std::string{text};
}

std::optional<ports::ImageSize> ImageTools::imageSize(const std::string &file) const
{
    const auto descriptor = openForReading(file);
    return descriptor ? imageSizeOf(headOf(descriptor.get())) : std::nullopt;
}

base::Result<ports::Thumbnail> ImageTools::thumbnail(const std::string &file, int box) const
{
    using base::ErrorCode;
    const auto descriptor = openForReading(file);
    if (!descriptor)
        return refused(ErrorCode::NotFound, "no such file");
    const auto head = headOf(descriptor.get());
    const auto type = typeOfBytes(head);
    if (type != "image/jpeg" && type != "image/png" && type != "image/gif" && type != "image/webp")
        return refused(ErrorCode::Unsupported, type);
    const auto size = imageSizeOf(head);
    if (!size)
        return refused(ErrorCode::Invalid, "no size in the picture's head");
    if (static_cast<long long>(size->width) * size->height > m_options.mostPixels)
        return refused(ErrorCode::TooLarge, "too many pixels");
    if (m_program.empty())
        return refused(ErrorCode::Unavailable, "vipsthumbnail is not installed");

    const bool opaque = type == "image/jpeg";
    const auto side = std::to_string(std::clamp(box, 16, 2048));
    m_children.acquire();
    auto made = runChild(
        m_program,
        {"stdin", "--size", side + "x" + side + ">", "-o", opaque ? ".jpg[Q=80,strip]" : ".png[strip]"},
        {"VIPS_BLOCK_UNTRUSTED=1", "VIPS_CONCURRENCY=1", "VIPS_NOVECTOR=1", "LC_ALL=C"}, descriptor.get(),
        m_options.limits);
    m_children.release();
    const auto small = made.succeeded ? imageSizeOf(made.output) : std::nullopt;
    if (!small)
        return refused(ErrorCode::Unavailable, "vipsthumbnail gave up");
    return ports::Thumbnail{std::move(made.output), opaque ? "image/jpeg" : "image/png", *small};
}

} // namespace server::platform
