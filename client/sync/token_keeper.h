#pragma once

#include "client/platform/keychain.h"
#include "client/storage/identity.h"
#include "client/sync/http_auth.h"
#include "client/sync/wire.h"
#include "shared/base/uuid.h"

#include <QObject>

#include <vector>

namespace client::sync {

/// Access and refresh tokens of the signed-in device (sync-protocol 14.2): one refresh at a time, whoever
/// asks; the new refresh token is in the keychain before the new access token is used. The same attempt id is
/// used until an answer came, so a lost answer costs nothing. One thread.
class TokenKeeper : public QObject, public TokenSource {
    Q_OBJECT

public:
    static inline const QString keychainKey = QStringLiteral("refresh-token");

    /// Who may order a wipe, and since when.
    struct Pin {
        std::string key;
        base::Timestamp signedInAt{};
    };

    TokenKeeper(storage::Identity identity, Pin pin, platform::Keychain &keychain, base::UuidMaker &ids,
                const base::Clock &clock, QObject *parent = nullptr);

    void get(bool renew, Answer answer) override;
    /// What the server ordered, when it answered DeviceRevoked or UserDisabled: these are told only of an
    /// order that its pinned key signed, for this device, after the sign-in. Anything less is Unauthorized.
    [[nodiscard]] protocol::Wipe ordered() const { return m_ordered; }

Q_SIGNALS:
    /// The keychain does not answer: the token lies in the profile's file.
    void secretsInFile();

private:
    void answerAll(const base::Result<std::string> &result);
    void load();
    void refresh();
    void refreshed(const Tokens &tokens);
    base::Error revoked(const AuthFailure &failure);

    storage::Identity m_identity;
    Pin m_pin;
    protocol::Wipe m_ordered = protocol::Wipe::None;
    platform::Keychain &m_keychain;
    base::UuidMaker &m_ids;
    const base::Clock &m_clock;
    HttpAuth m_auth;
    std::string m_access;
    std::string m_refresh;
    std::string m_attempt;
    base::Duration m_expiresAt{};
    std::vector<Answer> m_waiting;
};

} // namespace client::sync
