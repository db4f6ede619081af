#include "client/app/desktop/attention_watch.h"

#include "client/shell/settings.h"

namespace client::desktop {

using conversations::ConversationStore;

AttentionWatch::AttentionWatch(AccountStores &stores, const shell::Settings &settings,
                               AccountNotices &notices, QObject *parent)
    : QObject{parent}
    , m_stores{stores}
    , m_settings{settings}
    , m_notices{notices}
    , m_unread{stores.conversations.unreadCount()}
{
    constexpr int burst = 30;
    m_count.setSingleShot(true);
    m_count.setInterval(burst);
    connect(&m_count, &QTimer::timeout, this, &AttentionWatch::count);
    const auto later = [this] {
        if (!m_count.isActive())
            m_count.start();
    };
    connect(&stores.conversations, &ConversationStore::arrived, this,
            [this](const domain::ConversationId &id) { notify(id); });
    connect(&stores.conversations, &ConversationStore::reset, this, later);
    connect(&stores.conversations, &ConversationStore::changed, this,
            [this, later](const domain::ConversationId &id) {
                later();
                const auto view = m_stores.conversations.find(id);
                if (view && view->unread == 0)
                    m_notices.withdraw(id);
            });
}

void AttentionWatch::count()
{
    const int unread = m_stores.conversations.unreadCount();
    if (unread == m_unread)
        return;
    m_unread = unread;
    Q_EMIT unreadChanged(unread);
}

void AttentionWatch::notify(const domain::ConversationId &id)
{
    if (!m_settings.notifications())
        return;
    const auto view = m_stores.conversations.find(id);
    if (!view)
        return;
    const auto &conversation = view->conversation;
    if (conversation.assignee && *conversation.assignee != m_stores.users.me())
        return; // somebody else's
    m_notices.post(id, m_stores.contacts.nameOf(conversation.contact),
                   QString::fromStdString(conversation.preview),
                   static_cast<int>(qMax<std::int64_t>(1, view->unread)));
}

} // namespace client::desktop
