#pragma once

#include "server/sync/change.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace server::sync {

/// News that is never stored and may be lost: typing, presence, who looks at what (sync-protocol 13.1).
struct EphemeralEvent {
    enum class Kind {
        Composing,
        Viewing,
        UserPresence,
        ContactPresence,
        Arrival ///< a visitor opened the chat; goes to no session
    };
    Kind kind = Kind::Composing;
    AccountNumber account = 0;
    base::Uuid conversation; ///< of Composing and Viewing; null otherwise
    bool byUser = true;      ///< an agent; else the contact
    base::Uuid who;          ///< user or contact
    std::string name;        ///< display name, for visitors
    bool on = true;
    bool isPrivate = false;   ///< composing a private note: not for the contact
    std::uint64_t serial = 0; ///< of presence: counts up with every change
    std::int64_t inbox = 0;   ///< of Arrival: inboxes.id
    std::string page;         ///< of Arrival: where the chat was opened
};

/// Who is there at one moment.
struct Online {
    std::vector<base::Uuid> users;
    std::vector<base::Uuid> contacts;
    std::uint64_t serial = 0; ///< of the newest presence event that is in it
};

/// Passes ephemeral events between agents' sessions and visitors' sessions. Any thread; listeners run on the
/// caller's thread and must be quick.
class Ephemera {
public:
    using Listener = std::function<void(const EphemeralEvent &)>;

    Ephemera();
    ~Ephemera();
    /// Never removed: sessions' hubs register once at start.
    void listen(Listener listener);
    void publish(const EphemeralEvent &event);

    /// Connection counting behind presence: publishes UserPresence / ContactPresence when the first comes and
    /// the last goes.
    void connected(AccountNumber account, bool user, const base::Uuid &who);
    void disconnected(AccountNumber account, bool user, const base::Uuid &who);
    [[nodiscard]] bool isOnline(AccountNumber account, bool user, const base::Uuid &who) const;
    [[nodiscard]] Online online(AccountNumber account) const;
    [[nodiscard]] std::vector<base::Uuid> onlineUsers(AccountNumber account) const;
    [[nodiscard]] std::vector<base::Uuid> onlineContacts(AccountNumber account) const;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace server::sync
