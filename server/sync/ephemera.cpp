#include "server/sync/ephemera.h"

#include <map>
#include <mutex>
#include <shared_mutex>

namespace server::sync {

namespace {

struct Who {
    AccountNumber account;
    bool user;
    base::Uuid id;
    auto operator<=>(const Who &) const = default;
};

EphemeralEvent presence(const Who &who, bool on, std::uint64_t serial)
{
    EphemeralEvent event;
    event.kind = who.user ? EphemeralEvent::Kind::UserPresence : EphemeralEvent::Kind::ContactPresence;
    event.account = who.account;
    event.byUser = who.user;
    event.who = who.id;
    event.on = on;
    event.serial = serial;
    return event;
}

} // namespace

struct Ephemera::Impl {
    mutable std::shared_mutex listenersMutex; // guards listeners
    std::vector<Listener> listeners;
    mutable std::mutex countsMutex; // guards counts; not held while listeners run
    std::map<Who, int> counts;
    std::uint64_t serial = 0; // guarded as well

    // With countsMutex held.
    std::vector<base::Uuid> online(AccountNumber account, bool user) const
    {
        std::vector<base::Uuid> all;
        for (auto at = counts.lower_bound({account, user, {}});
             at != counts.end() && at->first.account == account && at->first.user == user; ++at)
            all.push_back(at->first.id);
        return all;
    }
};

Ephemera::Ephemera() : m_impl{std::make_unique<Impl>()} {}

Ephemera::~Ephemera() = default;

void Ephemera::listen(Listener listener)
{
    const std::unique_lock lock{m_impl->listenersMutex};
    m_impl->listeners.push_back(std::move(listener));
}

void Ephemera::publish(const EphemeralEvent &event)
{
    const std::shared_lock lock{m_impl->listenersMutex};
    for (const auto &listener : m_impl->listeners)
        listener(event);
}

void Ephemera::connected(AccountNumber account, bool user, const base::Uuid &who)
{
    const Who key{account, user, who};
    std::uint64_t serial = 0;
    {
        const std::lock_guard lock{m_impl->countsMutex};
        if (++m_impl->counts[key] > 1)
            return;
        serial = ++m_impl->serial;
    }
    publish(presence(key, true, serial));
}

void Ephemera::disconnected(AccountNumber account, bool user, const base::Uuid &who)
{
    const Who key{account, user, who};
    std::uint64_t serial = 0;
    {
        const std::lock_guard lock{m_impl->countsMutex};
        const auto found = m_impl->counts.find(key);
        if (found == m_impl->counts.end() || --found->second > 0)
            return;
        m_impl->counts.erase(found);
        serial = ++m_impl->serial;
    }
    publish(presence(key, false, serial));
}

bool Ephemera::isOnline(AccountNumber account, bool user, const base::Uuid &who) const
{
    const std::lock_guard lock{m_impl->countsMutex};
    return m_impl->counts.contains({account, user, who});
}

Online Ephemera::online(AccountNumber account) const
{
    const std::lock_guard lock{m_impl->countsMutex};
    return {m_impl->online(account, true), m_impl->online(account, false), m_impl->serial};
}

std::vector<base::Uuid> Ephemera::onlineUsers(AccountNumber account) const
{
    const std::lock_guard lock{m_impl->countsMutex};
    return m_impl->online(account, true);
}

std::vector<base::Uuid> Ephemera::onlineContacts(AccountNumber account) const
{
    const std::lock_guard lock{m_impl->countsMutex};
    return m_impl->online(account, false);
}

} // namespace server::sync
