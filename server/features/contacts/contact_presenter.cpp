#include "server/features/contacts/contact_presenter.h"

#include "server/features/accounts/api_fields.h"
#include "shared/base/json.h"

namespace server::contacts {

namespace {

base::Json textOrNull(const std::string &text)
{
    return text.empty() ? base::Json() : base::Json(text);
}

base::Json objectOf(const std::string &text)
{
    auto parsed = base::parseJson(text);
    return parsed && parsed->is_object() ? std::move(*parsed) : base::Json::object();
}

// City, country and company have columns of their own; the API keeps them among the attributes.
base::Json attributesOf(const ContactRow &row)
{
    auto attributes = objectOf(row.additionalAttributes);
    const auto &contact = row.contact;
    if (!contact.city.empty())
        attributes["city"] = contact.city;
    if (!contact.country.empty())
        attributes["country"] = contact.country;
    if (!contact.company.empty())
        attributes["company_name"] = contact.company;
    return attributes;
}

} // namespace

base::Json contactJson(const ContactRow &row, bool isOnline)
{
    const auto &contact = row.contact;
    const auto activeAt = contact.lastActivityAt.value_or(contact.createdAt);
    return {{"id", contact.number},
            {"name", contact.name},
            {"email", textOrNull(contact.email)},
            {"phone_number", textOrNull(contact.phone)},
            {"identifier", textOrNull(contact.identifier)},
            {"thumbnail", contact.avatarUrl},
            {"blocked", contact.blocked},
            {"availability_status", isOnline ? "online" : "offline"},
            {"additional_attributes", attributesOf(row)},
            {"custom_attributes", objectOf(row.customAttributes)},
            {"last_activity_at", accounts::unixTime(activeAt)},
            {"created_at", accounts::unixTime(contact.createdAt)}};
}

base::Json senderJson(const ContactRow &row, bool isOnline)
{
    auto json = contactJson(row, isOnline);
    json["type"] = "contact";
    return json;
}

base::Result<ContactFields> contactFieldsFromJson(const base::Json &body)
{
    accounts::ApiFields fields{body};
    ContactFields contact;
    contact.name = fields.text("name");
    contact.email = fields.text("email");
    contact.phone = fields.text("phone_number");
    contact.identifier = fields.text("identifier");
    contact.avatarUrl = fields.text("avatar_url");
    contact.blocked = fields.flag("blocked");
    contact.customAttributes = fields.objectText("custom_attributes");
    auto attributes = fields.object("additional_attributes");
    if (const auto status = fields.status(); !status)
        return status.error();
    if (!attributes.is_object())
        return contact;
    contact.city = base::textField(attributes, "city");
    contact.country = base::textField(attributes, "country");
    contact.company = base::textField(attributes, "company_name");
    for (const auto *key : {"city", "country", "company_name"})
        attributes.erase(key);
    contact.additionalAttributes = base::toText(attributes);
    return contact;
}

} // namespace server::contacts
