#include "client/features/accounts/logic/sign_in_presenter.h"

#include "client/sync/http_auth.h"

#include <QHostAddress>
#include <QUrl>

namespace client::accounts {

namespace {

bool isLoopback(const QString &host)
{
    return host == QStringLiteral("localhost") || QHostAddress{host}.isLoopback();
}

SignInPresenter::Field fieldOf(sync::AuthFailure::Kind kind)
{
    using Kind = sync::AuthFailure::Kind;
    switch (kind) {
    case Kind::Credentials:
    case Kind::Invalid:
        return SignInPresenter::Field::Password;
    case Kind::Revoked:
        return SignInPresenter::Field::Email;
    case Kind::Unreachable:
    case Kind::Tls:
    case Kind::NotDeskbell:
    case Kind::Version:
        return SignInPresenter::Field::Server;
    case Kind::RateLimited:
    case Kind::Server:
        break;
    }
    return SignInPresenter::Field::None;
}

} // namespace

SignInPresenter::SignInPresenter(sync::HttpAuth &auth, domain::DeviceId device, Done done, QObject *parent)
    : QObject{parent}
    , m_auth{auth}
    , m_device{device}
    , m_done{std::move(done)}
{
}

QString SignInPresenter::fullAddress(const QString &typed)
{
    auto text = typed.trimmed();
    if (text.isEmpty())
        return {};
    if (!text.contains(QStringLiteral("://"))) {
        const QUrl guess{QStringLiteral("https://") + text};
        text.prepend(isLoopback(guess.host()) ? QStringLiteral("http://") : QStringLiteral("https://"));
    }
    const QUrl url{text, QUrl::StrictMode};
    const bool web = url.scheme() == QStringLiteral("https") || url.scheme() == QStringLiteral("http");
    if (!url.isValid() || !web || url.host().isEmpty() || !url.userInfo().isEmpty())
        return {};
    return url.adjusted(QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment)
        .toString(QUrl::StripTrailingSlash);
}

void SignInPresenter::edit(const QString &server, const QString &email, const QString &password)
{
    m_server = server;
    m_email = email;
    m_password = password;
    auto state = m_state;
    state.canSubmit =
        !state.busy && !server.trimmed().isEmpty() && email.contains(QLatin1Char{'@'}) && !password.isEmpty();
    show(state);
}

void SignInPresenter::submit()
{
    if (!m_state.canSubmit)
        return;
    const auto address = fullAddress(m_server);
    auto state = m_state;
    state.error.clear();
    state.detail.clear();
    state.at = Field::None;
    if (address.isEmpty()) {
        state.error = tr("This is no address of a server. It looks like desk.example.com.");
        state.at = Field::Server;
        return show(state);
    }
    state.busy = true;
    state.canSubmit = false;
    show(state);
    m_auth.signIn(address, m_device, m_email.trimmed(), m_password,
                  [this](const sync::SignedIn *signedIn, const sync::AuthFailure *failure) {
                      auto after = m_state;
                      after.busy = false;
                      after.canSubmit = true;
                      if (failure) {
                          after.error = failure->sentence;
                          after.detail = failure->detail;
                          after.at = fieldOf(failure->kind);
                          return show(after);
                      }
                      show(after);
                      m_done(*signedIn);
                  });
}

void SignInPresenter::show(State state)
{
    if (state == m_state)
        return;
    m_state = std::move(state);
    Q_EMIT stateChanged(m_state);
}

} // namespace client::accounts
