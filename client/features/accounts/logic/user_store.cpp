#include "client/features/accounts/logic/user_store.h"

#include "client/storage/reader.h"
#include "client/sync/session.h"

#include <algorithm>

namespace client::accounts {

UserStore::UserStore(sync::Session &session, QObject *parent) : QObject{parent}, m_session{session}
{
    load();
    connect(&session, &sync::Session::changed, this, [this](const sync::Changes &changes) {
        const bool ours = std::any_of(changes->begin(), changes->end(), [](const auto &change) {
            return change.type == protocol::EntityType::User || change.type == protocol::EntityType::Account;
        });
        if (ours)
            load();
    });
    connect(&session, &sync::Session::reset, this, &UserStore::load);
    connect(&session, &sync::Session::ephemeral, this, [this](const sync::Ephemeral &news) {
        if (news.kind != sync::Ephemeral::Kind::Presence || !news.user)
            return;
        const domain::UserId id{*news.user};
        if (news.on)
            m_online.insert(id);
        else
            m_online.erase(id);
        Q_EMIT presenceChanged(id);
    });
    connect(&session, &sync::Session::connectionChanged, this, [this](const sync::ConnectionState &state) {
        using Kind = sync::ConnectionState::Kind;
        if (state.kind == Kind::Live || state.kind == Kind::CatchingUp)
            return;
        for (const auto &id : std::exchange(m_online, {})) // nobody can be seen from here
            Q_EMIT presenceChanged(id);
    });
}

void UserStore::load()
{
    m_users.clear();
    for (auto &user : m_session.reader().users())
        m_users.emplace(user.id, std::move(user));
    Q_EMIT changed();
}

domain::UserId UserStore::me() const
{
    return m_session.identity().user.id;
}

const domain::User *UserStore::find(const domain::UserId &id) const
{
    const auto found = m_users.find(id);
    if (found != m_users.end())
        return &found->second;
    return id == me() ? &m_session.identity().user : nullptr;
}

QString UserStore::nameOf(const domain::UserId &id) const
{
    const auto *user = find(id);
    return user ? QString::fromStdString(user->name) : QString{};
}

std::vector<domain::User> UserStore::agents() const
{
    std::vector<domain::User> all;
    for (const auto &[id, user] : m_users)
        if (user.active)
            all.push_back(user);
    std::sort(all.begin(), all.end(), [](const auto &a, const auto &b) {
        return QString::localeAwareCompare(QString::fromStdString(a.name), QString::fromStdString(b.name)) <
               0;
    });
    return all;
}

QString UserStore::accountName() const
{
    const auto account = m_session.reader().account();
    return QString::fromStdString(account ? account->name : m_session.identity().account.name);
}

} // namespace client::accounts
