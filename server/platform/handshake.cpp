#include "server/platform/handshake.h"

#include "server/platform/request_head.h"
#include "server/platform/router.h"

#include <Poco/Base64Decoder.h>
#include <Poco/Base64Encoder.h>
#include <Poco/SHA1Engine.h>

#include <algorithm>
#include <sstream>

namespace server::platform {

namespace {

bool isKey(std::string_view key)
{
    const auto isBase64 = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' ||
               c == '/';
    };
    return key.size() == 24 && key.ends_with("==") && std::all_of(key.begin(), key.end() - 2, isBase64);
}

} // namespace

std::string acceptKey(std::string_view key)
{
    Poco::SHA1Engine sha;
    sha.update(std::string{key} + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
    const auto &digest = sha.digest();
    std::ostringstream text;
    Poco::Base64Encoder encoder{text};
    encoder.write(reinterpret_cast<const char *>(digest.data()), static_cast<std::streamsize>(digest.size()));
    encoder.close();
    return text.str();
}

ports::HttpResponse acceptUpgrade(const ports::HttpRequest &request, ports::WebSocketEndpoint &endpoint)
{
    const auto &headers = request.headers;
    if (!hasToken(headers.get("Connection"), "upgrade") || !hasToken(headers.get("Upgrade"), "websocket")) {
        auto response = errorAnswer(426, "upgrade_required", "this path speaks WebSocket");
        response.headers.set("Upgrade", "websocket");
        response.headers.set("Connection", "Upgrade");
        return response;
    }
    if (headers.get("Sec-WebSocket-Version") != "13") {
        auto response = errorAnswer(426, "version_unsupported", "WebSocket version 13 is spoken here");
        response.headers.set("Sec-WebSocket-Version", "13");
        return response;
    }
    const auto key = headers.get("Sec-WebSocket-Key");
    if (!isKey(key) || request.contentLength > 0)
        return errorAnswer(400, "malformed", "not a WebSocket handshake");
    auto response = endpoint.accept(request);
    if (response.status != 101)
        return response;
    response.headers.set("Upgrade", "websocket");
    response.headers.set("Connection", "Upgrade");
    response.headers.set("Sec-WebSocket-Accept", acceptKey(key));
    const auto protocol = endpoint.subProtocol();
    if (!protocol.empty() && hasToken(headers.get("Sec-WebSocket-Protocol"), protocol))
        response.headers.set("Sec-WebSocket-Protocol", protocol);
    return response;
}

} // namespace server::platform
