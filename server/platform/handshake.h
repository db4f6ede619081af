#pragma once

#include "server/ports/http.h"
#include "server/ports/web_socket.h"

#include <string>
#include <string_view>

namespace server::platform {

/// Judges a request to become a WebSocket (RFC 6455, 4.2) and asks the endpoint. Status 101 with all headers,
/// or the refusal: 400, 426, or the endpoint's own.
ports::HttpResponse acceptUpgrade(const ports::HttpRequest &request, ports::WebSocketEndpoint &endpoint);

/// Sec-WebSocket-Accept for a Sec-WebSocket-Key.
std::string acceptKey(std::string_view key);

} // namespace server::platform
