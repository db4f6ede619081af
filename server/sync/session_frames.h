#pragma once

#include "server/sync/ephemera.h"
#include "server/sync/page_reader.h"
#include "shared/base/json_fwd.h"
#include "shared/base/result.h"
#include "shared/protocol/container.h"
#include "shared/protocol/mutation.h"

#include <cstdint>
#include <string>
#include <vector>

/// The texts of frames (docs/protocol.md, A.3).
namespace server::sync::frames {

struct Hello {
    int protoMin = 1;
    int protoMax = 1;
    std::string app;
    base::Uuid device;
    std::string token;
    protocol::Codec codec = protocol::Codec::Raw;
    Cursor cursor;
    std::vector<std::int64_t> undecided;
};

/// Fails with Protocol when something needed is missing or of another type.
base::Result<Hello> readHello(const base::Json &frame);

struct Welcome {
    std::string connection;
    base::Timestamp now{};
    std::int64_t epoch = 0;
    std::int64_t q = 0;
    std::int64_t head = 0;
    std::int64_t left = 0;
    protocol::Codec codec = protocol::Codec::Raw;
    std::int64_t spreadMs = 0;
};

std::string welcome(const Welcome &fields);
std::string reset(const Head &head, ResetReason reason);
std::string scopes(std::int64_t at, const std::vector<std::string> &list);
std::string delta(std::int64_t from, const Page &page);
std::string receipts(const std::vector<protocol::Receipt> &list);
std::string ephemeral(const EphemeralEvent &event);
std::string authSoon(std::int64_t seconds);
std::string pong(const base::Json &x);
std::string error(std::string_view code, std::string_view message);
/// The connection ends `after`; the client comes back within `spreadMs` after that.
std::string bye(std::string_view reason, base::Duration after, std::int64_t spreadMs);

/// The conversations of a focus frame, at most five.
std::vector<base::Uuid> readFocus(const base::Json &frame);

} // namespace server::sync::frames
