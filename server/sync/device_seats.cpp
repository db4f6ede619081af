#include "server/sync/device_seats.h"

namespace server::sync {

void DeviceSeats::take(const Device &device, Holder holder, std::function<void()> give)
{
    const auto older = m_seats.extract(device);
    m_seats.emplace(device, Seat{holder, std::move(give)});
    if (!older.empty() && older.mapped().holder != holder)
        older.mapped().give();
}

void DeviceSeats::leave(const Device &device, const Holder &holder)
{
    const auto seat = m_seats.find(device);
    if (seat != m_seats.end() && seat->second.holder == holder)
        m_seats.erase(seat);
}

} // namespace server::sync
