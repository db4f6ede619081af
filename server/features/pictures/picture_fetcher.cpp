#include "server/features/pictures/picture_fetcher.h"

#include <chrono>

namespace server::pictures {

namespace {

constexpr base::Duration timeout = std::chrono::seconds{5};
constexpr base::Duration patience = timeout + std::chrono::seconds{1};

ports::OutgoingCall pictureCall(const std::string &address)
{
    ports::OutgoingCall call;
    call.method = ports::OutgoingCall::Method::Get;
    call.url = address;
    call.headers.set("Accept", "image/webp,image/png,image/jpeg,image/gif");
    call.timeout = timeout;
    call.keepBytes = PictureFetcher::mostBytes;
    call.redirects = 3;
    return call;
}

} // namespace

base::Result<std::string> PictureFetcher::fetch(const std::string &address)
{
    std::unique_lock lock{m_mutex};
    if (m_waiting >= mostWaiting)
        return base::Error{base::ErrorCode::RateLimited, "busy"};
    auto &ticket = m_tickets[address];
    if (ticket == 0) {
        ticket = ++m_lastTicket;
        m_flights[ticket] = std::make_shared<Flight>();
        m_client.begin(ticket, pictureCall(address));
    }
    const auto flight = m_flights.at(ticket);
    ++m_waiting;
    m_landed.wait_for(lock, patience, [&] { return flight->isDone; });
    --m_waiting;
    const auto &outcome = flight->outcome;
    if (outcome.status != 200 || !outcome.failure.empty())
        return base::Error{base::ErrorCode::Unavailable, outcome.failure.empty()
                                                             ? "status " + std::to_string(outcome.status)
                                                             : outcome.failure};
    return outcome.body;
}

void PictureFetcher::collect()
{
    const std::lock_guard lock{m_mutex};
    for (auto &outcome : m_client.finished()) {
        const auto flight = m_flights.find(outcome.ticket);
        if (flight == m_flights.end())
            continue;
        flight->second->outcome = std::move(outcome);
        flight->second->isDone = true;
        std::erase_if(m_tickets, [&](const auto &item) { return item.second == flight->first; });
        m_flights.erase(flight);
    }
    m_landed.notify_all();
}

} // namespace server::pictures
