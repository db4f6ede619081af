#pragma once

#include "server/features/client_api/cable_parts.h"
#include "server/features/client_api/cable_rooms.h"
#include "server/features/conversations/conversation_store.h"
#include "server/features/conversations/message_store.h"
#include "shared/base/json_fwd.h"

#include <vector>

namespace server::client_api {

/// What of a commit may concern contacts who listen.
struct CableChanges {
    struct Item {
        protocol::EntityType type;
        base::Uuid id;
        base::Uuid conversation;
    };
    std::vector<Item> items;          ///< messages and conversations
    std::vector<base::Uuid> contacts; ///< that are gone, or another's now
};

/// What goes over the wire as text.
ports::SharedFrame frameOf(const base::Json &json);

CableChanges cableChanges(const sync::Committed &committed);

/// Tells contacts what happened, in the published shapes. Part of CableCore.
class CableNews {
public:
    CableNews(const CableParts &parts, const CableRooms &rooms) : m{parts}, m_rooms{rooms} {}

    /// From which moment on a room is told; the same transaction found its place.
    static void begin(storage::Transaction &tx, CableRoom &room);
    void committed(sync::AccountNumber account, const std::vector<CableChanges::Item> &items) const;
    void ephemeral(const sync::EphemeralEvent &event) const;
    /// Which agents are there now.
    void presence(const CableRoom &room) const;

private:
    void tell(const CableRoom &room, const char *event, base::Json data) const;
    void tellMessage(storage::Transaction &tx, CableRoom &room, const conversations::MessageRow &row,
                     const conversations::ConversationRow &conversation) const;
    void tellStatus(storage::Transaction &tx, CableRoom &room,
                    const conversations::ConversationRow &row) const;
    void typing(const sync::EphemeralEvent &event) const;
    base::Json conversation(storage::Transaction &tx, const CableRoom &room,
                            const conversations::ConversationRow &row) const;
    [[nodiscard]] base::Json users(storage::Transaction &tx, const CableRoom &room) const;

    const CableParts &m;
    const CableRooms &m_rooms;
};

} // namespace server::client_api
