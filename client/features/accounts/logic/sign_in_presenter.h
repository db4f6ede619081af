#pragma once

#include "client/storage/identity.h"

#include <QObject>
#include <QString>

#include <functional>

namespace client::sync {
class HttpAuth;
struct SignedIn;
} // namespace client::sync

namespace client::accounts {

/// Everything the sign-in form decides. Knows no widget.
class SignInPresenter : public QObject {
    Q_OBJECT

public:
    enum class Field { None, Server, Email, Password };
    struct State {
        bool busy = false;
        bool canSubmit = false;
        QString error;          ///< a sentence; empty for none
        Field at = Field::None; ///< which field the error is about
        QString detail;         ///< of the connection, for who asks
        bool operator==(const State &) const = default;
    };
    /// Takes the session over: stores identity and tokens, opens the main window.
    using Done = std::function<void(const sync::SignedIn &)>;

    SignInPresenter(sync::HttpAuth &auth, domain::DeviceId device, Done done, QObject *parent = nullptr);

    [[nodiscard]] const State &state() const { return m_state; }
    /// What is typed; a missing "https://" is added (http for loopback addresses).
    void edit(const QString &server, const QString &email, const QString &password);
    void submit();

    /// The address in its full form; empty when it cannot be one.
    static QString fullAddress(const QString &typed);

Q_SIGNALS:
    void stateChanged(const client::accounts::SignInPresenter::State &state);

private:
    void show(State state);

    sync::HttpAuth &m_auth;
    domain::DeviceId m_device;
    Done m_done;
    QString m_server;
    QString m_email;
    QString m_password;
    State m_state;
};

} // namespace client::accounts
