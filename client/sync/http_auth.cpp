#include "client/sync/http_auth.h"

#include "client/sync/http_bulk.h"
#include "shared/base/json.h"
#include "shared/base/text.h"
#include "shared/protocol/limits.h"
#include "shared/protocol/rows.h"

#include <QCoreApplication>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QSysInfo>
#include <QUrl>

namespace client::sync {

namespace {

using base::Json;
using Kind = AuthFailure::Kind;

constexpr int transferLimitMs = 20'000;
constexpr std::size_t maxAnswer = 64 << 10;

Json answerOf(QNetworkReply &reply)
{
    const auto json = base::parseJson(reply.read(maxAnswer).toStdString());
    return json ? *json : Json{};
}

bool isTls(QNetworkReply::NetworkError error)
{
    return error == QNetworkReply::SslHandshakeFailedError;
}

std::optional<Tokens> tokensOf(const Json &json)
{
    const auto access = base::textField(json, "access");
    const auto refresh = base::textField(json, "refresh");
    if (!access || !refresh)
        return std::nullopt;
    return Tokens{*access, *refresh,
                  std::chrono::seconds{base::integerField(json, "expires_in").value_or(900)}};
}

std::optional<SignedIn> signedInOf(const Json &json, const std::string &server,
                                   const domain::DeviceId &device)
{
    const auto tokens = tokensOf(json);
    const auto &userJson = base::member(json, "user");
    const auto &accountJson = base::member(json, "account");
    const auto user = base::uuidField(userJson, "id");
    const auto account = base::uuidField(accountJson, "id");
    if (!tokens || !user || !account)
        return std::nullopt;
    const auto userRow = protocol::userFromRow(*user, userJson);
    const auto accountRow = protocol::accountFromRow(*account, accountJson);
    if (!userRow || !accountRow)
        return std::nullopt;
    const auto &keys = base::member(json, "keys");
    const auto key = [&keys](const char *name) {
        return base::fromBase64Url(base::textField(keys, name).value_or(""));
    };
    return SignedIn{{server, device, *userRow, *accountRow},
                    {key("wipe"), key("outbox"), key("outbox_secret"),
                     base::fromMs(base::integerField(json, "now").value_or(0))},
                    tokens->access,
                    tokens->refresh,
                    tokens->expiresIn};
}

QNetworkRequest requestTo(const QString &url, const std::string &bearer)
{
    QNetworkRequest request{QUrl{url}};
    request.setTransferTimeout(transferLimitMs);
    if (!bearer.empty())
        request.setRawHeader("Authorization", "Bearer " + QByteArray::fromStdString(bearer));
    return request;
}

// "Deskbell 0.1.0", "deskbellctl 0.1.0": how the list of devices tells them apart.
QString program()
{
    return QStringLiteral("%1 %2")
        .arg(QCoreApplication::applicationName(), QCoreApplication::applicationVersion())
        .trimmed();
}

AuthFailure notDeskbell()
{
    return {Kind::NotDeskbell, HttpAuth::tr("There is no Deskbell server at this address."), {}, {}};
}

} // namespace

HttpAuth::HttpAuth(QObject *parent) : QObject{parent}, m_network{new QNetworkAccessManager{this}}
{
    m_network->setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
}

HttpAuth::~HttpAuth() = default;

void HttpAuth::post(const QString &url, const std::string &body, const std::string &bearer,
                    std::function<void(QNetworkReply &)> done)
{
    auto request = requestTo(url, bearer);
    request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    await(m_network->post(request, QByteArray::fromStdString(body)), std::move(done));
}

void HttpAuth::await(QNetworkReply *reply, std::function<void(QNetworkReply &)> done)
{
    connect(reply, &QNetworkReply::finished, this, [reply, done = std::move(done)] {
        reply->deleteLater();
        done(*reply);
    });
}

AuthFailure HttpAuth::failureOf(QNetworkReply &reply) const
{
    AuthFailure failure;
    failure.detail = reply.errorString();
    failure.retryAfter = retryAfterOf(reply);
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const auto json = answerOf(reply);
    const auto code = base::textField(json, "code").value_or("");
    if (status == 0) {
        failure.kind = isTls(reply.error()) ? Kind::Tls : Kind::Unreachable;
        failure.sentence =
            failure.kind == Kind::Tls
                ? tr("The server's certificate is not trusted, so nothing was sent. Check the address, or "
                     "ask whoever runs the server.")
            : reply.error() == QNetworkReply::HostNotFoundError
                ? tr("There is no server with this name. Check the address.")
            : reply.error() == QNetworkReply::ConnectionRefusedError
                ? tr("The server does not accept connections. Is it running?")
                : tr("The server does not answer. Check the address and your connection.");
        return failure;
    }
    if (code == "device_revoked" || code == "user_disabled") {
        failure.kind = Kind::Revoked;
        failure.order = protocol::wipeOrderFromJson(base::member(json, "order"));
        failure.sentence = code == "user_disabled" ? tr("This user was deactivated.")
                                                   : tr("This device was signed out by an administrator.");
    } else if (status == 401 || status == 403) {
        failure.kind = Kind::Credentials;
        failure.sentence = tr("The e-mail address or the password is wrong.");
    } else if (status == 429) {
        failure.kind = Kind::RateLimited;
        failure.sentence = tr("Too many attempts. Wait a minute and try again.");
    } else if (status >= 500) {
        failure.kind = Kind::Server;
        failure.sentence = tr("The server has a problem. Try again in a moment.");
    } else if (status == 400 || status == 422) {
        failure.kind = Kind::Invalid;
        failure.sentence = tr("The server did not accept what was entered.");
    } else {
        failure = notDeskbell();
    }
    return failure;
}

void HttpAuth::signIn(const QString &server, const domain::DeviceId &device, const QString &email,
                      const QString &password, Answer<SignedIn> answer)
{
    QNetworkRequest request{QUrl{server + QStringLiteral("/sync/v1/health")}};
    request.setTransferTimeout(transferLimitMs);
    auto *reply = m_network->get(request);
    connect(reply, &QNetworkReply::finished, this, [=, this] {
        reply->deleteLater();
        const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        if (status == 0 || status >= 500) {
            const auto failure = failureOf(*reply);
            return answer(nullptr, &failure);
        }
        const auto health = answerOf(*reply);
        const auto &range = base::member(health, "proto");
        if (status != 200 || !range.is_array() || range.size() != 2 || !range[0].is_number_integer() ||
            !range[1].is_number_integer()) {
            const auto failure = notDeskbell();
            return answer(nullptr, &failure);
        }
        if (range[0].get<std::int64_t>() > protocol::version ||
            range[1].get<std::int64_t>() < protocol::version) {
            const bool serverIsNewer = range[0].get<std::int64_t>() > protocol::version;
            const AuthFailure failure{Kind::Version,
                                      serverIsNewer
                                          ? tr("This program is too old for the server. Update Deskbell.")
                                          : tr("The server is too old for this program."),
                                      {},
                                      {}};
            return answer(nullptr, &failure);
        }
        const Json body{{"device", device.text()},
                        {"name", QSysInfo::machineHostName().toStdString()},
                        {"os", QSysInfo::prettyProductName().toStdString()},
                        {"app", program().toStdString()},
                        {"email", email.toStdString()},
                        {"password", password.toStdString()}};
        post(server + QStringLiteral("/auth/device"), base::toText(body), {},
             [this, server, device, answer](QNetworkReply &signedIn) {
                 if (signedIn.error() != QNetworkReply::NoError) {
                     const auto failure = failureOf(signedIn);
                     return answer(nullptr, &failure);
                 }
                 const auto result = signedInOf(answerOf(signedIn), server.toStdString(), device);
                 if (result)
                     return answer(&*result, nullptr);
                 const auto failure = notDeskbell();
                 answer(nullptr, &failure);
             });
    });
}

void HttpAuth::refresh(const std::string &server, const domain::DeviceId &device,
                       const std::string &refreshToken, const std::string &attempt, Answer<Tokens> answer)
{
    const Json body{{"device", device.text()}, {"refresh", refreshToken}, {"rid", attempt}};
    post(QString::fromStdString(server + "/auth/refresh"), base::toText(body), {},
         [this, answer](QNetworkReply &reply) {
             if (reply.error() != QNetworkReply::NoError) {
                 const auto failure = failureOf(reply);
                 return answer(nullptr, &failure);
             }
             const auto tokens = tokensOf(answerOf(reply));
             if (tokens)
                 return answer(&*tokens, nullptr);
             const auto failure = notDeskbell();
             answer(nullptr, &failure);
         });
}

void HttpAuth::signOut(const std::string &server, const std::string &access, std::function<void()> done)
{
    post(QString::fromStdString(server + "/auth/logout"), "{}", access,
         [done = std::move(done)](QNetworkReply &) { done(); });
}

void HttpAuth::devices(const std::string &server, const std::string &access,
                       Answer<std::vector<DeviceInfo>> answer)
{
    const auto request = requestTo(QString::fromStdString(server + "/auth/devices"), access);
    await(m_network->get(request), [this, answer](QNetworkReply &reply) {
        if (reply.error() != QNetworkReply::NoError) {
            const auto failure = failureOf(reply);
            return answer(nullptr, &failure);
        }
        std::vector<DeviceInfo> found;
        const auto body = answerOf(reply); // outlives the loop over a part of it
        for (const auto &json : base::member(body, "devices")) {
            const auto text = [&json](const char *name) { return base::textField(json, name).value_or(""); };
            const auto time = [&json](const char *name) {
                return base::fromMs(base::integerField(json, name).value_or(0));
            };
            if (const auto id = base::uuidField(json, "id"))
                found.push_back({*id, text("name"), text("os"), text("app"), time("created_at"),
                                 time("last_seen_at"), base::flagField(json, "current").value_or(false)});
        }
        answer(&found, nullptr);
    });
}

void HttpAuth::changePassword(const std::string &server, const std::string &access, const QString &current,
                              const QString &fresh, Answer<std::int64_t> answer)
{
    const Json body{{"current", current.toStdString()}, {"password", fresh.toStdString()}};
    post(QString::fromStdString(server + "/auth/password"), base::toText(body), access,
         [this, answer](QNetworkReply &reply) {
             if (reply.error() != QNetworkReply::NoError) {
                 auto failure = failureOf(reply);
                 if (reply.error() == QNetworkReply::AuthenticationRequiredError)
                     failure.kind = Kind::Revoked; // 401 is about the token, 403 about the password
                 return answer(nullptr, &failure);
             }
             const auto count = base::integerField(answerOf(reply), "revoked").value_or(0);
             answer(&count, nullptr);
         });
}

void HttpAuth::revoke(const std::string &server, const std::string &access, const base::Uuid &device,
                      Answer<std::int64_t> answer)
{
    const auto path = device.isNull() ? std::string{} : '/' + device.text();
    const auto request = requestTo(QString::fromStdString(server + "/auth/devices" + path), access);
    await(m_network->deleteResource(request), [this, answer](QNetworkReply &reply) {
        if (reply.error() != QNetworkReply::NoError) {
            const auto failure = failureOf(reply);
            return answer(nullptr, &failure);
        }
        const auto count = base::integerField(answerOf(reply), "revoked").value_or(1);
        answer(&count, nullptr);
    });
}

} // namespace client::sync
