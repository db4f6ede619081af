#pragma once

#include "server/features/webwidget/visitor_seal.h"
#include "server/ports/web_socket.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace server::webwidget {

/// A visitor with at least one open widget.
struct Connected {
    Ticket ticket;
    std::vector<ports::SocketId> sockets;
    std::vector<base::Uuid> conversations;  ///< oldest first
    std::map<base::Uuid, std::string> told; ///< conversation rows as last sent
    VisitorCursor cursor;                   ///< of the last rows sent
    base::Uuid contact;                     ///< set with contactNumber
    std::int64_t contactNumber = 0;         ///< 0: did not write yet
    bool verified = false;                  ///< sees all that the contact wrote in proven sessions
    std::string name;
    bool agentsOnline = false;
    int inFlight = 0;
};

/// Who is connected, by socket, visitor and conversation. Not thread-safe; addresses stay until removal.
class VisitorRoster {
public:
    Connected &add(ports::SocketId socket, const Ticket &ticket);
    /// The visitor who is gone with this socket, or nothing when others of theirs stay.
    std::optional<Connected> remove(ports::SocketId socket);
    void own(Connected &visitor, const base::Uuid &conversation);

    [[nodiscard]] Connected *find(ports::SocketId socket);
    [[nodiscard]] Connected *visitor(const base::Uuid &id);
    /// Several for somebody who is proven on several devices.
    [[nodiscard]] std::vector<Connected *> ownersOf(const base::Uuid &conversation);
    [[nodiscard]] std::size_t socketsOf(const base::Uuid &visitor) const;
    [[nodiscard]] std::size_t sockets() const { return m_bySocket.size(); }
    [[nodiscard]] bool isEmpty() const { return m_visitors.empty(); }
    void each(const std::function<void(Connected &)> &work);

private:
    std::map<base::Uuid, Connected> m_visitors;
    std::unordered_map<ports::SocketId, base::Uuid> m_bySocket;
    std::unordered_map<base::Uuid, std::vector<base::Uuid>> m_byConversation;
};

} // namespace server::webwidget
