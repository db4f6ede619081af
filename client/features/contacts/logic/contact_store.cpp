#include "client/features/contacts/logic/contact_store.h"

#include "client/storage/reader.h"
#include "client/sync/session.h"

#include <utility>

namespace client::contacts {

namespace {

constexpr int keptContacts = 500;

QString keyOf(const domain::ContactId &id)
{
    return QString::fromStdString(id.text());
}

} // namespace

ContactStore::ContactStore(sync::Session &session, QObject *parent)
    : QObject{parent}
    , m_session{session}
    , m_kept{keptContacts}
{
    connect(&session, &sync::Session::changed, this, [this](const sync::Changes &changes) {
        for (const auto &change : *changes)
            if (change.type == protocol::EntityType::Contact) {
                const domain::ContactId id{change.id};
                m_kept.remove(keyOf(id));
                Q_EMIT changed(id);
            }
    });
    connect(&session, &sync::Session::reset, this, [this] {
        m_kept.clear();
        Q_EMIT reset();
    });
    connect(&session, &sync::Session::ephemeral, this, [this](const sync::Ephemeral &news) {
        if (news.kind != sync::Ephemeral::Kind::Presence || !news.contact)
            return;
        const domain::ContactId id{*news.contact};
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
        for (const auto &id : std::exchange(m_online, {}))
            Q_EMIT presenceChanged(id);
    });
}

std::optional<domain::Contact> ContactStore::find(const domain::ContactId &id) const
{
    const auto key = keyOf(id);
    if (const auto *kept = m_kept.object(key))
        return *kept;
    auto contact = m_session.reader().contact(id);
    if (contact)
        m_kept.insert(key, new domain::Contact{*contact});
    return contact;
}

QString ContactStore::nameOf(const domain::ContactId &id) const
{
    const auto contact = find(id);
    if (!contact)
        return tr("Visitor");
    for (const auto *text : {&contact->name, &contact->email, &contact->phone})
        if (!text->empty())
            return QString::fromStdString(*text);
    return tr("Visitor %1").arg(contact->number);
}

} // namespace client::contacts
