#pragma once

#include "shared/domain/inboxes/inbox.h"

#include <QObject>
#include <QString>

#include <map>
#include <vector>

namespace client::sync {
class Session;
}

namespace client::inboxes {

/// The inboxes I see, in memory.
class InboxStore : public QObject {
    Q_OBJECT

public:
    explicit InboxStore(sync::Session &session, QObject *parent = nullptr);

    [[nodiscard]] const domain::Inbox *find(const domain::InboxId &id) const;
    [[nodiscard]] QString nameOf(const domain::InboxId &id) const;
    /// By name.
    [[nodiscard]] std::vector<domain::Inbox> all() const;
    /// Spoken: "website chat".
    [[nodiscard]] QString channelText(const domain::InboxId &id) const;

Q_SIGNALS:
    void changed();

private:
    void load();

    sync::Session &m_session;
    std::map<domain::InboxId, domain::Inbox> m_inboxes;
};

} // namespace client::inboxes
