#include "server/features/client_api/client_presenter.h"

#include "server/features/accounts/api_fields.h"
#include "server/features/client_api/pubsub_token.h"
#include "server/features/conversations/bot_content.h"
#include "server/features/conversations/customer_texts.h"
#include "server/features/conversations/message_store.h"
#include "server/features/conversations/rating_store.h"
#include "shared/base/json.h"

namespace server::client_api {

namespace {

using accounts::isoTime;
using accounts::unixTime;

constexpr std::size_t shownMessages = 20;

base::Json textOrNull(const std::string &text)
{
    return text.empty() ? base::Json() : base::Json(text);
}

base::Json objectOf(const std::string &text)
{
    auto json = base::parseJson(text);
    return json && json->is_object() ? std::move(*json) : base::Json::object();
}

std::int64_t unixOrZero(const std::optional<base::Timestamp> &at)
{
    return at ? unixTime(*at) : 0;
}

} // namespace

base::Json inboxJson(const inboxes::InboxRow &inbox)
{
    // The description knows hours as numbers only: a closed day has none.
    auto days = inboxes::workingHoursJson(inbox.settings.workingHours);
    for (auto &day : days)
        for (const auto *key : {"open_hour", "open_minutes", "close_hour", "close_minutes"})
            if (day[key].is_null())
                day.erase(key);
    return {{"identifier", inbox.websiteToken},
            {"identity_validation_enabled", inbox.settings.hmacMandatory},
            {"name", inbox.inbox.name},
            {"timezone", inbox.settings.timezone},
            {"working_hours", std::move(days)},
            {"working_hours_enabled", inbox.settings.workingHoursEnabled},
            {"csat_survey_enabled", inbox.settings.csatSurveyEnabled},
            {"greeting_enabled", inbox.settings.greetingEnabled}};
}

base::Json contactJson(const contacts::ContactRow &row, const contacts::ContactInboxRow &place,
                       const ports::Crypto &crypto)
{
    return {{"source_id", place.sourceId},
            {"pubsub_token", pubsubToken(crypto, place.number)},
            {"id", row.contact.number},
            {"name", row.contact.name},
            {"email", textOrNull(row.contact.email)},
            {"phone_number", textOrNull(row.contact.phone)}};
}

base::Json contactRecord(const contacts::ContactRow &row)
{
    const auto &c = row.contact;
    return {{"id", c.number},
            {"account_id", row.account},
            {"name", c.name},
            {"email", textOrNull(c.email)},
            {"phone_number", textOrNull(c.phone)},
            {"identifier", textOrNull(c.identifier)},
            {"blocked", c.blocked},
            {"contact_type", "visitor"},
            {"custom_attributes", objectOf(row.customAttributes)},
            {"created_at", isoTime(c.createdAt)},
            {"updated_at", isoTime(row.updatedAt)},
            {"last_activity_at", c.lastActivityAt ? base::Json(isoTime(*c.lastActivityAt)) : base::Json()}};
}

// Of an agent what is for display; of the customer what is theirs.
base::Json publicSender(const base::Json &sender)
{
    auto json = base::Json::object();
    const bool isContact = base::textField(sender, "type") == "contact";
    for (const auto *key :
         {"id", "name", "type", "thumbnail", "available_name", "availability_status", "avatar_url"})
        if (sender.contains(key))
            json[key] = sender[key];
    if (isContact)
        for (const auto *key : {"email", "phone_number", "identifier", "blocked"})
            if (sender.contains(key))
                json[key] = sender[key];
    return json;
}

base::Json messageJson(conversations::ConversationPresenter &presenter, const conversations::MessageRow &row,
                       const conversations::ConversationRow &conversation)
{
    const auto whole = presenter.message(row, conversation);
    auto attributes = conversations::customerAttributes(row.contentType, row.contentAttributes);
    base::Json json{
        {"content_attributes", attributes.is_null() ? base::Json::object() : std::move(attributes)}};
    for (const auto *key : {"id", "content", "message_type", "content_type", "created_at", "conversation_id",
                            "attachments", "echo_id"})
        if (whole.contains(key))
            json[key] = whole[key];
    if (whole.contains("sender"))
        json["sender"] = publicSender(whole["sender"]);
    return json;
}

base::Json conversationJson(storage::Transaction &tx, conversations::ConversationPresenter &presenter,
                            const conversations::ConversationRow &row, const contacts::ContactRow &contact)
{
    auto messages = base::Json::array();
    for (const auto &message : conversations::MessageStore{tx}.publicBefore(row.number, 0, shownMessages))
        messages.push_back(messageJson(presenter, message, row));
    return {{"id", row.conversation.number},
            {"uuid", row.conversation.id.text()},
            {"inbox_id", row.inbox},
            {"status", toText(row.conversation.status)},
            {"contact_last_seen_at", unixOrZero(row.contactSeenAt)},
            {"agent_last_seen_at", unixOrZero(row.agentSeenAt)},
            {"messages", std::move(messages)},
            {"contact", contactRecord(contact)}};
}

base::Json ratingJson(storage::Transaction &tx, const conversations::ConversationRow &row,
                      const inboxes::InboxRow &inbox, const conversations::MessageRow &question)
{
    const auto rating = conversations::RatingStore{tx}.find(row.number);
    base::Json json{{"id", question.number},
                    {"inbox_name", inbox.inbox.name},
                    {"inbox_avatar_url", ""},
                    {"locale", conversations::languageOf(tx, row)},
                    {"conversation_id", row.conversation.number},
                    {"content", question.message.body},
                    {"display_type",
                     base::textField(objectOf(question.contentAttributes), "display_type").value_or("emoji")},
                    {"created_at", isoTime(question.message.at)},
                    {"csat_survey_response", nullptr}};
    if (rating)
        json["csat_survey_response"] = {{"rating", rating->stars}, {"feedback_message", rating->feedback}};
    return json;
}

} // namespace server::client_api
