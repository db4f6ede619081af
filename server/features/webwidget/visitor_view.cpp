#include "server/features/webwidget/visitor_view.h"

#include "server/features/accounts/user_store.h"
#include "server/features/conversations/bot_content.h"
#include "server/features/conversations/conversation_service.h"
#include "server/features/conversations/out_queue_store.h"
#include "server/features/inboxes/inbox_avatar.h"
#include "server/features/inboxes/inbox_store.h"
#include "server/sync/journal.h"
#include "shared/base/json.h"
#include "shared/base/text.h"

#include <algorithm>

namespace server::webwidget {

namespace {

using conversations::ConversationRow;
using conversations::MessageRow;
using conversations::MessageStore;

constexpr std::size_t mostConversations = 10;
constexpr std::size_t recentRows = 30;
constexpr std::size_t previewLength = 160;
constexpr std::size_t mostChanges = 100;
constexpr std::size_t mostBytes = 200 * 1024;

bool isForVisitors(const domain::Message &message)
{
    return message.kind == domain::MessageKind::Public;
}

} // namespace

VisitorView::VisitorView(storage::Transaction &tx, const VisitorLinks &links, const Ticket &ticket)
    : m_tx{tx}
    , m_links{links}
    , m_account{ticket.account}
    , m_inbox{ticket.inbox}
    , m_place{contacts::ContactStore{tx}.inboxBySource(ticket.inbox, ticket.visitor.text())}
{
    if (!m_place)
        return;
    m_conversations = conversations::ConversationService::ofPlace(tx, *m_place, mostConversations);
    std::reverse(m_conversations.begin(), m_conversations.end());
}

std::optional<contacts::ContactRow> VisitorView::contact() const
{
    return m_place ? contacts::ContactStore{m_tx}.find(m_account, m_place->contact) : std::nullopt;
}

base::Json VisitorView::conversation(const ConversationRow &row)
{
    const auto &c = row.conversation;
    const MessageStore messages{m_tx};
    const auto last = messages.newestPublic(row.number, 0, 1);
    const auto unread = messages.replies(row.number, c.agentReadN, c.lastN, mostChanges).size();
    const auto status = c.status == domain::ConversationStatus::Resolved ? "resolved" : "open";
    return {{"t", "conv"},
            {"id", c.id.text()},
            {"status", status},
            {"last_n", last.empty() ? 0 : last.back().message.n},
            {"read_n", c.agentReadN},
            {"unread", unread},
            {"at", base::toMs(last.empty() ? c.createdAt : last.back().message.at)}};
}

base::Json VisitorView::summary(const ConversationRow &row)
{
    auto json = conversation(row);
    json["created_at"] = base::toMs(row.conversation.createdAt);
    const auto last = MessageStore{m_tx}.newestPublic(row.number, 0, 1);
    if (last.empty())
        return json;
    const auto &m = last.back().message;
    const bool isTheirs = m.direction == domain::MessageDirection::Incoming;
    json["last"] = {{"dir", isTheirs ? "in" : "out"},
                    {"body", base::preview(m.body, previewLength)},
                    {"at", base::toMs(m.at)},
                    {"att", m.attachments.size()}};
    if (!isTheirs)
        json["last"]["from"] = author(last.back());
    return json;
}

base::Json VisitorView::allConversations()
{
    auto all = base::Json::array();
    for (const auto &row : m_conversations)
        all.push_back(conversation(row));
    return all;
}

std::optional<base::Json> VisitorView::message(const MessageRow &row)
{
    const auto &m = row.message;
    if (!isForVisitors(m) || conversations::OutQueueStore{m_tx}.find(m.id.value))
        return std::nullopt; // what an agent may still take back was not said
    const bool isTheirs = m.direction == domain::MessageDirection::Incoming;
    base::Json json{{"t", "message"},
                    {"id", m.id.text()},
                    {"conv", m.conversation.text()},
                    {"n", m.n},
                    {"dir", isTheirs ? "in" : "out"},
                    {"body", m.body},
                    {"at", base::toMs(m.at)},
                    {"att", base::Json::array()}};
    if (!isTheirs)
        json["from"] = author(row);
    if (row.contentType != "text")
        json["content_type"] = row.contentType;
    if (auto attributes = attributesOf(row); !attributes.is_null())
        json["content_attributes"] = std::move(attributes);
    if (const auto quoted = replyTo(row))
        json["reply_to"] = *quoted;
    for (const auto &file : m.attachments) {
        const bool hasSize = file.width > 0 && file.height > 0;
        json["att"].push_back(
            {{"id", file.id.text()},
             {"name", file.name},
             {"mime", file.mime},
             {"size", file.size},
             {"url", m_links.files.path(file.id.value, false)},
             {"thumb", file.thumbnail ? base::Json(m_links.files.path(file.id.value, true)) : base::Json()},
             {"w", hasSize ? base::Json(file.width) : base::Json()},
             {"h", hasSize ? base::Json(file.height) : base::Json()}});
    }
    return json;
}

// Pictures from elsewhere come by way of this server: the frame's policy lets in no others.
base::Json VisitorView::attributesOf(const MessageRow &row) const
{
    auto attributes = conversations::customerAttributes(row.contentType, row.contentAttributes);
    if (attributes.is_null() || !attributes.contains("items"))
        return attributes;
    for (auto &item : attributes["items"])
        if (const auto address = base::textField(item, "media_url"))
            item["media_url"] = m_links.pictures.path(*address);
    return attributes;
}

// The application API names what is quoted by number, the widget by id.
std::optional<std::string> VisitorView::replyTo(const MessageRow &row)
{
    if (row.contentAttributes == "{}")
        return std::nullopt;
    const auto attributes = base::parseJson(row.contentAttributes);
    const auto number = attributes ? base::integerField(*attributes, "in_reply_to") : std::nullopt;
    const auto quoted = number ? MessageStore{m_tx}.find(m_account, *number) : std::nullopt;
    const bool isSeen = quoted && quoted->conversation == row.conversation && isForVisitors(quoted->message);
    return isSeen ? std::optional{quoted->message.id.text()} : std::nullopt;
}

base::Json VisitorView::recent()
{
    std::vector<base::Json> newestFirst;
    std::size_t bytes = 0;
    for (auto row = m_conversations.rbegin(); row != m_conversations.rend(); ++row) {
        const bool isShown = row == m_conversations.rbegin() ||
                             row->conversation.status != domain::ConversationStatus::Resolved;
        if (!isShown)
            continue;
        auto messages = MessageStore{m_tx}.newestPublic(row->number, 0, recentRows);
        for (auto at = messages.rbegin(); at != messages.rend(); ++at) {
            auto json = message(*at);
            bytes += json ? base::toText(*json).size() : 0;
            if (json && (bytes < mostBytes || newestFirst.empty()))
                newestFirst.push_back(std::move(*json));
        }
    }
    auto rows = base::Json::array();
    for (auto json = newestFirst.rbegin(); json != newestFirst.rend(); ++json)
        rows.push_back(std::move(*json));
    return rows;
}

std::optional<base::Json> VisitorView::since(const std::optional<VisitorCursor> &cursor)
{
    const auto now = head();
    if (!cursor || cursor->epoch != now.epoch || cursor->seq > now.seq)
        return std::nullopt;
    auto rows = base::Json::array();
    std::size_t bytes = 0;
    for (const auto &row : m_conversations) {
        for (const auto &candidate : MessageStore{m_tx}.newestPublic(row.number, 0, mostChanges)) {
            const auto state =
                sync::readState(m_tx, m_account, protocol::EntityType::Message, candidate.message.id.value);
            if (!state || state->seq <= cursor->seq)
                continue;
            if (auto json = message(candidate)) {
                bytes += base::toText(*json).size();
                rows.push_back(std::move(*json));
            }
        }
    }
    if (rows.size() >= mostChanges || bytes > mostBytes)
        return std::nullopt;
    return rows;
}

VisitorCursor VisitorView::head() const
{
    const auto head = sync::readHead(m_tx, m_account);
    return {head.epoch, head.head};
}

base::Json VisitorView::author(const MessageRow &row)
{
    const auto key = row.userNumber.value_or(0);
    auto known = m_authors.find(key);
    if (known == m_authors.end()) {
        Speaker who;
        if (const auto member = row.userNumber ? accounts::UserStore{m_tx}.member(m_account, *row.userNumber)
                                               : std::nullopt) {
            who.name = member->displayName.empty() ? member->user.name : member->displayName;
        } else if (const auto inbox = inboxes::InboxStore{m_tx}.find(m_account, m_inbox)) {
            who.name =
                inbox->settings.businessName.empty() ? inbox->inbox.name : inbox->settings.businessName;
            if (inbox->settings.useInboxAvatarForBot && !inbox->avatar.empty())
                who.avatar = inboxes::avatarPath(*inbox);
        }
        known = m_authors.emplace(key, std::move(who)).first;
    }
    const auto &[name, avatar] = known->second;
    return {{"name", name}, {"avatar", avatar.empty() ? base::Json() : base::Json(avatar)}};
}

bool agentsOnline(storage::Transaction &tx, const sync::Ephemera &ephemera, sync::AccountNumber account,
                  std::int64_t inbox)
{
    const auto online = ephemera.onlineUsers(account);
    return std::any_of(online.begin(), online.end(), [&](const base::Uuid &user) {
        const auto member = accounts::UserStore{tx}.member(account, user);
        return member && member->user.active &&
               (member->user.role == domain::Role::Administrator ||
                inboxes::InboxStore{tx}.isMember(inbox, member->user.number));
    });
}

} // namespace server::webwidget
