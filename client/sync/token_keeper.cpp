#include "client/sync/token_keeper.h"

#include "client/platform/sealing.h"
#include "shared/base/failpoint.h"

#include <chrono>
#include <utility>

namespace client::sync {

namespace {

constexpr std::chrono::seconds spare{30}; // a token that ends this soon is not worth using

base::ErrorCode codeOf(const AuthFailure &failure)
{
    switch (failure.kind) {
    case AuthFailure::Kind::Credentials:
    case AuthFailure::Kind::Invalid:
        return base::ErrorCode::Unauthorized;
    case AuthFailure::Kind::Revoked:
    case AuthFailure::Kind::Unreachable:
    case AuthFailure::Kind::Tls:
    case AuthFailure::Kind::NotDeskbell:
    case AuthFailure::Kind::Version:
    case AuthFailure::Kind::RateLimited:
    case AuthFailure::Kind::Server:
        break;
    }
    return base::ErrorCode::Network;
}

} // namespace

TokenKeeper::TokenKeeper(storage::Identity identity, Pin pin, platform::Keychain &keychain,
                         base::UuidMaker &ids, const base::Clock &clock, QObject *parent)
    : QObject{parent}
    , m_identity{std::move(identity)}
    , m_pin{std::move(pin)}
    , m_keychain{keychain}
    , m_ids{ids}
    , m_clock{clock}
{
}

void TokenKeeper::get(bool renew, Answer answer)
{
    const bool usable = !renew && !m_access.empty() && m_clock.monotonic() < m_expiresAt;
    m_waiting.push_back(std::move(answer));
    if (usable) {
        QMetaObject::invokeMethod(
            this, [this] { answerAll(m_access); }, Qt::QueuedConnection);
        return;
    }
    if (m_waiting.size() > 1)
        return; // a refresh is on its way
    if (m_refresh.empty())
        load();
    else
        refresh();
}

void TokenKeeper::answerAll(const base::Result<std::string> &result)
{
    for (const auto &answer : std::exchange(m_waiting, {}))
        answer(result);
}

void TokenKeeper::load()
{
    m_keychain.read(keychainKey, [this](const base::Result<platform::Keychain::Secret> &secret) {
        if (!secret)
            return answerAll(base::Error{base::ErrorCode::Network, secret.error().detail}); // locked: later
        if (secret->where == platform::Keychain::Place::File)
            Q_EMIT secretsInFile();
        if (secret->value.empty())
            return answerAll(base::Error{base::ErrorCode::Unauthorized, "no refresh token"});
        m_refresh = secret->value;
        refresh();
    });
}

void TokenKeeper::refresh()
{
    if (m_attempt.empty())
        m_attempt = m_ids.next().text();
    m_auth.refresh(m_identity.server, m_identity.device, m_refresh, m_attempt,
                   [this](const Tokens *tokens, const AuthFailure *failure) {
                       if (tokens)
                           return refreshed(*tokens);
                       if (failure->kind == AuthFailure::Kind::Revoked)
                           return answerAll(revoked(*failure));
                       answerAll(base::Error{codeOf(*failure), failure->detail.toStdString()});
                   });
}

// Destroying is for those who can prove that they may ask for it.
base::Error TokenKeeper::revoked(const AuthFailure &failure)
{
    const auto &order = failure.order;
    const bool counts = order && order->device == m_identity.device.value && order->at >= m_pin.signedInAt &&
                        platform::isSignedBy(m_pin.key, order->text(), order->signature);
    if (!counts)
        return {base::ErrorCode::Unauthorized, failure.detail.toStdString()};
    m_ordered = order->wipe;
    return {m_ordered == protocol::Wipe::All ? base::ErrorCode::UserDisabled : base::ErrorCode::DeviceRevoked,
            failure.detail.toStdString()};
}

void TokenKeeper::refreshed(const Tokens &tokens)
{
    m_attempt.clear();
    m_refresh = tokens.refresh;
    m_keychain.write(keychainKey, m_refresh,
                     [this, tokens](const base::Result<platform::Keychain::Place> &place) {
                         if (!place)
                             return answerAll(base::Error{base::ErrorCode::Network, place.error().detail});
                         if (*place == platform::Keychain::Place::File)
                             Q_EMIT secretsInFile();
                         base::failpoint("token.stored");
                         m_access = tokens.access;
                         m_expiresAt = m_clock.monotonic() + tokens.expiresIn - spare;
                         answerAll(m_access);
                     });
}

} // namespace client::sync
