#pragma once

#include "shared/domain/contacts/contact.h"

#include <QCache>
#include <QObject>
#include <QString>

#include <optional>
#include <set>

namespace client::sync {
class Session;
}

namespace client::contacts {

/// The people who write to us, read when asked for; the newest few hundred stay in memory.
class ContactStore : public QObject {
    Q_OBJECT

public:
    explicit ContactStore(sync::Session &session, QObject *parent = nullptr);

    [[nodiscard]] std::optional<domain::Contact> find(const domain::ContactId &id) const;
    /// Name, else e-mail, else phone, else "Visitor <number>".
    [[nodiscard]] QString nameOf(const domain::ContactId &id) const;
    [[nodiscard]] bool isOnline(const domain::ContactId &id) const { return m_online.contains(id); }

Q_SIGNALS:
    void changed(const domain::ContactId &id);
    void presenceChanged(const domain::ContactId &id);
    void reset();

private:
    sync::Session &m_session;
    mutable QCache<QString, domain::Contact> m_kept;
    std::set<domain::ContactId> m_online;
};

} // namespace client::contacts
