#pragma once

#include "shared/base/clock.h"
#include "shared/base/error_code.h"
#include "shared/base/result.h"
#include "shared/protocol/codec.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

/// The edges of the engine: what it needs of the network. All are used and answer on the engine's one thread,
/// and never answer before the call has returned.
namespace client::sync {

struct WireEvents {
    std::function<void()> opened;
    std::function<void(std::string_view text)> frame; ///< one frame, unpacked
    /// The connection is gone, or never came about. `code` is the WebSocket close code, 0 for none;
    /// `retryAfter` what the server asked for, 0 for nothing.
    std::function<void(int code, const std::string &reason, base::Duration retryAfter)> closed;
};

/// The live connection. At most one at a time.
class Wire {
public:
    virtual ~Wire() = default;
    /// Begins to connect; an older connection is dropped, and its events are never called again.
    virtual void open(WireEvents events) = 0;
    /// Only while open.
    virtual void send(const std::string &text) = 0;
    /// How to pack what is sent from now on, until the next open(): both sides know this codec. Before, one
    /// that every server knows.
    virtual void useCodec(protocol::Codec) {}
    /// Says goodbye. Its events are never called again.
    virtual void close() = 0;
};

struct BulkEnd {
    int status = 0;              ///< HTTP status; 0: no answer
    base::Duration retryAfter{}; ///< what the server asked for
};

struct BulkEvents {
    std::function<void(std::string text)> part; ///< one envelope, unpacked
    std::function<void(const BulkEnd &)> done;  ///< last; status 200 when all of it came
};

using BulkId = std::uint64_t;

/// Reads of bulk data (docs/protocol.md A.5).
class Bulk {
public:
    virtual ~Bulk() = default;
    /// `target` is path and query. `plain`: the answer is one JSON text without envelope.
    virtual BulkId get(const std::string &target, const std::string &access, bool plain,
                       BulkEvents events) = 0;
    /// Its events are never called again. Unknown ids are ignored.
    virtual void cancel(BulkId id) = 0;
};

/// Where access tokens come from.
class TokenSource {
public:
    /// The token; or Network (try later), Unauthorized (the person must sign in), DeviceRevoked,
    /// UserDisabled.
    using Answer = std::function<void(const base::Result<std::string> &access)>;

    virtual ~TokenSource() = default;
    /// `renew`: the last one was refused or is about to end. Any number of calls share one refresh.
    virtual void get(bool renew, Answer answer) = 0;
};

} // namespace client::sync
