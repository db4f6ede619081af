#include "server/features/conversations/conversations_module.h"

#include "server/features/conversations/bot_content.h"
#include "server/features/conversations/conversation_mutations.h"
#include "server/features/conversations/draft_store.h"
#include "server/features/conversations/held_reply_store.h"
#include "server/features/conversations/out_queue_store.h"
#include "server/features/conversations/rating_store.h"
#include "server/features/conversations/snooze_rule_store.h"
#include "server/features/inboxes/inbox_store.h"
#include "shared/base/json.h"
#include "shared/protocol/limits.h"
#include "shared/protocol/rows.h"

#include <algorithm>
#include <charconv>

namespace server::conversations {

namespace {

using Json = std::optional<base::Json>;

std::string toToken(const ConversationPlace &place)
{
    return std::to_string(place.status) + ":" + std::to_string(place.lastActivity) + ":" +
           std::to_string(place.number);
}

/// From the start for a token of another form: a snapshot that begins anew loses nothing.
ConversationPlace placeOf(const std::string &token)
{
    ConversationPlace place;
    const char *at = token.data();
    const char *end = at + token.size();
    const auto number = [&](auto &into) {
        const auto [next, error] = std::from_chars(at, end, into);
        at = next == end ? next : next + 1;
        return error == std::errc{};
    };
    if (number(place.status) && number(place.lastActivity) && number(place.number))
        return place;
    return {};
}

class Source : public sync::ConversationSource {
public:
    std::vector<base::Uuid> page(storage::Transaction &tx, sync::AccountNumber account,
                                 const std::string &scope, std::string &token, std::size_t limit) override
    {
        const auto inbox = inboxOf(tx, account, scope);
        if (!inbox)
            return {};
        auto place = placeOf(token);
        auto ids = ConversationStore{tx}.page(*inbox, place, limit);
        token = toToken(place);
        return ids;
    }

    std::int64_t count(storage::Transaction &tx, sync::AccountNumber account,
                       const std::string &scope) override
    {
        const auto inbox = inboxOf(tx, account, scope);
        return inbox ? ConversationStore{tx}.countOf(*inbox) : 0;
    }

    sync::Window window(storage::Transaction &tx, sync::AccountNumber account, const base::Uuid &conversation,
                        std::int64_t before, std::size_t limit) override
    {
        sync::Window window;
        const auto row = ConversationStore{tx}.find(account, conversation);
        if (!row)
            return window;
        const MessageStore store{tx};
        const auto messages = store.newest(row->number, before, 0, limit);
        if (messages.empty())
            return window;
        window.lowest = messages.front().message.n;
        window.highest = messages.back().message.n;
        const auto states = store.withState(row->number, window.lowest, window.highest);
        const auto scope = sync::scope::inbox(row->conversation.inbox.value);
        for (const auto &message : messages) {
            const auto &id = message.message.id.value;
            window.rows.push_back(
                {sync::ChangeKind::Upsert, protocol::EntityType::Message, id, scope, conversation});
            if (std::find(states.begin(), states.end(), id) != states.end())
                window.rows.push_back(
                    {sync::ChangeKind::Upsert, protocol::EntityType::MessageState, id, scope, conversation});
        }
        return window;
    }

    std::size_t wanted(storage::Transaction &tx, sync::AccountNumber account, const base::Uuid &conversation,
                       const sync::Keeping &keeping) override
    {
        const auto row = ConversationStore{tx}.find(account, conversation);
        if (!row)
            return protocol::windowMessages;
        const bool isCold = row->conversation.status == domain::ConversationStatus::Resolved &&
                            keeping.hotSince && row->conversation.lastActivityAt < *keeping.hotSince;
        if (isCold)
            return 0;
        if (row->conversation.lastN <= static_cast<std::int64_t>(protocol::shortConversation))
            return protocol::shortConversation;
        if (!keeping.recentSince)
            return protocol::windowMessages;
        const auto recent =
            MessageStore{tx}.countSince(row->number, *keeping.recentSince, protocol::longestWindow);
        return std::max(protocol::windowMessages, recent);
    }

    std::set<base::Uuid> messagesBelow(storage::Transaction &tx, sync::AccountNumber account,
                                       const base::Uuid &conversation, std::int64_t n) override
    {
        const auto row = ConversationStore{tx}.find(account, conversation);
        return row ? MessageStore{tx}.below(row->number, n) : std::set<base::Uuid>{};
    }

private:
    static std::optional<std::int64_t> inboxOf(storage::Transaction &tx, sync::AccountNumber account,
                                               const std::string &scope)
    {
        const auto id = scope.starts_with("i:") ? base::Uuid::parse(scope.substr(2)) : std::nullopt;
        const auto row = id ? inboxes::InboxStore{tx}.find(account, *id) : std::nullopt;
        return row ? std::optional{row->inbox.number} : std::nullopt;
    }
};

} // namespace

std::vector<storage::Migration> migrations()
{
    auto all = ConversationStore::migrations();
    for (auto &&more : {MessageStore::migrations(), HeldReplyStore::migrations(), OutQueueStore::migrations(),
                        SnoozeRuleStore::migrations(), DraftStore::migrations(), RatingStore::migrations()})
        all.insert(all.end(), more.begin(), more.end());
    return all;
}

void registerRows(sync::EntityRegistry &registry)
{
    registry.add(protocol::EntityType::Conversation,
                 [](storage::Transaction &tx, sync::AccountNumber account, const base::Uuid &id) -> Json {
                     const auto row = ConversationStore{tx}.find(account, id);
                     return row ? Json{protocol::toRow(row->conversation)} : std::nullopt;
                 });
    registry.add(protocol::EntityType::Message,
                 [](storage::Transaction &tx, sync::AccountNumber account, const base::Uuid &id) -> Json {
                     auto row = MessageStore{tx}.find(account, id);
                     if (!row)
                         return std::nullopt;
                     describeContent(row->contentType, row->contentAttributes, row->message);
                     return Json{protocol::toRow(row->message)};
                 });
    registry.add(protocol::EntityType::MessageState,
                 [](storage::Transaction &tx, sync::AccountNumber, const base::Uuid &id) -> Json {
                     auto state = MessageStore{tx}.state(id);
                     const auto waiting =
                         state && domain::deliveryFromText(state->state) == domain::Delivery::Pending
                             ? OutQueueStore{tx}.find(id)
                             : std::nullopt;
                     if (waiting && waiting->undoable)
                         state->until = waiting->notBefore;
                     return state ? Json{protocol::toRow(*state)} : std::nullopt;
                 });
    registry.add(protocol::EntityType::ReadState,
                 [](storage::Transaction &tx, sync::AccountNumber account, const base::Uuid &id) -> Json {
                     const auto state = ConversationStore{tx}.readState(account, id);
                     return state ? Json{protocol::toRow(*state)} : std::nullopt;
                 });
    registry.add(protocol::EntityType::Draft,
                 [](storage::Transaction &tx, sync::AccountNumber account, const base::Uuid &id) -> Json {
                     const auto draft = DraftStore{tx}.find(account, id);
                     return draft ? Json{protocol::toRow(*draft)} : std::nullopt;
                 });
    registry.add(protocol::EntityType::HeldReply,
                 [](storage::Transaction &tx, sync::AccountNumber account, const base::Uuid &id) -> Json {
                     const auto row = HeldReplyStore{tx}.find(account, id);
                     return row ? Json{protocol::toRow(row->held)} : std::nullopt;
                 });
    registry.setConversations(std::make_unique<Source>());
}

void registerMutations(sync::MutationRegistry &registry, ConversationService &service,
                       const ports::TimeZones &zones)
{
    registerConversationMutations(registry, service, zones);
}

void connect(const Neighbours &neighbours, ConversationService &service)
{
    neighbours.accounts.onRemoved([&service](sync::WriteContext &ctx, const accounts::MemberRow &member) {
        while (service.unassignAll(ctx, member.user.number)) {
        }
    });
    neighbours.teams.onRemoved([&service](sync::WriteContext &ctx, const teams::TeamRow &team) {
        while (service.leaveTeam(ctx, team.team.number)) {
        }
    });
    auto &contacts = neighbours.contacts;
    neighbours.labels.onRenamed([&service, &contacts](sync::WriteContext &ctx, const std::string &from,
                                                      const std::optional<std::string> &to) {
        while (service.relabelAll(ctx, from, to) || contacts.relabelAll(ctx, from, to)) {
        }
    });
}

std::optional<base::Timestamp> dueSnoozes(storage::Database &database, sync::Executor &executor,
                                          ConversationService &service, base::Timestamp now)
{
    std::vector<sync::AccountNumber> accounts;
    database.read(
        [&](storage::Transaction &tx) { accounts = ConversationStore{tx}.accountsWithDueSnoozes(now); });
    for (const auto account : accounts)
        (void)executor.run(account, {}, [&](sync::WriteContext &ctx) -> base::Status {
            service.openDue(ctx);
            return base::Done{};
        });
    std::optional<base::Timestamp> next;
    database.read([&](storage::Transaction &tx) { next = ConversationStore{tx}.nextSnooze(); });
    return next;
}

} // namespace server::conversations
