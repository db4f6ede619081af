#include "server/features/conversations/contact_merge.h"

#include "server/features/conversations/conversation_records.h"
#include "shared/base/json.h"

namespace server::conversations {

namespace {

constexpr std::size_t conversationsAtOnce = 100;

base::Json objectOf(const std::string &text)
{
    auto json = base::parseJson(text);
    return json && json->is_object() ? std::move(*json) : base::Json::object();
}

void moveConversation(sync::WriteContext &ctx, const ConversationRow &row, const contacts::ContactRow &from,
                      const contacts::ContactRow &to)
{
    ConversationStore{ctx.tx()}.moveContact(row.number, to.contact.number, to.contact.id.value, ctx.now());
    for (const auto &message : MessageStore{ctx.tx()}.moveAuthor(row.number, from.contact.number,
                                                                 to.contact.number, to.contact.id.value))
        ctx.record(protocol::EntityType::Message, message, sync::scope::inbox(row.conversation.inbox.value),
                   row.conversation.id.value);
    recordConversation(ctx, row);
}

// The base's own values win.
contacts::ContactFields gained(const contacts::ContactRow &base, const contacts::ContactRow &other)
{
    contacts::ContactFields fields;
    const auto gain = [](const std::string &own, const std::string &theirs,
                         std::optional<std::string> &into) {
        if (own.empty() && !theirs.empty())
            into = theirs;
    };
    const auto &a = base.contact;
    const auto &b = other.contact;
    gain(a.email, b.email, fields.email);
    gain(a.phone, b.phone, fields.phone);
    gain(a.identifier, b.identifier, fields.identifier);
    gain(a.avatarUrl, b.avatarUrl, fields.avatarUrl);
    gain(a.city, b.city, fields.city);
    gain(a.country, b.country, fields.country);
    gain(a.company, b.company, fields.company);
    gain(a.lastPage, b.lastPage, fields.lastPage);
    if (a.name == contacts::friendlyName(a.id.value) && b.name != contacts::friendlyName(b.id.value))
        fields.name = b.name;
    auto custom = objectOf(other.customAttributes);
    custom.update(objectOf(base.customAttributes));
    fields.customAttributes = base::toText(custom);
    auto additional = objectOf(other.additionalAttributes);
    additional.update(objectOf(base.additionalAttributes));
    fields.additionalAttributes = base::toText(additional);
    return fields;
}

} // namespace

base::Result<contacts::ContactRow> ContactMerge::merge(sync::WriteContext &ctx,
                                                       contacts::ContactService &contacts, std::int64_t base,
                                                       std::int64_t other)
{
    contacts::ContactStore store{ctx.tx()};
    const auto into = store.find(ctx.account(), base);
    const auto from = store.find(ctx.account(), other);
    if (!into || !from)
        return base::Error{base::ErrorCode::NotFound, "contact"};
    if (base == other)
        return base::Error{base::ErrorCode::Invalid, "contact"};
    const ConversationStore conversations{ctx.tx()};
    for (auto some = conversations.ofContact(ctx.account(), other, conversationsAtOnce); !some.empty();
         some = conversations.ofContact(ctx.account(), other, conversationsAtOnce))
        for (const auto &row : some)
            moveConversation(ctx, row, *from, *into);
    store.moveInboxes(other, base);
    store.remove(other);
    ctx.record({sync::ChangeKind::Delete,
                protocol::EntityType::Contact,
                from->contact.id.value,
                sync::scope::contacts,
                {}});
    if (auto changed = contacts.change(ctx, base, gained(*into, *from)); !changed)
        return changed;
    auto labels = into->contact.labels;
    labels.insert(labels.end(), from->contact.labels.begin(), from->contact.labels.end());
    return contacts.setLabels(ctx, base, labels);
}

} // namespace server::conversations
