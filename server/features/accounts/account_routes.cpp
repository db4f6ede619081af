#include "server/features/accounts/account_routes.h"

#include "server/features/accounts/api_fields.h"
#include "server/features/accounts/user_presenter.h"
#include "server/ports/answers.h"
#include "shared/base/json.h"
#include "shared/domain/conversations/reply_policy.h"

namespace server::accounts {

namespace {

using base::ErrorCode;
using ports::HttpResponse;

base::Error invalid(const char *field)
{
    return {ErrorCode::Invalid, field};
}

base::Result<AccountChanges> accountChanges(const base::Json &body, const std::string &settingsNow)
{
    ApiFields fields{body};
    AccountChanges changes{fields.text("name"), fields.text("locale"), std::nullopt};
    const auto parsed = base::parseJson(settingsNow);
    auto settings = parsed && parsed->is_object() ? *parsed : base::Json::object();
    for (const auto *key :
         {"domain", "support_email", "industry", "company_size", "timezone", "auto_resolve_message"})
        if (fields.has(key)) {
            const auto text = fields.text(key);
            settings[key] = text ? base::Json(*text) : base::Json();
        }
    if (fields.has("auto_resolve_after")) {
        const auto minutes = fields.integer("auto_resolve_after");
        if (minutes && (*minutes < 10 || *minutes > 1'439'856))
            return invalid("auto_resolve_after");
        settings["auto_resolve_after"] = minutes ? base::Json(*minutes) : base::Json();
    }
    if (fields.has("auto_resolve_ignore_waiting")) {
        const auto flag = fields.flag("auto_resolve_ignore_waiting");
        settings["auto_resolve_ignore_waiting"] = flag ? base::Json(*flag) : base::Json();
    }
    if (fields.has("collision")) {
        const auto text = fields.text("collision");
        if (text && !domain::collisionPolicyFromText(*text))
            return invalid("collision");
        settings["collision"] = text ? base::Json(*text) : base::Json();
    }
    if (fields.has("stale_after")) {
        const auto minutes = fields.integer("stale_after");
        if (minutes && (*minutes < 0 || *minutes > 10'080))
            return invalid("stale_after");
        settings["stale_after"] = minutes ? base::Json(*minutes) : base::Json();
    }
    if (fields.has("offline_lease_days")) {
        const auto days = fields.integer("offline_lease_days");
        if (days && (*days < 0 || *days > 3650))
            return invalid("offline_lease_days");
        settings["offline_lease_days"] = days ? base::Json(*days) : base::Json();
    }
    if (fields.has("undo_send_s")) {
        const auto seconds = fields.integer("undo_send_s");
        if (seconds && (*seconds < 0 || *seconds > domain::longestUndo.count()))
            return invalid("undo_send_s");
        settings["undo_send_s"] = seconds ? base::Json(*seconds) : base::Json();
    }
    if (const auto status = fields.status(); !status)
        return status.error();
    changes.settings = base::toText(settings);
    return changes;
}

base::Status readStanding(ApiFields &fields, std::optional<domain::Role> &role,
                          std::optional<Availability> &availability)
{
    if (const auto text = fields.text("role")) {
        role = domain::roleFromText(*text);
        if (!role)
            return invalid("role");
    }
    if (const auto text = fields.text("availability")) {
        availability = availabilityFromText(*text);
        if (!availability)
            return invalid("availability");
    }
    return fields.status();
}

} // namespace

void AccountRoutes::add(ports::Router &router)
{
    using Who = ApiGate::Who;
    m_gate.outside(router, "GET", "/api/v1/profile", [this](ApiCall &call) { return profile(call); });
    m_gate.outside(router, "PUT", "/api/v1/profile", [this](ApiCall &call) { return changeProfile(call); });
    m_gate.inAccount(router, "GET", "", [this](ApiCall &call) { return account(call); });
    m_gate.inAccount(
        router, "PATCH", "", [this](ApiCall &call) { return changeAccount(call); }, Who::Administrator);
    m_gate.inAccount(router, "GET", "/agents", [this](ApiCall &call) { return agents(call); });
    m_gate.inAccount(
        router, "POST", "/agents", [this](ApiCall &call) { return addAgent(call); }, Who::Administrator);
    m_gate.inAccount(
        router, "PATCH", "/agents/{id}", [this](ApiCall &call) { return changeAgent(call); },
        Who::Administrator);
    m_gate.inAccount(
        router, "DELETE", "/agents/{id}", [this](ApiCall &call) { return removeAgent(call); },
        Who::Administrator);
}

AccountRoutes::Answer AccountRoutes::profile(ApiCall &call)
{
    base::Json json;
    m_gate.read([&](storage::Transaction &tx) {
        UserStore users{tx};
        std::vector<Membership> memberships;
        for (auto &row : users.accountsOf(call.actor.number))
            if (auto member = users.member(row.account.number, call.actor.number))
                memberships.push_back({std::move(row), std::move(*member)});
        if (!memberships.empty())
            json =
                profileJson(memberships, m_gate.accounts().token(tx, call.actor.number), m_gate.ephemera());
    });
    if (json.is_null())
        return base::Error{ErrorCode::Unauthorized, {}};
    return ports::jsonAnswer(json);
}

AccountRoutes::Answer AccountRoutes::changeProfile(ApiCall &call)
{
    const auto &given = base::member(call.body(), "profile");
    if (!given.is_object())
        return invalid("profile");
    ApiFields fields{given};
    UserChanges changes;
    changes.name = fields.text("name");
    changes.displayName = fields.text("display_name");
    changes.email = fields.text("email");
    if (const auto status = fields.status(); !status)
        return status.error();
    if (const auto status = changePassword(call, given); !status)
        return status.error();
    const auto status = m_gate.write(call, [&](sync::WriteContext &ctx) -> base::Status {
        const auto changed = m_gate.accounts().changeUser(ctx, call.actor.number, changes);
        return changed ? base::Status{base::Done{}} : base::Status{changed.error()};
    });
    if (!status)
        return status.error();
    return profile(call);
}

// As from a desktop: whoever knew the old password is out, on all devices but the one that asks.
base::Status AccountRoutes::changePassword(ApiCall &call, const base::Json &given)
{
    ApiFields fields{given};
    const auto password = fields.text("password");
    if (!password || password->empty())
        return fields.status();
    if (fields.text("password_confirmation").value_or(*password) != *password)
        return invalid("password_confirmation");
    const auto current = fields.text("current_password").value_or("");
    if (const auto changed = m_gate.changePassword(call, current, *password); !changed)
        return changed.error().code == ErrorCode::Forbidden ? invalid("current_password")
                                                            : base::Status{changed.error()};
    return base::Done{};
}

AccountRoutes::Answer AccountRoutes::account(ApiCall &call)
{
    base::Json json;
    m_gate.read([&](storage::Transaction &tx) { json = accountJson(*UserStore{tx}.account(call.account)); });
    json["latest_chatwoot_version"] = nullptr;
    json["subscribed_features"] = base::Json::array();
    return ports::jsonAnswer(json);
}

AccountRoutes::Answer AccountRoutes::changeAccount(ApiCall &call)
{
    return m_gate.change(call, [&](sync::WriteContext &ctx) -> base::Result<base::Json> {
        const auto row = UserStore{ctx.tx()}.account(ctx.account());
        const auto changes = accountChanges(call.body(), row ? row->settings : "{}");
        if (!changes)
            return changes.error();
        const auto changed = m_gate.accounts().change(ctx, *changes);
        if (!changed)
            return changed.error();
        return accountJson(*changed);
    });
}

AccountRoutes::Answer AccountRoutes::agents(ApiCall &call)
{
    auto list = base::Json::array();
    m_gate.read([&](storage::Transaction &tx) {
        for (const auto &member : UserStore{tx}.members(call.account))
            if (member.user.active)
                list.push_back(agentJson(member, call.account, m_gate.ephemera()));
    });
    return ports::jsonAnswer(list);
}

AccountRoutes::Answer AccountRoutes::addAgent(ApiCall &call)
{
    ApiFields fields{call.body()};
    NewUser user;
    std::optional<domain::Role> role;
    std::optional<Availability> availability;
    user.name = fields.text("name").value_or("");
    user.email = fields.text("email").value_or("");
    user.autoOffline = fields.flag("auto_offline").value_or(true);
    if (const auto status = readStanding(fields, role, availability); !status)
        return status.error();
    if (!role)
        return invalid("role");
    user.role = *role;
    user.availability = availability.value_or(Availability::Online);
    // Beyond the reference's fields: a desk without outgoing mail has no other way to let an agent in. Of no
    // effect on somebody who has a sign-in already.
    if (const auto password = fields.text("password"); password && !password->empty()) {
        auto hash = m_gate.accounts().passwordHash(*password);
        if (!hash)
            return hash.error();
        user.passwordHash = *std::move(hash);
    }
    return m_gate.change(call, [&](sync::WriteContext &ctx) -> base::Result<base::Json> {
        const auto member = m_gate.accounts().addUser(ctx, user);
        if (!member)
            return member.error();
        return agentJson(*member, ctx.account(), m_gate.ephemera());
    });
}

AccountRoutes::Answer AccountRoutes::changeAgent(ApiCall &call)
{
    const auto agent = call.number("id");
    if (!agent)
        return base::Error{ErrorCode::NotFound, {}};
    ApiFields fields{call.body()};
    UserChanges changes;
    changes.name = fields.text("name");
    changes.autoOffline = fields.flag("auto_offline");
    if (const auto status = readStanding(fields, changes.role, changes.availability); !status)
        return status.error();
    return m_gate.change(call, [&](sync::WriteContext &ctx) -> base::Result<base::Json> {
        const auto member = m_gate.accounts().changeUser(ctx, *agent, changes);
        if (!member)
            return member.error();
        return agentJson(*member, ctx.account(), m_gate.ephemera());
    });
}

AccountRoutes::Answer AccountRoutes::removeAgent(ApiCall &call)
{
    const auto agent = call.number("id");
    if (!agent)
        return base::Error{ErrorCode::NotFound, {}};
    const auto status = m_gate.write(
        call, [&](sync::WriteContext &ctx) { return m_gate.accounts().removeUser(ctx, *agent); });
    if (!status)
        return status.error();
    return HttpResponse{};
}

} // namespace server::accounts
