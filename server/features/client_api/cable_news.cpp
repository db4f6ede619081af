#include "server/features/client_api/cable_news.h"

#include "server/features/accounts/user_presenter.h"
#include "server/features/client_api/client_presenter.h"
#include "server/features/conversations/conversation_service.h"
#include "server/features/conversations/out_queue_store.h"
#include "shared/base/json.h"

#include <algorithm>

namespace server::client_api {

namespace {

using conversations::ConversationPresenter;
using conversations::ConversationRow;
using conversations::ConversationService;
using conversations::ConversationStore;
using conversations::MessageRow;
using conversations::MessageStore;
using conversations::OutQueueStore;
using protocol::EntityType;

constexpr std::size_t rememberedConversations = 100;

// Notes are agents' own; what merely happened is told by the events about the conversation, and what an agent
// may still take back was not said.
bool isSaid(const domain::Message &message)
{
    return message.kind == domain::MessageKind::Public;
}

} // namespace

ports::SharedFrame frameOf(const base::Json &json)
{
    return std::make_shared<ports::Frame>(ports::Frame{base::toText(json), false});
}

CableChanges cableChanges(const sync::Committed &committed)
{
    CableChanges all;
    for (const auto &change : committed.changes) {
        if (change.type == EntityType::Contact)
            all.contacts.push_back(change.id);
        if (change.kind != sync::ChangeKind::Upsert)
            continue;
        if (change.type == EntityType::Message && change.parent)
            all.items.push_back({change.type, change.id, *change.parent});
        else if (change.type == EntityType::Conversation)
            all.items.push_back({change.type, change.id, change.id});
    }
    return all;
}

void CableNews::begin(storage::Transaction &tx, CableRoom &room)
{
    for (const auto &row : ConversationService::ofPlace(tx, room.place, rememberedConversations)) {
        const auto newest = MessageStore{tx}.publicBefore(row.number, 0, 1);
        room.told[row.number] = {std::string{toText(row.conversation.status)},
                                 newest.empty() ? 0 : newest.back().message.n};
    }
}

void CableNews::committed(sync::AccountNumber account, const std::vector<CableChanges::Item> &items) const
{
    if (!m_rooms.hasAccount(account))
        return;
    m.database.read([&](storage::Transaction &tx) {
        std::vector<MessageRow> messages;
        std::map<base::Uuid, ConversationRow> rows;
        for (const auto &item : items) {
            if (auto row = ConversationStore{tx}.find(account, item.conversation))
                rows.emplace(item.conversation, std::move(*row));
            if (item.type == EntityType::Message)
                if (auto row = MessageStore{tx}.find(account, item.id);
                    row && isSaid(row->message) && !OutQueueStore{tx}.find(item.id))
                    messages.push_back(std::move(*row));
        }
        std::sort(messages.begin(), messages.end(),
                  [](const auto &a, const auto &b) { return a.message.n < b.message.n; });
        for (const auto &[id, row] : rows) {
            const auto place = contacts::ContactStore{tx}.contactInbox(row.contactInbox);
            if (!place)
                continue;
            for (auto *room : m_rooms.hearing(*place)) {
                tellStatus(tx, *room, row);
                for (const auto &message : messages)
                    if (message.conversation == row.number)
                        tellMessage(tx, *room, message, row);
            }
        }
    });
}

void CableNews::tellMessage(storage::Transaction &tx, CableRoom &room, const MessageRow &row,
                            const ConversationRow &conversation) const
{
    ConversationPresenter presenter{{tx, m.ephemera, m.links, m.clock.now(), room.origin}, room.account, 0};
    auto json = messageJson(presenter, row, conversation);
    json["inbox_id"] = conversation.inbox;
    json["private"] = false;
    json["conversation"] = {{"id", conversation.conversation.number},
                            {"contact_inbox", {{"source_id", room.place.sourceId}}}};
    auto &newest = room.told[row.conversation].n;
    const bool isNew = row.message.n > newest;
    newest = std::max(newest, row.message.n);
    tell(room, isNew ? "message.created" : "message.updated", std::move(json));
}

void CableNews::tellStatus(storage::Transaction &tx, CableRoom &room, const ConversationRow &row) const
{
    const std::string now{toText(row.conversation.status)};
    const bool isNew = !room.told.contains(row.number);
    auto &told = room.told[row.number];
    if (told.status == now)
        return;
    told.status = now;
    if (room.told.size() > rememberedConversations)
        room.told.erase(room.told.begin()); // the oldest
    tell(room, isNew ? "conversation.created" : "conversation.status_changed", conversation(tx, room, row));
}

base::Json CableNews::conversation(storage::Transaction &tx, const CableRoom &room,
                                   const ConversationRow &row) const
{
    const auto contact = contacts::ContactStore{tx}.find(room.account, row.contact);
    if (!contact)
        return base::Json::object();
    ConversationPresenter presenter{{tx, m.ephemera, m.links, m.clock.now(), room.origin}, room.account, 0};
    auto json = conversationJson(tx, presenter, row, *contact);
    json["channel"] = "Channel::Api";
    json["contact_inbox"] = {{"source_id", room.place.sourceId}};
    return json;
}

void CableNews::ephemeral(const sync::EphemeralEvent &event) const
{
    if (event.kind == sync::EphemeralEvent::Kind::UserPresence)
        for (const auto *room : m_rooms.ofAccount(event.account))
            presence(*room);
    else if (event.kind == sync::EphemeralEvent::Kind::Composing && !event.isPrivate)
        typing(event);
}

void CableNews::typing(const sync::EphemeralEvent &event) const
{
    if (!m_rooms.hasAccount(event.account))
        return;
    m.database.read([&](storage::Transaction &tx) {
        const auto row = ConversationStore{tx}.find(event.account, event.conversation);
        const auto place = row ? contacts::ContactStore{tx}.contactInbox(row->contactInbox) : std::nullopt;
        const auto member = accounts::UserStore{tx}.member(event.account, event.who);
        if (!place || !member)
            return;
        const auto user = publicSender(accounts::userJson(*member, event.account, m.ephemera));
        for (const auto *room : m_rooms.hearing(*place))
            tell(*room, event.on ? "conversation.typing_on" : "conversation.typing_off",
                 {{"conversation", conversation(tx, *room, *row)}, {"user", user}, {"is_private", false}});
    });
}

void CableNews::presence(const CableRoom &room) const
{
    m.database.read([&](storage::Transaction &tx) {
        tell(room, "presence.update", {{"users", users(tx, room)}});
    });
}

// Those who may answer in this inbox.
base::Json CableNews::users(storage::Transaction &tx, const CableRoom &room) const
{
    auto all = base::Json::object();
    for (const auto number : inboxes::InboxStore{tx}.memberNumbers(room.place.inbox)) {
        const auto member = accounts::UserStore{tx}.member(room.account, number);
        if (!member || !member->user.active)
            continue;
        const auto now = accounts::availabilityNow(*member, room.account, m.ephemera);
        if (now != "offline")
            all[std::to_string(number)] = now;
    }
    return all;
}

void CableNews::tell(const CableRoom &room, const char *event, base::Json data) const
{
    data["account_id"] = room.account;
    m.sink.send(room.socket, frameOf({{"identifier", room.identifier},
                                      {"message", {{"event", event}, {"data", std::move(data)}}}}));
}

} // namespace server::client_api
