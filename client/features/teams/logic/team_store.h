#pragma once

#include "shared/domain/teams/team.h"

#include <QObject>
#include <QString>

#include <vector>

namespace client::sync {
class Session;
}

namespace client::teams {

/// The account's teams, in memory.
class TeamStore : public QObject {
    Q_OBJECT

public:
    explicit TeamStore(sync::Session &session, QObject *parent = nullptr);

    /// By name.
    [[nodiscard]] const std::vector<domain::Team> &all() const { return m_all; }
    /// Empty for one that is gone.
    [[nodiscard]] QString nameOf(const domain::TeamId &id) const;

Q_SIGNALS:
    void changed();

private:
    void load();

    sync::Session &m_session;
    std::vector<domain::Team> m_all;
};

} // namespace client::teams
