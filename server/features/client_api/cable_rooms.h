#pragma once

#include "server/features/contacts/contact_store.h"
#include "server/ports/web_socket.h"
#include "server/sync/change.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace server::client_api {

/// One contact who listens: a subscription of one socket.
struct CableRoom {
    ports::SocketId socket = 0;
    std::string identifier; ///< as the program wrote it; every answer repeats it
    std::string origin;     ///< by which the program reaches us, for links
    sync::AccountNumber account = 0;
    contacts::ContactInboxRow place;
    base::Uuid contact;
    /// What was told of a conversation, or known when it began to listen.
    struct Told {
        std::string status;
        std::int64_t n = 0; ///< of its newest message
    };
    std::map<std::int64_t, Told> told; ///< by the conversation's number
};

/// Who listens, by socket and by whose conversations they are. Part of CableCore.
class CableRooms {
public:
    CableRoom &add(CableRoom room);
    [[nodiscard]] CableRoom *find(ports::SocketId socket, const std::string &identifier) const;
    /// What was left; empty when there was none.
    std::unique_ptr<CableRoom> remove(ports::SocketId socket, const std::string &identifier);
    [[nodiscard]] std::vector<CableRoom *> ofSocket(ports::SocketId socket) const;
    [[nodiscard]] std::size_t ofPlace(std::int64_t place) const;
    /// Who hears what happens to a conversation of this place: the same place, and where the site proved who
    /// it is, that contact's other proven places in the inbox.
    [[nodiscard]] std::vector<CableRoom *> hearing(const contacts::ContactInboxRow &place) const;
    [[nodiscard]] std::vector<CableRoom *> ofAccount(sync::AccountNumber account) const;
    [[nodiscard]] bool isEmpty() const { return m_rooms.empty(); }
    [[nodiscard]] bool hasAccount(sync::AccountNumber account) const { return m_accounts.contains(account); }

private:
    using Key = std::pair<ports::SocketId, std::string>;

    std::map<Key, std::unique_ptr<CableRoom>> m_rooms;
    std::map<std::int64_t, std::set<CableRoom *>> m_places;   ///< by contact_inboxes.id
    std::map<std::int64_t, std::set<CableRoom *>> m_contacts; ///< by contacts.id
    std::map<sync::AccountNumber, std::set<CableRoom *>> m_accounts;
};

} // namespace server::client_api
