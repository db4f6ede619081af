#include "server/features/contacts/contact_service.h"

#include "shared/base/json.h"
#include "shared/base/text.h"
#include "shared/domain/labels/label_rules.h"

namespace server::contacts {

namespace {

constexpr std::size_t maxText = 255;
constexpr std::size_t maxUrl = 2000;
constexpr std::size_t maxAttributes = 64 << 10;
constexpr std::chrono::minutes touchEvery{1};

base::Error invalid(const char *field)
{
    return {base::ErrorCode::Invalid, field};
}

base::Error taken(const char *field)
{
    return {base::ErrorCode::AlreadyExists, field};
}

bool isEmail(std::string_view email)
{
    const auto at = email.find('@');
    return at != std::string_view::npos && at > 0 && at + 1 < email.size() && email.size() <= 254 &&
           email.find('@', at + 1) == std::string_view::npos &&
           email.find_first_of(" \t\r\n<>(),;:\\\"[]") == std::string_view::npos;
}

bool isE164(std::string_view phone)
{
    return phone.size() >= 3 && phone.size() <= 16 && phone[0] == '+' && phone[1] >= '1' && phone[1] <= '9' &&
           phone.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

bool isObject(const std::string &text)
{
    const auto json = base::parseJson(text, {maxAttributes, 16});
    return json && json->is_object();
}

/// Without what could name a person or a session.
std::string pageOf(std::string_view url)
{
    const auto end = url.find_first_of("?#");
    const auto page = url.substr(0, end);
    return base::isUtf8(page) ? base::truncated(page, maxUrl) : std::string{};
}

base::Status setText(std::string &into, const std::optional<std::string> &text, const char *field,
                     std::size_t most = maxText)
{
    if (!text)
        return base::Done{};
    if (!base::isUtf8(*text) || base::length(*text) > most)
        return invalid(field);
    into = base::trimmed(base::cleaned(*text));
    return base::Done{};
}

base::Status setPlainFields(domain::Contact &contact, const ContactFields &fields)
{
    struct Plain {
        std::string &into;
        const std::optional<std::string> &text;
        const char *field;
        std::size_t most;
    };
    const Plain plain[] = {{contact.name, fields.name, "name", maxText},
                           {contact.identifier, fields.identifier, "identifier", maxText},
                           {contact.avatarUrl, fields.avatarUrl, "avatar_url", maxUrl},
                           {contact.city, fields.city, "city", maxText},
                           {contact.country, fields.country, "country", maxText},
                           {contact.company, fields.company, "company", maxText}};
    for (const auto &[into, text, field, most] : plain)
        if (const auto set = setText(into, text, field, most); !set)
            return set;
    if (fields.lastPage)
        contact.lastPage = pageOf(*fields.lastPage);
    contact.blocked = fields.blocked.value_or(contact.blocked);
    return base::Done{};
}

base::Status setFields(ContactRow &row, const ContactFields &fields)
{
    if (const auto set = setPlainFields(row.contact, fields); !set)
        return set;
    if (fields.email) {
        row.contact.email = base::lowered(base::trimmed(*fields.email));
        if (!row.contact.email.empty() && !(base::isUtf8(row.contact.email) && isEmail(row.contact.email)))
            return invalid("email");
    }
    if (fields.phone) {
        row.contact.phone = base::trimmed(*fields.phone);
        if (!row.contact.phone.empty() && !isE164(row.contact.phone))
            return invalid("phone_number");
    }
    if (fields.additionalAttributes) {
        if (!isObject(*fields.additionalAttributes))
            return invalid("additional_attributes");
        row.additionalAttributes = *fields.additionalAttributes;
    }
    if (fields.customAttributes) {
        if (!isObject(*fields.customAttributes))
            return invalid("custom_attributes");
        row.customAttributes = *fields.customAttributes;
    }
    return base::Done{};
}

base::Status checkKeys(const ContactStore &store, const ContactRow &row)
{
    const auto isOther = [&](const std::optional<ContactRow> &owner) {
        return owner && owner->contact.id != row.contact.id;
    };
    if (!row.contact.identifier.empty() && isOther(store.byIdentifier(row.account, row.contact.identifier)))
        return taken("identifier");
    if (!row.contact.email.empty() && isOther(store.byEmail(row.account, row.contact.email)))
        return taken("email");
    if (!row.contact.phone.empty() && isOther(store.byPhone(row.account, row.contact.phone)))
        return taken("phone_number");
    return base::Done{};
}

void recordContact(sync::WriteContext &ctx, const ContactRow &row)
{
    ctx.record(protocol::EntityType::Contact, row.contact.id.value, sync::scope::contacts);
}

base::Result<ContactRow> insertContact(sync::WriteContext &ctx, const base::Uuid &id,
                                       const ContactFields &fields)
{
    ContactRow row;
    row.contact.id = {id};
    row.account = ctx.account();
    row.contact.createdAt = row.updatedAt = ctx.now();
    if (const auto set = setFields(row, fields); !set)
        return set.error();
    if (row.contact.name.empty())
        row.contact.name = row.contact.email.empty() ? friendlyName(id) : row.contact.email;
    ContactStore store{ctx.tx()};
    if (const auto free = checkKeys(store, row); !free)
        return free.error();
    row.contact.number = store.insert(row);
    recordContact(ctx, row);
    return row;
}

} // namespace

base::Result<ContactRow> ContactService::create(sync::WriteContext &ctx, const ContactFields &fields)
{
    return insertContact(ctx, ctx.newId(), fields);
}

base::Result<ContactRow> ContactService::change(sync::WriteContext &ctx, std::int64_t contact,
                                                const ContactFields &fields)
{
    ContactStore store{ctx.tx()};
    const auto before = store.find(ctx.account(), contact);
    if (!before)
        return base::Error{base::ErrorCode::NotFound, "contact"};
    auto row = *before;
    if (const auto set = setFields(row, fields); !set)
        return set.error();
    if (const auto free = checkKeys(store, row); !free)
        return free.error();
    const bool same = row.contact == before->contact &&
                      row.additionalAttributes == before->additionalAttributes &&
                      row.customAttributes == before->customAttributes;
    if (same)
        return row;
    row.updatedAt = ctx.now();
    store.update(row);
    recordContact(ctx, row);
    return row;
}

base::Result<ContactRow> ContactService::setLabels(sync::WriteContext &ctx, std::int64_t contact,
                                                   const std::vector<std::string> &titles)
{
    ContactStore store{ctx.tx()};
    auto row = store.find(ctx.account(), contact);
    if (!row)
        return base::Error{base::ErrorCode::NotFound, "contact"};
    auto labels = domain::relabelled({}, titles, {});
    if (!labels)
        return labels.error();
    if (*labels == row->contact.labels)
        return *row;
    row->contact.labels = *std::move(labels);
    row->updatedAt = ctx.now();
    store.setLabels(*row);
    recordContact(ctx, *row);
    return *row;
}

bool ContactService::relabelAll(sync::WriteContext &ctx, const std::string &from,
                                const std::optional<std::string> &to)
{
    constexpr std::int64_t most = 500;
    ContactStore store{ctx.tx()};
    const auto labelled = store.labelled(ctx.account(), from, most);
    for (auto row : labelled) {
        const auto add = to ? std::vector{*to} : std::vector<std::string>{};
        row.contact.labels = *domain::relabelled(row.contact.labels, add, {from});
        row.updatedAt = ctx.now();
        store.setLabels(row);
        recordContact(ctx, row);
    }
    return static_cast<std::int64_t>(labelled.size()) == most;
}

base::Result<ContactInboxRow> ContactService::addToInbox(sync::WriteContext &ctx, std::int64_t contact,
                                                         std::int64_t inbox, const std::string &sourceId)
{
    ContactStore store{ctx.tx()};
    if (!store.find(ctx.account(), contact))
        return base::Error{base::ErrorCode::NotFound, "contact"};
    ContactInboxRow row;
    row.contact = contact;
    row.inbox = inbox;
    row.sourceId = sourceId.empty() ? ctx.newId().text() : sourceId;
    row.createdAt = ctx.now();
    if (!base::isUtf8(row.sourceId) || base::length(row.sourceId) > maxText)
        return invalid("source_id");
    if (const auto known = store.inboxBySource(inbox, row.sourceId)) {
        if (known->contact == contact)
            return *known;
        return taken("source_id");
    }
    row.number = store.insertInbox(row);
    return row;
}

base::Result<KnownContact> ContactService::visitor(sync::WriteContext &ctx, std::int64_t inbox,
                                                   const Visitor &visitor)
{
    ContactStore store{ctx.tx()};
    if (const auto place = store.inboxBySource(inbox, visitor.id.text()))
        if (const auto row = store.find(ctx.account(), place->contact))
            return KnownContact{*row, *place};

    ContactFields fields;
    fields.lastPage = visitor.page;
    if (!visitor.browser.empty() && isObject(visitor.browser))
        fields.additionalAttributes = visitor.browser;
    const auto row = insertContact(ctx, visitor.id, fields);
    if (!row)
        return row.error();
    const auto place = addToInbox(ctx, row->contact.number, inbox, visitor.id.text());
    if (!place)
        return place.error();
    return KnownContact{*row, *place};
}

void ContactService::touch(sync::WriteContext &ctx, const ContactRow &contact)
{
    if (contact.contact.lastActivityAt && ctx.now() < *contact.contact.lastActivityAt + touchEvery)
        return;
    ContactStore{ctx.tx()}.touch(contact.contact.number, ctx.now());
    recordContact(ctx, contact);
}

} // namespace server::contacts
