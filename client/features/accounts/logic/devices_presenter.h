#pragma once

#include "client/sync/http_auth.h"

#include <QObject>
#include <QString>

#include <set>
#include <vector>

namespace client::sync {
class OwnAccess;
class Session;
} // namespace client::sync

namespace client::accounts {

/// Where I am signed in, and signing out there. The list comes from the server and is asked for again when a
/// device comes or goes; without a connection the last one stays, as such. Knows no widget.
class DevicesPresenter : public QObject {
    Q_OBJECT

public:
    struct Device {
        sync::DeviceInfo info;
        bool leaving = false; ///< its sign-out is under way
    };
    struct State {
        bool loading = false; ///< nothing to show yet
        bool offline = false; ///< nothing can be done now
        bool leavingAll = false;
        QString error; ///< a sentence; empty for none
        base::Timestamp asOf{};
        std::vector<Device> devices; ///< this one first, then by when they were last seen
    };

    /// Both must outlive it.
    DevicesPresenter(sync::Session &session, sync::OwnAccess &access, QObject *parent = nullptr);

    [[nodiscard]] const State &state() const { return m_state; }
    void refresh();
    void signOut(const base::Uuid &device);
    void signOutOthers();

Q_SIGNALS:
    void stateChanged();
    /// A sentence about what was done.
    void said(const QString &sentence);

private:
    void connectionChanged();
    void took(const std::vector<sync::DeviceInfo> &devices);
    void failed(const sync::AuthFailure &failure);
    [[nodiscard]] bool isUp() const;

    sync::Session &m_session;
    sync::OwnAccess &m_access;
    State m_state;
    bool m_asking = false;
    bool m_again = false; ///< something changed while the list was on its way
};

/// "Active recently", "Last seen 3 hours ago", "Last seen 12 Mar".
QString lastSeenText(base::Timestamp at, base::Timestamp now);

} // namespace client::accounts
