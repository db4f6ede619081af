#include "client/features/inboxes/logic/inbox_store.h"

#include "client/storage/reader.h"
#include "client/sync/session.h"

#include <algorithm>

namespace client::inboxes {

InboxStore::InboxStore(sync::Session &session, QObject *parent) : QObject{parent}, m_session{session}
{
    load();
    connect(&session, &sync::Session::changed, this, [this](const sync::Changes &changes) {
        if (std::any_of(changes->begin(), changes->end(),
                        [](const auto &change) { return change.type == protocol::EntityType::Inbox; }))
            load();
    });
    connect(&session, &sync::Session::reset, this, &InboxStore::load);
}

void InboxStore::load()
{
    m_inboxes.clear();
    for (auto &inbox : m_session.reader().inboxes())
        m_inboxes.emplace(inbox.id, std::move(inbox));
    Q_EMIT changed();
}

const domain::Inbox *InboxStore::find(const domain::InboxId &id) const
{
    const auto found = m_inboxes.find(id);
    return found == m_inboxes.end() ? nullptr : &found->second;
}

QString InboxStore::nameOf(const domain::InboxId &id) const
{
    const auto *inbox = find(id);
    return inbox ? QString::fromStdString(inbox->name) : QString{};
}

std::vector<domain::Inbox> InboxStore::all() const
{
    std::vector<domain::Inbox> list;
    for (const auto &[id, inbox] : m_inboxes)
        list.push_back(inbox);
    std::sort(list.begin(), list.end(), [](const auto &a, const auto &b) {
        return QString::localeAwareCompare(QString::fromStdString(a.name), QString::fromStdString(b.name)) <
               0;
    });
    return list;
}

QString InboxStore::channelText(const domain::InboxId &id) const
{
    const auto *inbox = find(id);
    if (!inbox)
        return {};
    return inbox->channel == "web_widget" ? tr("website chat") : QString::fromStdString(inbox->channel);
}

} // namespace client::inboxes
