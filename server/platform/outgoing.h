#pragma once

#include "server/platform/descriptor.h"
#include "server/platform/request_head.h"
#include "server/ports/http.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <sys/types.h>

namespace server::platform {

/// One answer on its way out. Never waits for the peer: what the kernel does not take now stays here, and the
/// connection goes back to the parking loop until there is room, so that slow readers hold no thread.
class Outgoing {
public:
    enum class Progress {
        Done,
        Blocked, ///< call again when the socket is writable
        Yield,   ///< enough for one turn; call again soon
        Failed   ///< reset, or the answer could not be finished: drop the connection
    };

    /// What the answer depends on besides itself.
    struct Context {
        bool headOnly = false;   ///< HEAD: the headers of GET, no body
        bool oldVersion = false; ///< no chunks: the end of the connection ends the body
        bool keepAlive = true;
        std::string requestId;
        std::string range; ///< Range header of a GET, or empty
        std::string ifRange;
        std::string ifNoneMatch; ///< of a GET or HEAD
        const ports::Headers *defaults = nullptr;
    };

    /// Settles the final status, headers and framing. A file that cannot be opened makes a 404.
    Outgoing(ports::HttpResponse response, const Context &context);

    Progress advance(int socket);

    [[nodiscard]] int status() const { return m_status; }
    [[nodiscard]] bool keepAlive() const { return m_keepAlive; }

private:
    void openFile(ports::HttpResponse &response, const Context &context);
    void applyRange(ports::HttpResponse &response, const Context &context, std::int64_t size);
    void frame(ports::HttpResponse &response, const Context &context);
    bool nextPiece();

    int m_status;
    bool m_keepAlive;
    bool m_chunked = false;
    std::string m_head; ///< sent before m_body
    std::string m_body;
    std::size_t m_sent = 0; ///< of both together
    Descriptor m_file;
    off_t m_fileAt = 0;
    std::int64_t m_fileLeft = 0;
    std::function<bool(std::string &)> m_chunks;
};

/// Status line and headers as bytes, with Date.
std::string headBytes(int status, const ports::Headers &headers);

/// A byte range of something this long, or nothing when the header asks for none we serve (then everything is
/// sent).
struct ByteRange {
    std::int64_t first = 0;
    std::int64_t last = 0; ///< inclusive
    bool satisfiable = true;
};
std::optional<ByteRange> parseRange(std::string_view header, std::int64_t size);

/// Whether an If-None-Match list names this entity tag (weak comparison).
bool matchesTag(std::string_view list, std::string_view tag);

} // namespace server::platform
