#pragma once

#include "server/ports/http.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// Reading the head of an HTTP/1.1 request (RFC 9112), strictly: what two readers could understand
/// differently is refused, since the difference is what request smuggling lives on.
namespace server::platform {

/// An answer that ends the connection: the stream behind a head we cannot trust has no known boundaries.
struct Refusal {
    int status = 400;
    std::string code; ///< stable, for programs
    std::string text;
};

struct RequestHead {
    std::string method;
    std::string target; ///< path as sent, percent-encoded, without query
    std::string query;  ///< without '?'
    ports::Headers headers;
    bool keepAlive = true;
    bool oldVersion = false; ///< HTTP/1.0: no chunked answers
    bool expectsContinue = false;
    std::optional<std::int64_t> contentLength;
};

/// What the parking loop must know before the request is worth a worker. Trusts nothing: the worker checks
/// again.
struct HeadSketch {
    std::size_t headSize = 0; ///< including the blank line
    std::int64_t contentLength = 0;
    bool expectsContinue = false;
};

/// Nothing while the blank line has not arrived.
std::optional<HeadSketch> sketchHead(std::string_view bytes);

/// `bytes` is the whole head including its blank line.
std::variant<RequestHead, Refusal> parseHead(std::string_view bytes);

/// The percent-decoded text; nothing for a broken escape or a NUL.
std::optional<std::string> percentDecoded(std::string_view text, bool plusIsSpace = false);

/// Splits and decodes a query; nothing when a part cannot be decoded or there are more than 100.
std::optional<std::vector<std::pair<std::string, std::string>>> parseQuery(std::string_view query);

/// Whether a comma-separated header has this word, without case.
bool hasToken(std::string_view list, std::string_view word);

} // namespace server::platform
