#include "server/features/webhooks/webhook_payload.h"

#include "server/features/accounts/api_fields.h"
#include "server/features/accounts/user_presenter.h"
#include "server/features/contacts/contact_presenter.h"
#include "shared/base/json.h"

#include <initializer_list>

namespace server::webhooks {

namespace {

base::Json objectOf(const std::string &text)
{
    auto parsed = base::parseJson(text);
    return parsed && parsed->is_object() ? std::move(*parsed) : base::Json::object();
}

base::Json picked(const base::Json &from, std::initializer_list<const char *> keys)
{
    auto json = base::Json::object();
    for (const auto *key : keys)
        json[key] = base::member(from, key);
    return json;
}

base::Json unixOrNull(const std::optional<base::Timestamp> &at)
{
    return at ? base::Json(accounts::unixTime(*at)) : base::Json();
}

const char *typeName(const domain::Message &message)
{
    if (message.kind == domain::MessageKind::Activity)
        return "activity";
    return message.direction == domain::MessageDirection::Incoming ? "incoming" : "outgoing";
}

base::Json userOf(const base::Json &user)
{
    auto json = picked(user, {"id", "name", "email"});
    json["type"] = "user";
    return json;
}

} // namespace

WebhookPayload::WebhookPayload(Parts parts, sync::AccountNumber account)
    : m_parts{std::move(parts)}
    , m_account{account}
    , m_presenter{{m_parts.tx, m_parts.ephemera, m_parts.links, m_parts.now, m_parts.origin,
                   attachments::BlobLink::longest},
                  account,
                  0}
{
}

base::Json WebhookPayload::accountJson()
{
    const auto row = accounts::UserStore{m_parts.tx}.account(m_account);
    return {{"id", m_account}, {"name", row ? row->account.name : ""}};
}

base::Json WebhookPayload::inboxJson(std::int64_t inbox)
{
    const auto row = inboxes::InboxStore{m_parts.tx}.find(m_account, inbox);
    return {{"id", inbox}, {"name", row ? row->inbox.name : ""}};
}

base::Json WebhookPayload::conversation(const conversations::ConversationRow &row)
{
    const auto shown = m_presenter.conversation(row);
    auto json = picked(shown, {"id",
                               "uuid",
                               "inbox_id",
                               "status",
                               "priority",
                               "snoozed_until",
                               "can_reply",
                               "labels",
                               "additional_attributes",
                               "custom_attributes",
                               "unread_count",
                               "first_reply_created_at",
                               "waiting_since",
                               "agent_last_seen_at",
                               "contact_last_seen_at",
                               "last_activity_at",
                               "timestamp",
                               "created_at",
                               "updated_at",
                               "messages"});
    const auto &meta = base::member(shown, "meta");
    json["channel"] = base::member(meta, "channel");
    json["meta"] = picked(meta, {"sender", "assignee", "team", "hmac_verified"});
    json["meta"]["assignee_type"] = row.assignee ? base::Json("User") : base::Json();
    if (const auto place = contacts::ContactStore{m_parts.tx}.contactInbox(row.contactInbox)) {
        json["meta"]["hmac_verified"] = place->verified;
        json["contact_inbox"] = {{"id", place->number},
                                 {"contact_id", place->contact},
                                 {"inbox_id", place->inbox},
                                 {"source_id", place->sourceId},
                                 {"hmac_verified", place->verified},
                                 {"created_at", accounts::isoTime(place->createdAt)}};
    }
    json["account"] = accountJson();
    return json;
}

base::Json WebhookPayload::message(const conversations::MessageRow &row,
                                   const conversations::ConversationRow &conversation)
{
    const auto shown = m_presenter.message(row, conversation);
    auto json = picked(shown, {"id", "content", "content_type", "content_attributes", "private", "source_id",
                               "additional_attributes", "status"});
    json["message_type"] = typeName(row.message);
    json["created_at"] = accounts::isoTime(row.message.at);
    if (const auto &files = base::member(shown, "attachments"); files.is_array())
        json["attachments"] = files;
    if (!row.echoId.empty())
        json["echo_id"] = row.echoId;
    const auto &sender = base::member(shown, "sender");
    json["sender"] = row.userNumber ? userOf(sender) : sender;
    if (row.contactNumber)
        if (const auto who = contacts::ContactStore{m_parts.tx}.find(m_account, *row.contactNumber))
            json["sender"] = contact(*who);
    json["account"] = accountJson();
    json["inbox"] = inboxJson(row.inbox);
    json["conversation"] = this->conversation(conversation);
    return json;
}

base::Json WebhookPayload::contact(const contacts::ContactRow &row)
{
    const bool isOnline = m_parts.ephemera.isOnline(m_account, false, row.contact.id.value);
    auto json = picked(contacts::contactJson(row, isOnline),
                       {"id", "name", "email", "phone_number", "identifier", "thumbnail", "blocked",
                        "additional_attributes", "custom_attributes"});
    json["avatar"] = json["thumbnail"];
    json["account"] = accountJson();
    return json;
}

base::Json WebhookPayload::typing(const sync::EphemeralEvent &event,
                                  const conversations::ConversationRow &row)
{
    base::Json who;
    if (event.byUser) {
        if (const auto member = accounts::UserStore{m_parts.tx}.member(m_account, event.who))
            who = userOf(accounts::userJson(*member, m_account, m_parts.ephemera));
    } else if (const auto found = contacts::ContactStore{m_parts.tx}.find(m_account, row.contact)) {
        who = contact(*found);
    }
    return {{"user", std::move(who)}, {"conversation", conversation(row)}, {"is_private", event.isPrivate}};
}

base::Json WebhookPayload::triggered(const inboxes::InboxRow &inbox, const std::string &sourceId,
                                     const base::Json &info)
{
    const contacts::ContactStore contacts{m_parts.tx};
    const auto place = contacts.inboxBySource(inbox.inbox.number, sourceId);
    const auto who = place ? contacts.find(m_account, place->contact) : std::nullopt;
    base::Json current;
    if (place)
        for (const auto &row : conversations::ConversationStore{m_parts.tx}.ofContactInbox(place->number, 1))
            current = conversation(row);
    return {{"id", place ? base::Json(place->number) : base::Json()},
            {"contact", who ? contact(*who) : base::Json()},
            {"inbox", inboxJson(inbox.inbox.number)},
            {"account", accountJson()},
            {"current_conversation", std::move(current)},
            {"source_id", sourceId},
            {"event_info", info}};
}

base::Json attributesOf(const conversations::ConversationRow &row)
{
    const auto &c = row.conversation;
    const auto orNull = [](const std::optional<std::int64_t> &number) {
        return number ? base::Json(*number) : base::Json();
    };
    return {
        {"status", toText(c.status)},
        {"priority", c.priority == domain::Priority::None ? base::Json() : base::Json(toText(c.priority))},
        {"snoozed_until", unixOrNull(c.snoozedUntil)},
        {"label_list", c.labels},
        {"assignee_id", orNull(row.assignee)},
        {"team_id", orNull(row.team)},
        {"contact_id", row.contact},
        {"inbox_id", row.inbox},
        {"first_reply_created_at", unixOrNull(row.firstReplyAt)},
        {"waiting_since", unixOrNull(c.waitingSince)},
        {"additional_attributes", objectOf(row.additionalAttributes)},
        {"custom_attributes", objectOf(row.customAttributes)}};
}

base::Json attributesOf(const contacts::ContactRow &row)
{
    const auto &contact = row.contact;
    return {{"name", contact.name},
            {"email", contact.email},
            {"phone_number", contact.phone},
            {"identifier", contact.identifier},
            {"avatar_url", contact.avatarUrl},
            {"city", contact.city},
            {"country", contact.country},
            {"company_name", contact.company},
            {"blocked", contact.blocked},
            {"label_list", contact.labels},
            {"additional_attributes", objectOf(row.additionalAttributes)},
            {"custom_attributes", objectOf(row.customAttributes)}};
}

base::Json changesBetween(const base::Json &before, const base::Json &now)
{
    auto changes = base::Json::array();
    for (const auto &[key, value] : now.items()) {
        const auto &was = base::member(before, key);
        if (was != value)
            changes.push_back({{key, {{"previous_value", was}, {"current_value", value}}}});
    }
    return changes;
}

} // namespace server::webhooks
