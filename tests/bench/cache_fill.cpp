#include "tests/bench/cache_fill.h"

#include "shared/base/json.h"
#include "shared/protocol/rows.h"

#include <algorithm>

namespace bench {

namespace {

using client::storage::CacheStore;
using client::storage::ScopeState;
using protocol::EntityType;

constexpr std::int64_t firstMoment = 1'600'000'000'000;
constexpr std::int64_t messageApart = 900;

void put(CacheStore &cache, EntityType type, const base::Uuid &id, const std::string &scope,
         const base::Json &row, std::optional<base::Uuid> parent = std::nullopt)
{
    cache.putServerRow({type, id}, {1, scope, parent, 1, 1, base::toText(row)});
}

std::string scopeOf(const Desk &desk, int number)
{
    return "i:" + desk.inboxes[static_cast<std::size_t>(number) % desk.inboxes.size()].text();
}

void putPeople(CacheStore &cache, const Desk &desk)
{
    domain::Account account;
    account.name = "Bench";
    put(cache, EntityType::Account, desk.account, "a", protocol::toRow(account));
    for (std::size_t i = 0; i < desk.users.size(); ++i) {
        domain::User user;
        user.number = static_cast<std::int64_t>(i) + 1;
        user.name = "Agent " + std::to_string(i + 1);
        put(cache, EntityType::User, desk.users[i], "a", protocol::toRow(user));
    }
    for (std::size_t i = 0; i < desk.inboxes.size(); ++i) {
        domain::Inbox inbox;
        inbox.number = static_cast<std::int64_t>(i) + 1;
        inbox.name = "Inbox " + std::to_string(i + 1);
        inbox.channel = "web_widget";
        put(cache, EntityType::Inbox, desk.inboxes[i], "a", protocol::toRow(inbox));
    }
    ScopeState live;
    live.phase = ScopeState::Phase::Live;
    for (const auto &scope : {std::string{"a"}, std::string{"c"}, "u:" + desk.me.text()})
        cache.putScope(scope, live);
    for (std::size_t i = 0; i < desk.inboxes.size(); ++i)
        cache.putScope(scopeOf(desk, static_cast<int>(i)), live);
    cache.setNumber("epoch", 1);
    cache.setNumber("ever_live", 1);
}

base::Uuid putConversation(CacheStore &cache, const Desk &desk, int number, int messages,
                           base::UuidMaker &ids, std::mt19937_64 &random)
{
    const auto id = ids.next();
    const auto scope = scopeOf(desk, number);
    domain::Contact contact;
    contact.id = {ids.next()};
    contact.number = number;
    contact.name = "Person " + std::to_string(number);
    contact.email = "p" + std::to_string(number) + "@example.com";
    put(cache, EntityType::Contact, contact.id.value, "c", protocol::toRow(contact));
    domain::Conversation conversation;
    for (int n = 1; n <= messages; ++n) {
        domain::Message message;
        message.n = n;
        const bool incoming = n % 2 == 1;
        message.direction =
            incoming ? domain::MessageDirection::Incoming : domain::MessageDirection::Outgoing;
        if (incoming)
            message.author.contact = contact.id;
        else
            message.author.user =
                domain::UserId{desk.users[static_cast<std::size_t>(number) % desk.users.size()]};
        message.body = body(random);
        message.at = base::fromMs(firstMoment + (std::int64_t{number} * 10 + n) * messageApart);
        put(cache, EntityType::Message, ids.next(), scope, protocol::toRow(message), id);
        conversation.preview = message.body.substr(0, 120);
        conversation.lastActivityAt = message.at;
        (incoming ? conversation.customerN : conversation.agentN) = n;
    }
    conversation.number = number;
    conversation.inbox = {desk.inboxes[static_cast<std::size_t>(number) % desk.inboxes.size()]};
    conversation.contact = contact.id;
    if (number % 3 != 0)
        conversation.assignee =
            domain::UserId{desk.users[static_cast<std::size_t>(number) % desk.users.size()]};
    conversation.lastN = messages;
    put(cache, EntityType::Conversation, id, scope, protocol::toRow(conversation));
    cache.setLowestMessage(id, 1);
    if (number % 10 != 0) {
        domain::ReadState read;
        read.readN = messages;
        put(cache, EntityType::ReadState, id, "u:" + desk.me.text(), protocol::toRow(read));
    }
    return id;
}

} // namespace

std::string word(std::mt19937_64 &random)
{
    static const std::vector<std::string> common{"the",     "order",   "parcel", "and",    "refund",
                                                 "please",  "invoice", "number", "arrive", "thanks",
                                                 "address", "late",    "return", "card"};
    const auto pick = random() % 1000;
    if (pick < 700)
        return common[pick % common.size()];
    return "w" + std::to_string(random() % (pick < 900 ? 2000 : 60000));
}

std::string body(std::mt19937_64 &random)
{
    std::string text = word(random);
    for (auto i = 4 + random() % 25; i > 0; --i)
        text += " " + word(random);
    return text;
}

std::vector<base::Uuid> fillCache(CacheStore &cache, const Desk &desk, int conversations, int each,
                                  base::UuidMaker &ids, std::mt19937_64 &random)
{
    cache.begin();
    putPeople(cache, desk);
    cache.commit();
    std::vector<base::Uuid> made;
    const int inOneFrame = std::max(1, 500 / each);
    for (int first = 1; first <= conversations; first += inOneFrame) {
        cache.begin();
        for (int number = first; number < std::min(conversations + 1, first + inOneFrame); ++number)
            made.push_back(putConversation(cache, desk, number, each, ids, random));
        cache.commit();
        (void)cache.takeChanged();
    }
    return made;
}

base::Uuid fillConversation(CacheStore &cache, const Desk &desk, int number, int messages,
                            base::UuidMaker &ids, std::mt19937_64 &random)
{
    cache.begin();
    const auto id = putConversation(cache, desk, number, messages, ids, random);
    cache.commit();
    (void)cache.takeChanged();
    return id;
}

} // namespace bench
