#include "server/features/accounts/api_gate.h"

#include "server/ports/answers.h"
#include "shared/base/json.h"
#include "shared/base/text.h"

#include <algorithm>
#include <charconv>

namespace server::accounts {

namespace {

using base::ErrorCode;
using ports::HttpRequest;
using ports::HttpResponse;

constexpr ports::Rate callRate{300, base::Duration{20}}; // 3,000 a minute and token

std::string_view tokenOf(const HttpRequest &request)
{
    for (const auto *name : {"api_access_token", "api-access-token"})
        for (const auto &[key, value] : request.headers.all())
            if (base::lowered(key) == name)
                return value;
    return ports::bearerToken(request);
}

std::string formDecoded(std::string_view text)
{
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned value = 0;
        const bool escape = text[i] == '%' && i + 2 < text.size();
        if (escape &&
            std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ptr == text.data() + i + 3) {
            decoded += static_cast<char>(value);
            i += 2;
        } else {
            decoded += text[i] == '+' ? ' ' : text[i];
        }
    }
    return decoded;
}

base::Result<base::Json> bodyOf(const HttpRequest &request)
{
    if (base::lowered(request.headers.get("Content-Type")).starts_with("application/x-www-form-urlencoded"))
        return formBody(request.body);
    return ports::jsonBody(request);
}

} // namespace

base::Json formBody(std::string_view text)
{
    auto fields = base::Json::object();
    while (!text.empty()) {
        const auto pair = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(text.size(), pair.size() + 1));
        const auto equals = pair.find('=');
        const auto value = equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
        const auto name = formDecoded(pair.substr(0, equals));
        if (!name.empty() && base::isUtf8(name) && base::isUtf8(formDecoded(value)))
            fields[name] = formDecoded(value);
    }
    return fields;
}

const base::Json &ApiCall::body() const
{
    static const base::Json none = base::Json::object();
    return m_body ? *m_body : none;
}

void ApiCall::setBody(base::Json body)
{
    m_body = std::make_shared<const base::Json>(std::move(body));
}

std::optional<std::int64_t> ApiCall::number(std::string_view param) const
{
    return base::wholeNumber(request.param(param));
}

std::int64_t ApiCall::queryNumber(std::string_view name, std::int64_t otherwise) const
{
    return base::wholeNumber(request.queryValue(name)).value_or(otherwise);
}

void ApiGate::inAccount(ports::Router &router, const std::string &method, const std::string &path,
                        Handler handler, Who who)
{
    router.add({method, "/api/v1/accounts/{account_id}" + path,
                [this, handler = std::move(handler), who](HttpRequest &request) {
                    return answer(request, handler, who, true);
                }});
}

void ApiGate::inAccountStreamed(ports::Router &router, const std::string &method, const std::string &path,
                                Handler handler, std::int64_t maxBody, Who who)
{
    router.add({method, "/api/v1/accounts/{account_id}" + path,
                [this, handler = std::move(handler), who](HttpRequest &request) {
                    return answer(request, handler, who, true);
                },
                maxBody, true});
}

void ApiGate::outside(ports::Router &router, const std::string &method, const std::string &path,
                      Handler handler)
{
    router.add({method, path, [this, handler = std::move(handler)](HttpRequest &request) {
                    return answer(request, handler, Who::Member, false);
                }});
}

HttpResponse ApiGate::answer(HttpRequest &request, const Handler &handler, Who who, bool inAccount)
{
    auto caller = admit(request, who, inAccount);
    if (!caller)
        return ports::refusal(caller.error());
    ApiCall call{request, caller->account, std::move(caller->actor)};
    if (const auto wait = m_parts.limiter.take("api:" + std::to_string(call.actor.number), callRate))
        return ports::tooOften(*wait);
    if (!request.stream) {
        auto body = bodyOf(request);
        if (!body)
            return ports::refusal(body.error().code == ErrorCode::Invalid ? 400 : 413,
                                  toText(body.error().code),
                                  "The body is not a JSON object this server can read");
        call.setBody(std::move(*body));
    }
    auto outcome = handler(call);
    return outcome ? std::move(*outcome) : ports::refusal(outcome.error());
}

base::Result<ApiGate::Caller> ApiGate::admit(const HttpRequest &request, Who who, bool inAccount)
{
    base::Result<Caller> admitted = base::Error{ErrorCode::Unauthorized, {}};
    read([&](storage::Transaction &tx) {
        const auto caller = callerOf(tx, request);
        if (!caller) {
            admitted = caller.error();
            return;
        }
        UserStore users{tx};
        std::optional<sync::AccountNumber> account = base::wholeNumber(request.param("account_id"));
        if (!inAccount) {
            const auto mine = users.accountsOf(*caller);
            account = mine.empty() ? std::nullopt : std::optional{mine.front().account.number};
        }
        if (!account || !users.account(*account)) {
            admitted = base::Error{ErrorCode::NotFound, "account"};
            return;
        }
        auto actor = AccountService::actor(tx, *account, *caller);
        if (!actor)
            admitted = base::Error{ErrorCode::Unauthorized, "account"};
        else if (who == Who::Administrator && !actor->administrator)
            admitted = base::Error{ErrorCode::Forbidden, {}};
        else
            admitted = Caller{*account, std::move(*actor)};
    });
    return admitted;
}

base::Result<std::int64_t> ApiGate::callerOf(storage::Transaction &tx, const HttpRequest &request) const
{
    const auto token = tokenOf(request);
    if (token.empty())
        return base::Error{ErrorCode::Unauthorized, {}};
    if (const auto owner = m_parts.accounts.tokenOwner(tx, token))
        return *owner;
    const auto principal = m_parts.devices.authenticate(tx, token);
    if (!principal)
        return base::Error{ErrorCode::Unauthorized, {}};
    return principal->actor.number;
}

base::Status ApiGate::write(const ApiCall &call, sync::Executor::Job job)
{
    const auto outcome = m_parts.executor.run(call.account, call.actor, std::move(job));
    if (!outcome)
        return outcome.error();
    return base::Done{};
}

base::Result<int> ApiGate::changePassword(const ApiCall &call, const std::string &current,
                                          const std::string &fresh)
{
    base::Uuid kept;
    read([&](storage::Transaction &tx) {
        if (const auto principal = m_parts.devices.authenticate(tx, tokenOf(call.request)))
            kept = *principal->actor.device;
    });
    sync::Principal principal;
    principal.account = call.account;
    principal.actor = call.actor;
    return m_parts.devices.changePassword(principal, current, fresh, kept);
}

std::string ApiGate::origin(const HttpRequest &request) const
{
    return ports::originOf(request, m_parts.publicUrl);
}

} // namespace server::accounts
