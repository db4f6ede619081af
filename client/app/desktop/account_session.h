#pragma once

#include "client/platform/keychain.h"
#include "client/platform/profile.h"
#include "client/sync/client.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>

namespace client::desktop {

/// One account's files, keychain and connection, from opening to signing out. Knows no screen. GUI thread.
class AccountSession : public QObject {
    Q_OBJECT

public:
    enum class State {
        Closed,         ///< not opened yet
        Opening,        ///< what it takes is on its way
        NobodySignedIn, ///< or signed out by the person
        Open,           ///< client() is there, connected or not
        Failed,         ///< the files cannot be used; failure() says why
    };
    /// `directory` holds the account; `profile` is its lock when somebody has it already, else null.
    AccountSession(QString directory, std::shared_ptr<platform::Profile> profile, sync::Client::Setup setup,
                   QObject *parent = nullptr);
    ~AccountSession() override;

    [[nodiscard]] State state() const { return m_state; }
    /// It is known whether it can be used, and by whom.
    [[nodiscard]] bool isSettled() const { return m_state != State::Closed && m_state != State::Opening; }
    /// A sentence for people.
    [[nodiscard]] const QString &failure() const { return m_failure; }
    /// Null unless Open.
    [[nodiscard]] sync::Client *client() { return m_state == State::Open ? m_client.get() : nullptr; }
    /// The id by which this folder signs in.
    [[nodiscard]] base::Result<domain::DeviceId> device() const;

    /// Opens profile and client: the one place where that is done. Tells by stateChanged().
    void open();
    /// A sign-in succeeded: stores it, then opens. Fails with Conflict while another person's work waits.
    void adopt(const sync::SignedIn &signedIn, std::function<void(const base::Status &)> failed);
    /// Tells the server, forgets the tokens; with `wipe` what was synced goes, too.
    void signOut(bool wipe);
    /// Ends the connection; NobodySignedIn until somebody does.
    void leave();
    /// Ends all and destroys everything of this account on this computer, unsent words included.
    void destroy();

Q_SIGNALS:
    void stateChanged();

private:
    void set(State state, const QString &failure = {});
    void start(std::shared_ptr<const storage::Vault> vault);

    QString m_directory;
    std::shared_ptr<platform::Profile> m_profile;
    sync::Client::Setup m_setup;
    std::unique_ptr<platform::Keychain> m_keychain; // the one the sync client reads
    std::unique_ptr<sync::Client> m_client;
    QTimer m_farewell; // the client lives on for a moment: it tells the server and empties the keychain
    State m_state = State::Closed;
    QString m_failure;
};

} // namespace client::desktop
