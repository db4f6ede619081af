#pragma once

#include "client/app/desktop/account_notices.h"
#include "client/app/desktop/desk_stores.h"

#include <QObject>
#include <QTimer>

namespace client::shell {
class Settings;
}

namespace client::desktop {

/// Tells of what arrives in one account, whether it is on screen or not, and counts what waits there.
class AttentionWatch : public QObject {
    Q_OBJECT

public:
    /// All must outlive it.
    AttentionWatch(AccountStores &stores, const shell::Settings &settings, AccountNotices &notices,
                   QObject *parent = nullptr);

    /// Open conversations with unread messages that are mine or nobody's.
    [[nodiscard]] int unread() const { return m_unread; }

Q_SIGNALS:
    void unreadChanged(int unread);

private:
    void notify(const domain::ConversationId &id);
    void count();

    AccountStores &m_stores;
    const shell::Settings &m_settings;
    AccountNotices &m_notices;
    QTimer m_count; // once a burst of changes
    int m_unread = 0;
};

} // namespace client::desktop
