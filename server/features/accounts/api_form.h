#pragma once

#include "server/ports/http.h"
#include "server/ports/multipart.h"
#include "shared/base/json_fwd.h"
#include "shared/base/result.h"

#include <memory>
#include <optional>
#include <string>

namespace server::accounts {

/// The body of a call that may come as JSON, as a form, or as form data with one file.
struct ApiForm {
    std::shared_ptr<base::Json> fields; ///< "channel[color]" of a form stands as {"channel": {"color"}}
    std::optional<std::string> file;
};

/// Reads a streamed request; the file's field has this name. Fails with Protocol for what is no JSON object
/// or no form, with TooLarge (body, or the file's name) beyond 1 MiB of fields or `mostBytes` of the file.
base::Result<ApiForm> readApiForm(const ports::Multipart &multipart, ports::HttpRequest &request,
                                  const std::string &file, std::size_t mostBytes);
/// What the caller is told about why it could not be read.
ports::HttpResponse apiFormRefusal(const base::Error &error);

} // namespace server::accounts
