#include "server/features/conversations/conversation_presenter.h"

#include "server/features/accounts/api_fields.h"
#include "server/features/accounts/user_presenter.h"
#include "server/features/attachments/attachment_store.h"
#include "server/features/contacts/contact_presenter.h"
#include "server/features/conversations/reply_window.h"
#include "server/features/inboxes/inbox_presenter.h"
#include "server/features/teams/team_presenter.h"
#include "shared/base/json.h"

namespace server::conversations {

namespace {

using accounts::isoTime;
using accounts::unixTime;

base::Json objectOf(const std::string &text)
{
    auto parsed = base::parseJson(text);
    return parsed && parsed->is_object() ? std::move(*parsed) : base::Json::object();
}

base::Json unixOrNull(const std::optional<base::Timestamp> &at)
{
    return at ? base::Json(unixTime(*at)) : base::Json();
}

std::int64_t unixOrZero(const std::optional<base::Timestamp> &at)
{
    return at ? unixTime(*at) : 0;
}

base::Json isoOrNull(const std::optional<base::Timestamp> &at)
{
    return at ? base::Json(isoTime(*at)) : base::Json();
}

int messageType(const domain::Message &message)
{
    if (message.kind == domain::MessageKind::Activity)
        return 2;
    return message.direction == domain::MessageDirection::Incoming ? 0 : 1;
}

std::string fileType(const std::string &mime)
{
    for (const auto *kind : {"image", "audio", "video"})
        if (mime.starts_with(std::string{kind} + '/'))
            return kind;
    return "file";
}

std::string extensionOf(const std::string &name)
{
    const auto dot = name.rfind('.');
    return dot == std::string::npos ? "" : name.substr(dot + 1);
}

// The published contract knows four; what is on its way counts as sent.
std::string publishedStatus(const std::optional<protocol::MessageState> &state)
{
    const bool known =
        state && (state->state == "delivered" || state->state == "read" || state->state == "failed");
    return known ? state->state : "sent";
}

std::string statusWord(std::string_view status)
{
    return status == "open" ? "reopened" : "marked " + std::string{status};
}

} // namespace

ConversationPresenter::ConversationPresenter(Parts parts, sync::AccountNumber account, std::int64_t caller)
    : m_parts{std::move(parts)}
    , m_account{account}
    , m_caller{caller}
{
}

base::Json ConversationPresenter::conversation(const ConversationRow &row)
{
    const auto &c = row.conversation;
    const auto last = MessageStore{m_parts.tx}.lastSpoken(row.number);
    auto lastJson = last ? message(*last, row) : base::Json();
    auto messages = base::Json::array();
    if (last)
        messages.push_back(lastJson);
    base::Json meta{{"channel", inbox(row.inbox) ? inboxes::channelType(*inbox(row.inbox)) : ""},
                    {"hmac_verified", false}};
    if (const auto &sender = contactRow(row.contact))
        meta["sender"] = contacts::senderJson(*sender, isOnline(*sender));
    if (auto given = assignee(row); !given.is_null())
        meta["assignee"] = std::move(given);
    if (auto given = team(row); !given.empty())
        meta["team"] = std::move(given);
    return {
        {"id", c.number},
        {"uuid", c.id.text()},
        {"account_id", row.account},
        {"inbox_id", row.inbox},
        {"status", toText(c.status)},
        {"priority", c.priority == domain::Priority::None ? base::Json() : base::Json(toText(c.priority))},
        {"snoozed_until", unixOrNull(c.snoozedUntil)},
        {"muted", false},
        {"campaign_id", row.campaign ? base::Json(*row.campaign) : base::Json()},
        {"can_reply", static_cast<bool>(checkReplyWindow(m_parts.tx, row, m_parts.now))},
        {"labels", c.labels},
        {"additional_attributes", objectOf(row.additionalAttributes)},
        {"custom_attributes", objectOf(row.customAttributes)},
        {"unread_count", unread(row)},
        {"first_reply_created_at", unixOrNull(row.firstReplyAt)},
        {"waiting_since", unixOrNull(c.waitingSince)},
        {"agent_last_seen_at", unixOrZero(row.agentSeenAt)},
        {"assignee_last_seen_at", unixOrZero(row.assigneeSeenAt)},
        {"contact_last_seen_at", unixOrZero(row.contactSeenAt)},
        {"last_activity_at", unixTime(c.lastActivityAt)},
        {"timestamp", unixTime(c.lastActivityAt)},
        {"created_at", unixTime(c.createdAt)},
        {"updated_at", static_cast<double>(base::toMs(row.updatedAt)) / 1000.0},
        {"last_non_activity_message", std::move(lastJson)},
        {"messages", std::move(messages)},
        {"sla_policy_id", nullptr},
        {"meta", std::move(meta)}};
}

base::Json ConversationPresenter::message(const MessageRow &row, const ConversationRow &conversation)
{
    const auto &m = row.message;
    const bool isActivity = m.kind == domain::MessageKind::Activity;
    const auto content = isActivity ? activityText(row) : m.body;
    const auto state = MessageStore{m_parts.tx}.state(m.id.value);
    auto files = attachmentsOf(row);
    const auto place = contacts::ContactStore{m_parts.tx}.contactInbox(conversation.contactInbox);
    base::Json json{
        {"id", row.number},
        {"content", content},
        {"account_id", row.account},
        {"inbox_id", row.inbox},
        {"conversation_id", conversation.conversation.number},
        {"message_type", messageType(m)},
        {"created_at", unixTime(m.at)},
        {"updated_at", isoTime(row.updatedAt)},
        {"private", m.kind == domain::MessageKind::Note},
        {"status", publishedStatus(state)},
        {"source_id", row.sourceId.empty() ? base::Json() : base::Json(row.sourceId)},
        {"content_type", row.contentType},
        {"content_attributes", objectOf(row.contentAttributes)},
        {"sender_type", row.userNumber      ? base::Json("User")
                        : row.contactNumber ? base::Json("Contact")
                                            : base::Json()},
        {"sender_id", row.userNumber      ? base::Json(*row.userNumber)
                      : row.contactNumber ? base::Json(*row.contactNumber)
                                          : base::Json()},
        {"external_source_ids", base::Json::object()},
        {"additional_attributes", base::Json::object()},
        {"processed_message_content", content},
        {"sentiment", base::Json::object()},
        {"attachment", files.empty() ? base::Json() : files.front()},
        {"conversation",
         {{"assignee_id", conversation.assignee ? base::Json(*conversation.assignee) : base::Json()},
          {"unread_count", unread(conversation)},
          {"last_activity_at", unixTime(conversation.conversation.lastActivityAt)},
          {"contact_inbox", {{"source_id", place ? place->sourceId : ""}}}}}};
    if (state && state->state == "failed")
        json["content_attributes"]["external_error"] = state->code;
    if (!files.empty())
        json["attachments"] = std::move(files);
    if (!row.echoId.empty())
        json["echo_id"] = row.echoId;
    if (auto from = sender(row); !from.is_null())
        json["sender"] = std::move(from);
    return json;
}

base::Json ConversationPresenter::contact(const contacts::ContactRow &row)
{
    auto json = contacts::contactJson(row, isOnline(row));
    json["contact_inboxes"] = base::Json::array();
    for (const auto &place : contacts::ContactStore{m_parts.tx}.inboxesOf(row.contact.number))
        json["contact_inboxes"].push_back(contactInbox(place));
    return json;
}

base::Json ConversationPresenter::contactInbox(const contacts::ContactInboxRow &row)
{
    const auto &where = inbox(row.inbox);
    return {{"source_id", row.sourceId},
            {"inbox", where ? inboxes::inboxReference(*where, m_parts.origin) : base::Json::object()}};
}

base::Json ConversationPresenter::messagesMeta(const ConversationRow &row)
{
    base::Json meta{{"labels", row.conversation.labels},
                    {"additional_attributes", objectOf(row.additionalAttributes)},
                    {"agent_last_seen_at", isoOrNull(row.agentSeenAt)},
                    {"assignee_last_seen_at", isoOrNull(row.assigneeSeenAt)}};
    if (const auto &who = contactRow(row.contact))
        meta["contact"] = contacts::contactJson(*who, isOnline(*who));
    if (auto given = assignee(row); !given.is_null())
        meta["assignee"] = std::move(given);
    return meta;
}

base::Json ConversationPresenter::assignee(const ConversationRow &row)
{
    if (!row.assignee || !member(*row.assignee))
        return {};
    return accounts::userJson(*member(*row.assignee), m_account, m_parts.ephemera);
}

base::Json ConversationPresenter::team(const ConversationRow &row)
{
    const auto team = row.team ? teams::TeamStore{m_parts.tx}.find(m_account, *row.team) : std::nullopt;
    return team ? teams::teamJson(m_parts.tx, *team, m_caller) : base::Json::object();
}

const std::optional<accounts::MemberRow> &ConversationPresenter::member(std::int64_t user)
{
    const auto known = m_members.find(user);
    return known != m_members.end()
               ? known->second
               : m_members.emplace(user, accounts::UserStore{m_parts.tx}.member(m_account, user))
                     .first->second;
}

const std::optional<contacts::ContactRow> &ConversationPresenter::contactRow(std::int64_t contact)
{
    const auto known = m_contacts.find(contact);
    return known != m_contacts.end()
               ? known->second
               : m_contacts.emplace(contact, contacts::ContactStore{m_parts.tx}.find(m_account, contact))
                     .first->second;
}

const std::optional<inboxes::InboxRow> &ConversationPresenter::inbox(std::int64_t inbox)
{
    const auto known = m_inboxes.find(inbox);
    return known != m_inboxes.end()
               ? known->second
               : m_inboxes.emplace(inbox, inboxes::InboxStore{m_parts.tx}.find(m_account, inbox))
                     .first->second;
}

base::Json ConversationPresenter::sender(const MessageRow &row)
{
    if (row.userNumber && member(*row.userNumber))
        return accounts::userJson(*member(*row.userNumber), m_account, m_parts.ephemera);
    if (row.contactNumber && contactRow(*row.contactNumber))
        return contacts::senderJson(*contactRow(*row.contactNumber),
                                    isOnline(*contactRow(*row.contactNumber)));
    return {};
}

base::Json ConversationPresenter::attachmentsOf(const MessageRow &row)
{
    auto list = base::Json::array();
    if (row.message.attachments.empty())
        return list;
    for (const auto &stored : attachments::AttachmentStore{m_parts.tx}.ofMessage(row.message.id.value)) {
        const auto &file = stored.file;
        const auto link = [&](bool thumbnail) {
            return m_parts.origin + m_parts.links.path(file.id.value, thumbnail, m_parts.linkLife);
        };
        list.push_back({{"id", stored.number},
                        {"message_id", row.number},
                        {"account_id", row.account},
                        {"file_type", fileType(file.mime)},
                        {"extension", extensionOf(file.name)},
                        {"data_url", link(false)},
                        {"thumb_url", file.thumbnail                    ? link(true)
                                      : file.mime.starts_with("image/") ? link(false)
                                                                        : ""},
                        {"file_size", file.size},
                        {"width", file.width > 0 ? base::Json(file.width) : base::Json()},
                        {"height", file.height > 0 ? base::Json(file.height) : base::Json()}});
    }
    return list;
}

// Activities are codes (docs/protocol.md A.7); clients of this API expect an English sentence.
std::string ConversationPresenter::activityText(const MessageRow &row)
{
    const auto &body = row.message.body;
    const auto colon = body.find(':');
    const auto verb = body.substr(0, colon);
    const auto argument = colon == std::string::npos ? std::string{} : body.substr(colon + 1);
    const auto &author = row.userNumber ? member(*row.userNumber) : std::optional<accounts::MemberRow>{};
    const auto by = author ? " by " + author->user.name : std::string{};
    if (verb == "status")
        return "Conversation was " + statusWord(argument) + by;
    if (verb == "snooze")
        return "Conversation was snoozed" + by;
    if (verb == "priority")
        return argument == "none" ? "Priority was removed" + by : "Priority was set to " + argument + by;
    if (verb == "assign" && argument == "none")
        return "Conversation was unassigned" + by;
    if (verb == "assign") {
        const auto id = base::Uuid::parse(argument);
        const auto to = id ? accounts::UserStore{m_parts.tx}.member(m_account, *id) : std::nullopt;
        return "Assigned to " + (to ? to->user.name : "an agent") + by;
    }
    if (verb == "team" && argument == "none")
        return "Conversation was taken from its team" + by;
    if (verb == "team") {
        const auto id = base::Uuid::parse(argument);
        const auto to = id ? teams::TeamStore{m_parts.tx}.find(m_account, *id) : std::nullopt;
        return "Assigned to team " + (to ? to->team.name : std::string{"that is gone"}) + by;
    }
    if (verb == "label" && argument.size() > 1)
        return "Label " + argument.substr(1) + (argument.front() == '+' ? " was added" : " was removed") + by;
    if (verb == "reopened")
        return "Conversation was reopened" + by;
    if (verb == "created")
        return "Conversation was created" + by;
    return body;
}

std::int64_t ConversationPresenter::unread(const ConversationRow &row)
{
    return MessageStore{m_parts.tx}.countIncoming(row.number,
                                                  ConversationStore{m_parts.tx}.readN(row.number, m_caller));
}

bool ConversationPresenter::isOnline(const contacts::ContactRow &row) const
{
    return m_parts.ephemera.isOnline(m_account, false, row.contact.id.value);
}

} // namespace server::conversations
