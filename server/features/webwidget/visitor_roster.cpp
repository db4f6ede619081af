#include "server/features/webwidget/visitor_roster.h"

#include <algorithm>

namespace server::webwidget {

Connected &VisitorRoster::add(ports::SocketId socket, const Ticket &ticket)
{
    auto &visitor = m_visitors[ticket.visitor];
    visitor.ticket = ticket;
    visitor.sockets.push_back(socket);
    m_bySocket[socket] = ticket.visitor;
    return visitor;
}

std::optional<Connected> VisitorRoster::remove(ports::SocketId socket)
{
    const auto known = m_bySocket.find(socket);
    if (known == m_bySocket.end())
        return std::nullopt;
    const auto id = known->second;
    m_bySocket.erase(known);
    auto &visitor = m_visitors.at(id);
    std::erase(visitor.sockets, socket);
    if (!visitor.sockets.empty())
        return std::nullopt;
    for (const auto &conversation : visitor.conversations)
        if (const auto owners = m_byConversation.find(conversation); owners != m_byConversation.end()) {
            std::erase(owners->second, id);
            if (owners->second.empty())
                m_byConversation.erase(owners);
        }
    auto gone = std::move(visitor);
    m_visitors.erase(id);
    return gone;
}

void VisitorRoster::own(Connected &visitor, const base::Uuid &conversation)
{
    auto &own = visitor.conversations;
    if (std::find(own.begin(), own.end(), conversation) != own.end())
        return;
    own.push_back(conversation);
    m_byConversation[conversation].push_back(visitor.ticket.visitor);
}

Connected *VisitorRoster::find(ports::SocketId socket)
{
    const auto known = m_bySocket.find(socket);
    return known == m_bySocket.end() ? nullptr : visitor(known->second);
}

Connected *VisitorRoster::visitor(const base::Uuid &id)
{
    const auto known = m_visitors.find(id);
    return known == m_visitors.end() ? nullptr : &known->second;
}

std::vector<Connected *> VisitorRoster::ownersOf(const base::Uuid &conversation)
{
    std::vector<Connected *> owners;
    if (const auto known = m_byConversation.find(conversation); known != m_byConversation.end())
        for (const auto &id : known->second)
            if (auto *owner = visitor(id))
                owners.push_back(owner);
    return owners;
}

std::size_t VisitorRoster::socketsOf(const base::Uuid &visitor) const
{
    const auto known = m_visitors.find(visitor);
    return known == m_visitors.end() ? 0 : known->second.sockets.size();
}

void VisitorRoster::each(const std::function<void(Connected &)> &work)
{
    for (auto &item : m_visitors)
        work(item.second);
}

} // namespace server::webwidget
