#include "server/features/accounts/user_presenter.h"

#include "server/features/accounts/api_fields.h"
#include "shared/base/json.h"

namespace server::accounts {

namespace {

const std::string &shownName(const MemberRow &member)
{
    return member.displayName.empty() ? member.user.name : member.displayName;
}

base::Json membershipJson(const Membership &membership, const sync::Ephemera &ephemera)
{
    const auto &[account, member] = membership;
    return {{"id", account.account.number},
            {"name", account.account.name},
            {"status", "active"},
            {"active_at", nullptr},
            {"role", toText(member.user.role)},
            {"permissions", {toText(member.user.role)}},
            {"availability", toText(member.availability)},
            {"availability_status", availabilityNow(member, account.account.number, ephemera)},
            {"auto_offline", member.autoOffline},
            {"custom_role_id", nullptr},
            {"custom_role", nullptr}};
}

} // namespace

std::string availabilityNow(const MemberRow &member, sync::AccountNumber account,
                            const sync::Ephemera &ephemera)
{
    const bool isThere = !member.autoOffline || ephemera.isOnline(account, true, member.user.id.value);
    return std::string{toText(isThere ? member.availability : Availability::Offline)};
}

base::Json agentJson(const MemberRow &member, sync::AccountNumber account, const sync::Ephemera &ephemera)
{
    return {{"id", member.user.number},
            {"account_id", account},
            {"availability_status", availabilityNow(member, account, ephemera)},
            {"auto_offline", member.autoOffline},
            {"confirmed", true},
            {"email", member.user.email},
            {"available_name", shownName(member)},
            {"name", member.user.name},
            {"role", toText(member.user.role)},
            {"thumbnail", ""},
            {"custom_role_id", nullptr}};
}

base::Json userJson(const MemberRow &member, sync::AccountNumber account, const sync::Ephemera &ephemera)
{
    auto json = agentJson(member, account, ephemera);
    json.erase("custom_role_id");
    json["avatar_url"] = "";
    json["type"] = "user";
    return json;
}

base::Json profileJson(const std::vector<Membership> &memberships, const std::string &token,
                       const sync::Ephemera &ephemera)
{
    const auto &[account, member] = memberships.front();
    auto all = base::Json::array();
    for (const auto &membership : memberships)
        all.push_back(membershipJson(membership, ephemera));
    return {{"id", member.user.number},
            {"uid", member.user.email},
            {"provider", "email"},
            {"name", member.user.name},
            {"display_name", member.displayName.empty() ? base::Json() : base::Json(member.displayName)},
            {"available_name", shownName(member)},
            {"email", member.user.email},
            {"access_token", token},
            {"account_id", account.account.number},
            {"role", toText(member.user.role)},
            {"confirmed", true},
            {"avatar_url", ""},
            {"hmac_identifier", ""},
            {"inviter_id", nullptr},
            {"message_signature", nullptr},
            {"pubsub_token", ""},
            {"custom_attributes", base::Json::object()},
            {"ui_settings", base::Json::object()},
            {"type", nullptr},
            {"accounts", std::move(all)}};
}

base::Json accountJson(const AccountRow &account)
{
    const auto parsed = base::parseJson(account.settings);
    const auto settings = parsed && parsed->is_object() ? *parsed : base::Json::object();
    auto rules = base::Json::object();
    for (const auto *key : {"auto_resolve_after", "auto_resolve_message", "auto_resolve_ignore_waiting",
                            "collision", "stale_after", "offline_lease_days", "undo_send_s"})
        if (!base::member(settings, key).is_null())
            rules[key] = settings[key];
    auto attributes = base::Json::object();
    for (const auto *key : {"industry", "company_size", "timezone"})
        if (!base::member(settings, key).is_null())
            attributes[key] = settings[key];
    return {{"id", account.account.number},
            {"name", account.account.name},
            {"locale", account.account.locale},
            {"domain", base::textField(settings, "domain").value_or("")},
            {"support_email", base::textField(settings, "support_email").value_or("")},
            {"status", "active"},
            {"created_at", isoTime(account.createdAt)},
            {"settings", std::move(rules)},
            {"custom_attributes", std::move(attributes)},
            {"features", base::Json::object()},
            {"cache_keys", base::Json::object()}};
}

} // namespace server::accounts
