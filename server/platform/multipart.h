#pragma once

#include "server/ports/multipart.h"

namespace server::platform {

class PocoMultipart : public ports::Multipart {
public:
    base::Status read(std::string_view contentType, ports::BodyReader &body, const ports::MultipartSink &sink,
                      const ports::MultipartLimits &limits) const override;
};

} // namespace server::platform
