#pragma once

#include "client/storage/identity.h"
#include "shared/base/clock.h"
#include "shared/base/result.h"
#include "shared/protocol/wipe_order.h"

#include <QObject>
#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

class QNetworkAccessManager;
class QNetworkReply;

namespace client::sync {

/// What is pinned at a sign-in.
struct ServerKeys {
    std::string wipe;             ///< who may order a wipe (Ed25519)
    std::string outbox;           ///< seals the outbox when that happens
    std::string outboxSecret;     ///< opens what was sealed then; never stored
    base::Timestamp signedInAt{}; ///< by the server's clock: older orders are over
};

/// A device of the signed-in user.
struct DeviceInfo {
    base::Uuid id;
    std::string name;
    std::string os;
    std::string app;
    base::Timestamp createdAt{};
    base::Timestamp lastSeenAt{};
    bool current = false;
};

/// What a sign-in gives.
struct SignedIn {
    storage::Identity identity;
    ServerKeys keys;
    std::string access;
    std::string refresh;
    base::Duration expiresIn{};
};

/// A pair of tokens after a refresh.
struct Tokens {
    std::string access;
    std::string refresh;
    base::Duration expiresIn{};
};

/// Why a call to the server failed, and how to say it. `kind` is for decisions, `sentence` for people.
struct AuthFailure {
    enum class Kind {
        Unreachable, ///< no such host, refused, timed out
        Tls,         ///< the certificate is not trusted or does not fit
        NotDeskbell, ///< something else answers there
        Version,     ///< this program and the server do not fit
        Credentials, ///< wrong e-mail or password, or the session is over
        Invalid,     ///< the server does not accept what was entered
        Revoked,     ///< device revoked or user disabled
        RateLimited,
        Server, ///< 5xx
    };
    Kind kind = Kind::Unreachable;
    QString sentence; ///< translated
    QString detail;   ///< technical
    base::Duration retryAfter{};
    std::optional<protocol::WipeOrder> order; ///< of Revoked; not checked yet
};

/// Sign-in, refresh, sign-out and the version check over HTTP (docs/protocol.md A.2). Lives on one thread;
/// answers come on it, never before the call has returned, and not after this object is gone.
class HttpAuth : public QObject {
    Q_OBJECT

public:
    template <class T>
    using Answer = std::function<void(const T *, const AuthFailure *)>; ///< exactly one is given

    explicit HttpAuth(QObject *parent = nullptr);
    ~HttpAuth() override;

    /// Asks for the version first, so that a wrong address or version is told as such.
    void signIn(const QString &server, const domain::DeviceId &device, const QString &email,
                const QString &password, Answer<SignedIn> answer);
    void refresh(const std::string &server, const domain::DeviceId &device, const std::string &refreshToken,
                 const std::string &attempt, Answer<Tokens> answer);
    void signOut(const std::string &server, const std::string &access, std::function<void()> done);
    void devices(const std::string &server, const std::string &access,
                 Answer<std::vector<DeviceInfo>> answer);
    /// Answers with how many other devices that signed out.
    void changePassword(const std::string &server, const std::string &access, const QString &current,
                        const QString &fresh, Answer<std::int64_t> answer);
    /// A null id: all but this one. Answers with how many that were.
    void revoke(const std::string &server, const std::string &access, const base::Uuid &device,
                Answer<std::int64_t> answer);

private:
    void post(const QString &url, const std::string &body, const std::string &bearer,
              std::function<void(QNetworkReply &)> done);
    void await(QNetworkReply *reply, std::function<void(QNetworkReply &)> done);
    AuthFailure failureOf(QNetworkReply &reply) const;

    QNetworkAccessManager *m_network;
};

} // namespace client::sync
