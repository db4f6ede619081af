#include "server/features/webwidget/identity_proof.h"

#include "server/features/inboxes/identity_token.h"
#include "server/features/inboxes/pre_chat_form.h"
#include "shared/base/json.h"
#include "shared/base/text.h"

namespace server::webwidget {

namespace {

constexpr std::size_t maxText = 255;
constexpr std::size_t maxLong = 2000;
constexpr std::size_t maxForgotten = 100;

std::optional<std::string> textOf(const base::Json &body, const char *key, std::size_t most = maxText)
{
    auto text = base::textField(body, key);
    const bool fits = text && base::isUtf8(*text) && base::length(*text) <= most;
    return fits && !base::trimmed(*text).empty() ? text : std::nullopt;
}

std::string objectText(const base::Json &value)
{
    return value.is_object() ? base::toText(value) : std::string{"{}"};
}

// Pages give numbers and texts alike.
std::string identifierOf(const base::Json &identity)
{
    const auto &value = base::member(identity, "identifier");
    if (value.is_number_integer())
        return base::toText(value);
    return value.is_string() ? value.get<std::string>() : std::string{};
}

} // namespace

conversations::IdentityClaim descriptionOf(const base::Json &body)
{
    conversations::IdentityClaim claim;
    auto &fields = claim.fields;
    fields.name = textOf(body, "name");
    if (auto email = textOf(body, "email"); email && inboxes::isEmailAddress(base::trimmed(*email)))
        fields.email = base::lowered(base::trimmed(*email));
    if (auto phone = textOf(body, "phone_number"); phone && inboxes::isPhoneNumber(base::trimmed(*phone)))
        fields.phone = base::trimmed(*phone);
    if (auto avatar = textOf(body, "avatar_url", maxLong);
        avatar && (avatar->starts_with("https://") || avatar->starts_with("http://")))
        fields.avatarUrl = std::move(avatar);
    fields.city = textOf(body, "city");
    fields.company = textOf(body, "company_name");
    fields.country = textOf(body, "country");
    auto attributes = base::Json::object();
    for (const auto *key : {"description", "country_code"})
        if (const auto text = textOf(body, key, maxLong))
            attributes[key] = *text;
    if (const auto &profiles = base::member(body, "social_profiles");
        profiles.is_object() && base::toText(profiles).size() <= maxLong)
        attributes["social_profiles"] = profiles;
    claim.attributes = base::toText(attributes);
    claim.customAttributes = objectText(base::member(body, "custom_attributes"));
    for (const auto &key : base::member(body, "remove_custom_attributes"))
        if (key.is_string() && claim.forget.size() < maxForgotten)
            claim.forget.push_back(key.get<std::string>());
    return claim;
}

base::Result<conversations::IdentityClaim> identityOf(const base::Json &identity,
                                                      const inboxes::InboxRow &inbox,
                                                      const inboxes::InboxService &inboxes,
                                                      const ports::Crypto &crypto, base::Timestamp now)
{
    const base::Error refused{base::ErrorCode::Unauthorized, "identity"};
    auto claim = descriptionOf(identity);
    const auto jwt = base::textField(identity, "jwt").value_or("");
    if (!jwt.empty()) {
        const auto claims = inboxes::identityClaims(crypto, inboxes.hmacSecret(inbox), jwt, now);
        if (!claims)
            return refused;
        const auto proven = descriptionOf(*claims);
        claim.fields.identifier = base::textField(*claims, "sub");
        for (auto field : {&contacts::ContactFields::name, &contacts::ContactFields::email,
                           &contacts::ContactFields::phone})
            if (proven.fields.*field)
                claim.fields.*field = proven.fields.*field;
        claim.verified = true;
        claim.proven = proven.fields.email.has_value();
        return claim;
    }
    claim.fields.identifier = identifierOf(identity);
    const auto hash = base::textField(identity, "identifier_hash").value_or("");
    claim.verified = !hash.empty() && inboxes.isIdentity(inbox, *claim.fields.identifier, hash);
    if (!claim.verified && (!hash.empty() || inbox.settings.hmacMandatory))
        return refused;
    return claim;
}

} // namespace server::webwidget
