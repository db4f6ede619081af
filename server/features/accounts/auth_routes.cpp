#include "server/features/accounts/auth_routes.h"

#include "server/ports/answers.h"
#include "shared/base/json.h"
#include "shared/base/text.h"

#include <algorithm>

namespace server::accounts {

namespace {

using base::ErrorCode;
using ports::HttpRequest;
using ports::HttpResponse;

constexpr ports::Rate attemptRate{30, base::Duration{2'000}};
constexpr ports::Rate failureRate{10, base::Duration{30'000}};
constexpr ports::Rate refreshRate{60, base::Duration{1'000}};
constexpr std::int64_t bodyLimit = 16 * 1024;
constexpr std::size_t longestPassword = 1024; // bytes that are looked at at all

base::Json tokensJson(const Tokens &tokens)
{
    return {{"access", tokens.access},
            {"expires_in", tokens.expiresIn.count() / 1000},
            {"refresh", tokens.refresh}};
}

base::Json signedInJson(const SignedIn &signedIn)
{
    auto json = tokensJson(signedIn.tokens);
    const auto &user = signedIn.member.user;
    json["user"] = {{"id", user.id.text()},
                    {"num", user.number},
                    {"name", user.name},
                    {"email", user.email},
                    {"role", toText(user.role)}};
    const auto &account = signedIn.account.account;
    json["account"] = {{"id", account.id.text()}, {"num", account.number}, {"name", account.name}};
    json["device"] = signedIn.device.text();
    json["now"] = base::toMs(signedIn.at);
    json["keys"] = {{"wipe", base::toBase64Url(signedIn.keys.wipe)},
                    {"outbox", base::toBase64Url(signedIn.keys.outbox)},
                    {"outbox_secret", base::toBase64Url(signedIn.keys.outboxSecret)}};
    return json;
}

base::Result<SignIn> signInFromJson(const base::Json &json)
{
    const auto device = base::uuidField(json, "device");
    const auto email = base::textField(json, "email");
    const auto password = base::textField(json, "password");
    if (!device || device->isNull())
        return base::Error{ErrorCode::Invalid, "device"};
    if (!email || email->size() > 320)
        return base::Error{ErrorCode::Invalid, "email"};
    if (!password || password->size() > longestPassword)
        return base::Error{ErrorCode::Invalid, "password"};
    const auto shortText = [&](const char *key) {
        return base::truncated(base::cleaned(base::textField(json, key).value_or("")), 100);
    };
    return SignIn{*device,
                  shortText("name"),
                  shortText("os"),
                  shortText("app"),
                  *email,
                  *password,
                  base::integerField(json, "account")};
}

HttpResponse unread(const base::Error &error)
{
    return ports::refusal(error.code == ErrorCode::TooLarge ? 413 : 400, toText(error.code),
                          "The body is not a JSON object this server can read");
}

} // namespace

void AuthRoutes::add(ports::Router &router)
{
    router.add({"POST", "/auth/device", [this](HttpRequest &request) { return signIn(request); }, bodyLimit});
    router.add(
        {"POST", "/auth/refresh", [this](HttpRequest &request) { return refresh(request); }, bodyLimit});
    router.add(
        {"POST", "/auth/logout", [this](HttpRequest &request) { return signOut(request); }, bodyLimit});
    router.add({"POST", "/auth/password", [this](HttpRequest &request) { return changePassword(request); },
                bodyLimit});
    router.add({"GET", "/auth/devices", [this](HttpRequest &request) { return list(request); }});
    router.add({"DELETE", "/auth/devices", [this](HttpRequest &request) { return revokeOthers(request); },
                bodyLimit});
    router.add({"DELETE", "/auth/devices/{id}", [this](HttpRequest &request) { return revoke(request); },
                bodyLimit});
}

HttpResponse AuthRoutes::signIn(HttpRequest &request)
{
    const auto body = ports::jsonBody(request);
    if (!body)
        return unread(body.error());
    const auto asked = signInFromJson(*body);
    if (!asked)
        return ports::refusal(asked.error());
    const auto perAddress = "auth-failed:" + request.remoteNetwork;
    const auto perName = "auth-name:" + base::lowered(asked->email);
    auto wait = m_limiter.take("auth:" + request.remoteNetwork, attemptRate);
    for (const auto &key : {perAddress, perName})
        wait = std::max(wait, m_limiter.wait(key, failureRate));
    if (wait)
        return ports::tooOften(*wait);
    const auto signedIn = m_devices.signIn(*asked);
    if (signedIn)
        return ports::jsonAnswer(signedInJson(*signedIn));
    if (signedIn.error().code == ErrorCode::Unauthorized) {
        m_limiter.take(perAddress, failureRate);
        m_limiter.take(perName, failureRate);
        return ports::refusal(401, "unauthorized", "Email or password is wrong");
    }
    return ports::refusal(signedIn.error());
}

HttpResponse AuthRoutes::refresh(HttpRequest &request)
{
    if (const auto wait = m_limiter.take("refresh:" + request.remoteNetwork, refreshRate))
        return ports::tooOften(*wait);
    const auto body = ports::jsonBody(request);
    if (!body)
        return unread(body.error());
    const auto device = base::uuidField(*body, "device");
    const auto token = base::textField(*body, "refresh");
    const auto rid = base::textField(*body, "rid");
    if (!device || !token || token->size() > 1024 || !rid || rid->empty() || rid->size() > 64)
        return ports::refusal({ErrorCode::Invalid, !device ? "device" : !token ? "refresh" : "rid"});
    const auto tokens = m_devices.refresh(*device, *token, *rid);
    if (tokens)
        return ports::jsonAnswer(tokensJson(*tokens));
    const auto code = tokens.error().code;
    auto answer = ports::refusal(tokens.error());
    if (code != ErrorCode::DeviceRevoked && code != ErrorCode::UserDisabled)
        return answer;
    if (const auto order = m_devices.wipeOrder(*device, *token)) {
        auto json = *base::parseJson(answer.body);
        json["order"] = protocol::toJson(*order);
        answer.body = base::toText(json);
    }
    return answer;
}

HttpResponse AuthRoutes::list(const HttpRequest &request)
{
    const auto principal = m_devices.principalOf(ports::bearerToken(request));
    if (!principal)
        return ports::refusal(principal.error());
    auto all = base::Json::array();
    for (const auto &row : m_devices.devicesOf(*principal)) {
        const auto &device = row.device;
        all.push_back({{"id", device.id.text()},
                       {"name", device.name},
                       {"os", device.os},
                       {"app", device.app},
                       {"created_at", base::toMs(device.createdAt)},
                       {"last_seen_at", base::toMs(device.lastSeenAt)},
                       {"current", device.id.value == principal->actor.device}});
    }
    return ports::jsonAnswer({{"devices", std::move(all)}});
}

HttpResponse AuthRoutes::revoke(const HttpRequest &request)
{
    const auto principal = m_devices.principalOf(ports::bearerToken(request));
    if (!principal)
        return ports::refusal(principal.error());
    const auto device = base::Uuid::parse(request.param("id"));
    if (!device)
        return ports::refusal({ErrorCode::NotFound, {}});
    if (const auto outcome = m_devices.revokeOne(*principal, *device); !outcome)
        return ports::refusal(outcome.error());
    HttpResponse answer;
    answer.status = 204;
    return answer;
}

HttpResponse AuthRoutes::revokeOthers(const HttpRequest &request)
{
    const auto principal = m_devices.principalOf(ports::bearerToken(request));
    if (!principal)
        return ports::refusal(principal.error());
    const auto count = m_devices.signOutOthers(*principal);
    return count ? ports::jsonAnswer({{"revoked", *count}}) : ports::refusal(count.error());
}

// Whoever holds a stolen access token must not find the password out by it.
HttpResponse AuthRoutes::changePassword(HttpRequest &request)
{
    const auto principal = m_devices.principalOf(ports::bearerToken(request));
    if (!principal)
        return ports::refusal(principal.error());
    const auto guesses = "auth-password:" + std::to_string(principal->actor.number);
    if (const auto wait = std::max(m_limiter.take("auth:" + request.remoteNetwork, attemptRate),
                                   m_limiter.wait(guesses, failureRate)))
        return ports::tooOften(*wait);
    const auto body = ports::jsonBody(request);
    if (!body)
        return unread(body.error());
    const auto current = base::textField(*body, "current");
    const auto fresh = base::textField(*body, "password");
    if (!current || current->size() > longestPassword)
        return ports::refusal({ErrorCode::Invalid, "current"});
    if (!fresh || fresh->size() > longestPassword)
        return ports::refusal({ErrorCode::Invalid, "password"});
    const auto count = m_devices.changePassword(*principal, *current, *fresh, *principal->actor.device);
    if (count)
        return ports::jsonAnswer({{"revoked", *count}});
    if (count.error().code != ErrorCode::Forbidden)
        return ports::refusal(count.error());
    m_limiter.take(guesses, failureRate);
    return ports::refusal(403, "wrong_password", "The current password is wrong");
}

HttpResponse AuthRoutes::signOut(HttpRequest &request)
{
    if (const auto outcome = m_devices.signOut(ports::bearerToken(request)); !outcome)
        return ports::refusal(outcome.error());
    HttpResponse answer;
    answer.status = 204;
    return answer;
}

} // namespace server::accounts
