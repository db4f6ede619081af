#include "server/features/client_api/cable_rooms.h"

#include <algorithm>

namespace server::client_api {

namespace {

template <class Key>
void takeOut(std::map<Key, std::set<CableRoom *>> &index, const Key &key, CableRoom *room)
{
    const auto found = index.find(key);
    if (found == index.end())
        return;
    found->second.erase(room);
    if (found->second.empty())
        index.erase(found);
}

template <class Key>
std::vector<CableRoom *> listOf(const std::map<Key, std::set<CableRoom *>> &index, const Key &key)
{
    const auto found = index.find(key);
    return found == index.end() ? std::vector<CableRoom *>{}
                                : std::vector<CableRoom *>{found->second.begin(), found->second.end()};
}

} // namespace

CableRoom &CableRooms::add(CableRoom room)
{
    const Key key{room.socket, room.identifier};
    auto &kept = *(m_rooms[key] = std::make_unique<CableRoom>(std::move(room)));
    m_places[kept.place.number].insert(&kept);
    m_contacts[kept.place.contact].insert(&kept);
    m_accounts[kept.account].insert(&kept);
    return kept;
}

CableRoom *CableRooms::find(ports::SocketId socket, const std::string &identifier) const
{
    const auto found = m_rooms.find({socket, identifier});
    return found == m_rooms.end() ? nullptr : found->second.get();
}

std::unique_ptr<CableRoom> CableRooms::remove(ports::SocketId socket, const std::string &identifier)
{
    const auto found = m_rooms.find({socket, identifier});
    if (found == m_rooms.end())
        return nullptr;
    auto room = std::move(found->second);
    m_rooms.erase(found);
    takeOut(m_places, room->place.number, room.get());
    takeOut(m_contacts, room->place.contact, room.get());
    takeOut(m_accounts, room->account, room.get());
    return room;
}

std::vector<CableRoom *> CableRooms::ofSocket(ports::SocketId socket) const
{
    std::vector<CableRoom *> all;
    for (auto at = m_rooms.lower_bound({socket, {}}); at != m_rooms.end() && at->first.first == socket; ++at)
        all.push_back(at->second.get());
    return all;
}

std::size_t CableRooms::ofPlace(std::int64_t place) const
{
    const auto found = m_places.find(place);
    return found == m_places.end() ? 0 : found->second.size();
}

std::vector<CableRoom *> CableRooms::hearing(const contacts::ContactInboxRow &place) const
{
    auto all = listOf(m_places, place.number);
    if (!place.verified)
        return all;
    for (auto *room : listOf(m_contacts, place.contact))
        if (room->place.verified && room->place.inbox == place.inbox && room->place.number != place.number)
            all.push_back(room);
    return all;
}

std::vector<CableRoom *> CableRooms::ofAccount(sync::AccountNumber account) const
{
    return listOf(m_accounts, account);
}

} // namespace server::client_api
