#pragma once

#include "server/sync/change.h"
#include "server/sync/frame_sink.h"

#include <functional>
#include <map>
#include <utility>

namespace server::sync {

/// Which connection speaks for a device: one at a time, whatever way it came (sync-protocol 15.6). Shared by
/// the cores of a node, which run on one scheduler.
class DeviceSeats {
public:
    using Device = std::pair<AccountNumber, base::Uuid>;
    /// The table that holds the session, and the session.
    using Holder = std::pair<const void *, SessionId>;

    /// `give` ends the holder when another takes its place; it is called at most once, before take() of the
    /// other returns.
    void take(const Device &device, Holder holder, std::function<void()> give);
    /// Does nothing when another has the seat already.
    void leave(const Device &device, const Holder &holder);

private:
    struct Seat {
        Holder holder;
        std::function<void()> give;
    };

    std::map<Device, Seat> m_seats;
};

} // namespace server::sync
