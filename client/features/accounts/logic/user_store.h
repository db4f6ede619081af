#pragma once

#include "shared/domain/accounts/account.h"

#include <QObject>
#include <QString>

#include <map>
#include <set>
#include <vector>

namespace client::sync {
class Session;
}

namespace client::accounts {

/// The agents of the account, in memory: few, and named on every screen.
class UserStore : public QObject {
    Q_OBJECT

public:
    explicit UserStore(sync::Session &session, QObject *parent = nullptr);

    [[nodiscard]] domain::UserId me() const;
    [[nodiscard]] const domain::User *find(const domain::UserId &id) const;
    /// The name; "You" is for the screens to say. Empty for somebody unknown.
    [[nodiscard]] QString nameOf(const domain::UserId &id) const;
    /// Active agents by name.
    [[nodiscard]] std::vector<domain::User> agents() const;
    [[nodiscard]] QString accountName() const;
    [[nodiscard]] bool isOnline(const domain::UserId &id) const { return m_online.contains(id); }

Q_SIGNALS:
    void changed();
    void presenceChanged(const domain::UserId &id);

private:
    void load();

    sync::Session &m_session;
    std::map<domain::UserId, domain::User> m_users;
    std::set<domain::UserId> m_online;
};

} // namespace client::accounts
