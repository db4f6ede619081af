#include "client/features/teams/logic/team_store.h"

#include "client/storage/reader.h"
#include "client/sync/session.h"

#include <algorithm>

namespace client::teams {

TeamStore::TeamStore(sync::Session &session, QObject *parent) : QObject{parent}, m_session{session}
{
    load();
    connect(&session, &sync::Session::changed, this, [this](const sync::Changes &changes) {
        if (std::any_of(changes->begin(), changes->end(),
                        [](const auto &change) { return change.type == protocol::EntityType::Team; }))
            load();
    });
    connect(&session, &sync::Session::reset, this, &TeamStore::load);
}

void TeamStore::load()
{
    m_all = m_session.reader().teams();
    Q_EMIT changed();
}

QString TeamStore::nameOf(const domain::TeamId &id) const
{
    const auto found =
        std::find_if(m_all.begin(), m_all.end(), [&id](const domain::Team &team) { return team.id == id; });
    return found == m_all.end() ? QString{} : QString::fromStdString(found->name);
}

} // namespace client::teams
