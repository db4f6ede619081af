#pragma once

#include "server/ports/http.h"
#include "shared/base/result.h"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace server::ports {

struct MultipartLimits {
    std::size_t parts = 64;
    std::size_t fieldBytes = 1 << 20; ///< of one value that is not a file
};

/// One part's head: a file when `fileName` was given, even an empty one.
struct MultipartPart {
    std::string name;
    std::string fileName;
    std::string mime;
    bool isFile = false;
};

/// What to do with the parts, in order of arrival. An Error ends the reading and becomes its outcome.
struct MultipartSink {
    std::function<base::Status(const std::string &name, std::string value)> field;
    /// `body` ends where the part ends; it need not be read to its end.
    std::function<base::Status(const MultipartPart &part, BodyReader &body)> file;
};

/// Reads form data (RFC 7578) as it arrives; files are never held in memory. Safe from any thread.
class Multipart {
public:
    virtual ~Multipart() = default;
    /// Fails with Invalid for another content type, a missing boundary or a body that stops before its
    /// closing boundary, TooLarge over a limit. BodyError passes through.
    virtual base::Status read(std::string_view contentType, BodyReader &body, const MultipartSink &sink,
                              const MultipartLimits &limits) const = 0;
};

} // namespace server::ports
