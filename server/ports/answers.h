#pragma once

#include "server/ports/http.h"
#include "shared/base/json_fwd.h"
#include "shared/base/result.h"

#include <chrono>
#include <string>
#include <string_view>

/// What every door says in the same way: refusals, JSON in and out, who asks.
namespace server::ports {

/// The HTTP status of a refusal.
int statusOf(base::ErrorCode code);

/// {"error": sentence, "code": wire name, …} with the status of the code. The error's detail names a field
/// for Invalid and is passed on; for other codes it stays here.
HttpResponse refusal(const base::Error &error);
/// The same with a code of this door alone ("type_refused").
HttpResponse refusal(int status, std::string_view code, std::string_view sentence);
/// 429 with Retry-After, in whole seconds, at least one: this caller asks too much.
HttpResponse tooOften(std::chrono::milliseconds wait);
/// 503 with Retry-After, as above: the server has too much to do, or stops.
HttpResponse tooBusy(std::chrono::milliseconds wait);

HttpResponse jsonAnswer(const base::Json &value, int status = 200);
/// The body as a JSON object. Fails with Invalid or TooLarge; an empty body is an empty object.
base::Result<base::Json> jsonBody(const HttpRequest &request);

/// The token of `Authorization: Bearer`, or empty.
std::string_view bearerToken(const HttpRequest &request);

/// "https://host[:port]" by which the caller reached us, to put before paths in answers; `configured` when
/// that is set.
std::string originOf(const HttpRequest &request, const std::string &configured);

} // namespace server::ports
