#pragma once

#include "server/sync/change.h"
#include "server/sync/frame_sink.h"

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <utility>

namespace server::sync {

/// Which connection speaks for a device: one at a time, whatever way it came (sync-protocol 15.6), and how
/// many devices of a person are connected at a time (20). Shared by the cores of a node, which run on one
/// scheduler.
class DeviceSeats {
public:
    using Device = std::pair<AccountNumber, base::Uuid>;
    /// The table that holds the session, and the session.
    using Holder = std::pair<const void *, SessionId>;

    /// Why a seat is given up.
    enum class Reason {
        Replaced, ///< the device has another connection
        TooMany,  ///< the person has more devices connected than `most`, and this one has been for longest
    };
    using Give = std::function<void(Reason)>;

    /// `give` ends the holder when it must; it is called at most once, before take() of another returns.
    /// `most` is at least 1: the one that takes a seat keeps it.
    void take(const Device &device, const base::Uuid &person, Holder holder, std::size_t most, Give give);
    /// Does nothing when another has the seat already.
    void leave(const Device &device, const Holder &holder);

private:
    using Person = std::pair<AccountNumber, base::Uuid>;
    struct Seat {
        Holder holder;
        Person person;
        Give give;
    };

    void forget(const Device &device, const Person &person);

    std::map<Device, Seat> m_seats;
    std::map<Person, std::deque<Device>> m_devices; ///< connected ones, the longest first
};

} // namespace server::sync
