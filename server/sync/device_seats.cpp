#include "server/sync/device_seats.h"

#include <algorithm>

namespace server::sync {

void DeviceSeats::take(const Device &device, const base::Uuid &person, Holder holder, std::size_t most,
                       Give give)
{
    auto older = m_seats.extract(device);
    if (!older.empty())
        forget(device, older.mapped().person);
    const Person owner{device.first, person};
    m_seats.emplace(device, Seat{holder, owner, std::move(give)});
    auto &devices = m_devices[owner];
    devices.push_back(device);
    decltype(m_seats)::node_type longest;
    if (devices.size() > std::max<std::size_t>(1, most)) {
        longest = m_seats.extract(devices.front());
        devices.pop_front();
    }
    if (!older.empty() && older.mapped().holder != holder)
        older.mapped().give(Reason::Replaced);
    if (!longest.empty())
        longest.mapped().give(Reason::TooMany);
}

void DeviceSeats::leave(const Device &device, const Holder &holder)
{
    const auto seat = m_seats.find(device);
    if (seat == m_seats.end() || seat->second.holder != holder)
        return;
    forget(device, seat->second.person);
    m_seats.erase(seat);
}

void DeviceSeats::forget(const Device &device, const Person &person)
{
    const auto devices = m_devices.find(person);
    std::erase(devices->second, device);
    if (devices->second.empty())
        m_devices.erase(devices);
}

} // namespace server::sync
