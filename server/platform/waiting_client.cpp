#include "server/platform/waiting_client.h"

#include <chrono>

namespace server::platform {

std::optional<ports::CallOutcome> FewWaiting::get(ports::OutgoingCall call)
{
    const auto patience = call.timeout + std::chrono::seconds{1};
    std::unique_lock lock{m_mutex};
    if (m_waiting >= m_mostWaiting)
        return std::nullopt;
    auto &ticket = m_tickets[call.url];
    if (ticket == 0) {
        ticket = ++m_lastTicket;
        m_flights[ticket] = std::make_shared<Flight>();
        call.method = ports::OutgoingCall::Method::Get;
        m_client.begin(ticket, std::move(call));
    }
    const auto flight = m_flights.at(ticket);
    ++m_waiting;
    m_landed.wait_for(lock, patience, [&] { return flight->isDone; });
    --m_waiting;
    if (flight->isDone)
        return flight->outcome;
    ports::CallOutcome late;
    late.failure = "timeout";
    return late;
}

void FewWaiting::collect()
{
    const std::lock_guard lock{m_mutex};
    for (auto &outcome : m_client.finished()) {
        const auto found = m_flights.find(outcome.ticket);
        if (found == m_flights.end())
            continue;
        found->second->outcome = std::move(outcome);
        found->second->isDone = true;
        std::erase_if(m_tickets, [&](const auto &item) { return item.second == found->first; });
        m_flights.erase(found);
    }
    m_landed.notify_all();
}

} // namespace server::platform
