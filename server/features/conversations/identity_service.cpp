#include "server/features/conversations/identity_service.h"

#include "server/features/conversations/contact_merge.h"
#include "shared/base/json.h"
#include "shared/base/text.h"

#include <algorithm>

namespace server::conversations {

namespace {

using contacts::ContactFields;
using contacts::ContactRow;
using contacts::ContactStore;
using contacts::KnownContact;

constexpr const char *claimed = "claimed"; // additional attribute: what somebody says who did not prove it

base::Json objectOf(const std::string &text)
{
    auto json = base::parseJson(text);
    return json && json->is_object() ? std::move(*json) : base::Json::object();
}

std::string claimedIdentifier(const ContactRow &row)
{
    return base::textField(base::member(objectOf(row.additionalAttributes), claimed), "identifier")
        .value_or("");
}

// Somebody already, and not the one who is meant.
bool isSomebodyElse(const ContactRow &row, const std::string &identifier)
{
    const auto &own = row.contact.identifier.empty() ? claimedIdentifier(row) : row.contact.identifier;
    return !own.empty() && own != identifier;
}

bool isProven(const ContactStore &store, std::int64_t contact)
{
    const auto places = store.inboxesOf(contact);
    return std::any_of(places.begin(), places.end(), [](const auto &place) { return place.verified; });
}

// What somebody else has stays theirs; that it was said is worth knowing.
void setAsideTaken(const ContactStore &store, const ContactRow &row, ContactFields &fields, base::Json &said)
{
    const auto aside =
        [&](std::optional<std::string> &field, const char *name,
            std::optional<ContactRow> (ContactStore::*find)(sync::AccountNumber, std::string_view) const) {
            if (!field || field->empty())
                return;
            const auto owner = (store.*find)(row.account, *field);
            if (owner && owner->contact.id != row.contact.id) {
                said[name] = *field;
                field.reset();
            }
        };
    aside(fields.identifier, "identifier", &ContactStore::byIdentifier);
    aside(fields.email, "email", &ContactStore::byEmail);
    aside(fields.phone, "phone_number", &ContactStore::byPhone);
}

// A visitor never empties or changes what makes a proven contact that contact.
void setAsideAll(ContactFields &fields, base::Json &said)
{
    const auto aside = [&](std::optional<std::string> &field, const char *name) {
        if (field && !field->empty())
            said[name] = *field;
        field.reset();
    };
    aside(fields.name, "name");
    aside(fields.identifier, "identifier");
    aside(fields.email, "email");
    aside(fields.phone, "phone_number");
    aside(fields.avatarUrl, "avatar_url");
    aside(fields.city, "city");
    aside(fields.country, "country");
    aside(fields.company, "company_name");
}

} // namespace

base::Result<KnownContact> IdentityService::identify(sync::WriteContext &ctx, std::int64_t inbox,
                                                     const contacts::Visitor &visitor,
                                                     const IdentityClaim &claim)
{
    const auto identifier = claim.fields.identifier.value_or("");
    if (identifier.empty() || !base::isUtf8(identifier) || base::length(identifier) > 255)
        return base::Error{base::ErrorCode::Invalid, "identifier"};
    const ContactStore store{ctx.tx()};
    auto who = visitor;
    std::optional<KnownContact> own;
    if (const auto place = store.inboxBySource(inbox, visitor.id.text()))
        if (const auto row = store.find(ctx.account(), place->contact))
            own = KnownContact{*row, *place};
    if (own && isSomebodyElse(own->row, identifier)) {
        own.reset();
        who.id = ctx.newId();
    }
    if (claim.verified)
        return verified(ctx, inbox, who, std::move(own), claim);
    auto known = own ? base::Result<KnownContact>{*own} : m_contacts.visitor(ctx, inbox, who);
    if (!known)
        return known;
    const auto row = describe(ctx, *known, claim);
    if (!row)
        return row.error();
    return KnownContact{*row, known->place};
}

base::Result<KnownContact> IdentityService::verified(sync::WriteContext &ctx, std::int64_t inbox,
                                                     const contacts::Visitor &visitor,
                                                     std::optional<KnownContact> own,
                                                     const IdentityClaim &claim)
{
    ContactStore store{ctx.tx()};
    auto base = store.byIdentifier(ctx.account(), *claim.fields.identifier);
    if (!base && claim.proven && claim.fields.email) {
        base = store.byEmail(ctx.account(), *claim.fields.email);
        if (base && !base->contact.identifier.empty())
            base.reset();
    }
    if (!base && own)
        base = own->row;
    if (!base) {
        auto fresh = m_contacts.visitor(ctx, inbox, visitor);
        if (!fresh)
            return fresh;
        own = std::move(*fresh);
        base = own->row;
    }
    // Who wrote unknown before was this person.
    if (own && own->row.contact.id != base->contact.id) {
        auto merged = ContactMerge::merge(ctx, m_contacts, base->contact.number, own->row.contact.number);
        if (!merged)
            return merged.error();
        base = std::move(*merged);
    }
    const auto place = m_contacts.addToInbox(ctx, base->contact.number, inbox, visitor.id.text());
    if (!place)
        return place.error();
    store.verifyInbox(place->number);
    KnownContact known{*base, *place};
    known.place.verified = true;
    const auto row = describe(ctx, known, claim);
    if (!row)
        return row.error();
    known.row = *row;
    return known;
}

base::Result<ContactRow> IdentityService::describe(sync::WriteContext &ctx, const KnownContact &known,
                                                   const IdentityClaim &claim)
{
    const ContactStore store{ctx.tx()};
    const auto &row = known.row;
    auto fields = claim.fields;
    auto said = base::Json::object();
    const bool mayChange = known.place.verified || !isProven(store, row.contact.number);
    if (mayChange)
        setAsideTaken(store, row, fields, said);
    else
        setAsideAll(fields, said);
    auto additional = objectOf(row.additionalAttributes);
    const auto before = additional;
    if (mayChange)
        additional.update(objectOf(claim.attributes));
    if (!said.empty())
        additional[claimed].update(said);
    if (additional != before)
        fields.additionalAttributes = base::toText(additional);
    if (mayChange) {
        auto custom = objectOf(row.customAttributes);
        custom.update(objectOf(claim.customAttributes));
        for (const auto &key : claim.forget)
            custom.erase(key);
        fields.customAttributes = base::toText(custom);
        if (fields.customAttributes->size() > (16 << 10))
            return base::Error{base::ErrorCode::Invalid, "custom_attributes"};
    }
    return m_contacts.change(ctx, row.contact.number, fields);
}

} // namespace server::conversations
