#include "server/features/contacts/contact_filter.h"

#include "shared/base/json.h"
#include "shared/base/text.h"
#include "shared/protocol/filters/filter_codec.h"

#include <algorithm>
#include <optional>

namespace server::contacts {

namespace {

constexpr std::int64_t mostCandidates = 50'000;

domain::FilterValue oneText(std::string text)
{
    return text.empty() ? domain::FilterValue{} : domain::FilterValue{{std::move(text)}, {}};
}

// The account's own field, or what the system found out.
domain::FilterValue attributeValue(const ContactRow &row, std::string_view key)
{
    for (const auto *object : {&row.customAttributes, &row.additionalAttributes})
        if (const auto parsed = base::parseJson(*object))
            if (auto found = protocol::fieldValue(*parsed, key); !found.texts.empty())
                return found;
    return {};
}

/// The contacts that an index finds for what the filter asks of everybody; nothing when it asks nothing such.
std::optional<std::vector<ContactRow>> indexed(storage::Transaction &tx, sync::AccountNumber account,
                                               const domain::Filter &filter)
{
    const ContactStore store{tx};
    using Find = std::optional<ContactRow> (ContactStore::*)(sync::AccountNumber, std::string_view) const;
    const std::pair<const char *, Find> unique[] = {{"email", &ContactStore::byEmail},
                                                    {"phone_number", &ContactStore::byPhone}};
    std::vector<ContactRow> found;
    for (const auto &[attribute, find] : unique) {
        const auto values = required(filter, attribute);
        if (!values)
            continue;
        for (const auto &value : *values)
            if (auto row = (store.*find)(account, value))
                found.push_back(*std::move(row));
        return found;
    }
    const auto titles = required(filter, "labels");
    if (!titles)
        return std::nullopt;
    for (const auto &title : *titles) {
        auto some = store.labelled(account, base::lowered(title), mostCandidates);
        std::move(some.begin(), some.end(), std::back_inserter(found));
    }
    return found;
}

void sortByName(std::vector<ContactRow> &rows)
{
    const auto key = [](const ContactRow &row) {
        return std::pair{base::lowered(row.contact.name), row.contact.number};
    };
    std::sort(rows.begin(), rows.end(), [&](const auto &a, const auto &b) { return key(a) < key(b); });
    rows.erase(std::unique(rows.begin(), rows.end(),
                           [](const auto &a, const auto &b) { return a.contact.number == b.contact.number; }),
               rows.end());
}

} // namespace

domain::FilterValue filterValue(const ContactRow &row, std::string_view attribute)
{
    const auto &contact = row.contact;
    if (attribute == "created_at")
        return {{}, contact.createdAt};
    if (attribute == "last_activity_at")
        return {{}, contact.lastActivityAt};
    if (attribute == "labels")
        return {contact.labels, {}};
    if (attribute == "blocked")
        return {{contact.blocked ? "true" : "false"}, {}};
    const std::pair<std::string_view, const std::string &> columns[] = {
        {"name", contact.name},       {"email", contact.email},          {"phone_number", contact.phone},
        {"city", contact.city},       {"company_name", contact.company}, {"identifier", contact.identifier},
        {"country", contact.country}, {"country_code", contact.country}};
    for (const auto &[name, value] : columns)
        if (name == attribute)
            return oneText(value);
    return attributeValue(row, attribute);
}

ContactPage matching(storage::Transaction &tx, sync::AccountNumber account, const domain::Filter &filter,
                     base::Timestamp now, std::int64_t offset, std::int64_t limit)
{
    ContactPage page;
    const auto take = [&](const ContactRow &row) {
        const auto fields = [&](std::string_view attribute) { return filterValue(row, attribute); };
        if (!domain::matches(filter, fields, now))
            return;
        if (page.total >= offset && page.total < offset + limit)
            page.rows.push_back(row);
        ++page.total;
    };
    if (auto candidates = indexed(tx, account, filter)) {
        sortByName(*candidates);
        std::for_each(candidates->begin(), candidates->end(), take);
    } else {
        ContactStore{tx}.eachByName(account, mostCandidates, take);
    }
    return page;
}

} // namespace server::contacts
