#pragma once

#include "shared/base/clock.h"

#include <cstdint>
#include <string>

namespace client::sync {

/// How it stands between this program and the server; what the sidebar's footer and banners are made from.
struct ConnectionState {
    enum class Kind {
        Offline,         ///< no server answers; work goes on
        Connecting,      ///< first attempt after start or wake
        Reconnecting,    ///< lost it a moment ago
        CatchingUp,      ///< connected, changes are arriving
        Live,            ///< everything is here
        SignedOut,       ///< the person must sign in again; the cache stays readable
        Replaced,        ///< the same device connected from elsewhere; waits for the person
        UpgradeRequired, ///< this program is too old for the server
        Revoked,         ///< the device or user may no longer be here; wiped or about to be
    };

    Kind kind = Kind::Offline;
    std::int64_t queued = 0;    ///< intents without a verdict
    std::int64_t problems = 0;  ///< refused intents that wait for the person
    std::int64_t left = 0;      ///< rows still to come, roughly
    std::int64_t done = 0;      ///< first sync: rows that came …
    std::int64_t total = 0;     ///< … of so many; 0 when no snapshot runs
    bool everLive = false;      ///< false during the first sync of this cache
    base::Timestamp since{};    ///< when this kind began
    base::Timestamp lastLive{}; ///< data is as of then; 0 for never
    /// Without contact to the server for longer than the account allows: only what the person wrote is shown.
    bool leaseOver = false;
    std::int64_t leaseDays = 0;    ///< what the account allows; 0: for ever
    base::Duration serverAhead{0}; ///< of this machine's clock, by whole seconds, as last measured
    std::string reason;            ///< why there is no connection, for details; no sentence

    bool operator==(const ConnectionState &) const = default;
};

} // namespace client::sync
