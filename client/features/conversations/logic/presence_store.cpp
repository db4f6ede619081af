#include "client/features/conversations/logic/presence_store.h"

#include "client/features/accounts/logic/user_store.h"
#include "client/features/contacts/logic/contact_store.h"
#include "client/sync/session.h"
#include "shared/protocol/limits.h"

namespace client::conversations {

namespace {

constexpr int sweepEveryMs = 1000;

qint64 lifeOf(bool typing)
{
    return typing ? std::chrono::milliseconds{protocol::composingLife}.count()
                  : std::chrono::milliseconds{protocol::viewingLife}.count();
}

} // namespace

PresenceStore::PresenceStore(Stores stores, QObject *parent) : QObject{parent}, m_stores{stores}
{
    m_sweep.setInterval(sweepEveryMs);
    connect(&m_sweep, &QTimer::timeout, this, &PresenceStore::forget);
    connect(&stores.session, &sync::Session::ephemeral, this, [this](const sync::Ephemeral &news) {
        if (news.kind == sync::Ephemeral::Kind::Presence || (!news.user && !news.contact))
            return;
        if (news.user && domain::UserId{*news.user} == m_stores.users.me())
            return;
        const Who who{{news.conversation},
                      news.user.value_or(news.contact.value_or(base::Uuid{})),
                      news.contact.has_value(),
                      news.kind == sync::Ephemeral::Kind::Composing};
        if (news.on)
            m_until[who] = m_stores.session.clock().monotonic().count() + lifeOf(who.typing);
        else
            m_until.erase(who);
        if (!m_until.empty())
            m_sweep.start();
        Q_EMIT changed(who.conversation);
    });
}

void PresenceStore::forget()
{
    const auto now = m_stores.session.clock().monotonic().count();
    std::vector<domain::ConversationId> touched;
    for (auto who = m_until.begin(); who != m_until.end();) {
        if (who->second > now) {
            ++who;
            continue;
        }
        touched.push_back(who->first.conversation);
        who = m_until.erase(who);
    }
    if (m_until.empty())
        m_sweep.stop();
    for (const auto &id : touched)
        Q_EMIT changed(id);
}

QString PresenceStore::customerTyping(const domain::ConversationId &id) const
{
    for (const auto &[who, until] : m_until)
        if (who.conversation == id && who.contact && who.typing)
            return m_stores.contacts.nameOf({who.id});
    return {};
}

QStringList PresenceStore::agentsTyping(const domain::ConversationId &id) const
{
    QStringList names;
    for (const auto &[who, until] : m_until)
        if (who.conversation == id && !who.contact && who.typing)
            names.push_back(m_stores.users.nameOf({who.id}));
    return names;
}

QStringList PresenceStore::agentsViewing(const domain::ConversationId &id) const
{
    QStringList names;
    for (const auto &[who, until] : m_until)
        if (who.conversation == id && !who.contact && !who.typing)
            names.push_back(m_stores.users.nameOf({who.id}));
    return names;
}

} // namespace client::conversations
