#include "tests/server_sync/world.h"

#include "server/sync/compaction.h"
#include "server/sync/journal.h"
#include "server/sync/sync_migrations.h"
#include "shared/protocol/limits.h"

#include <algorithm>
#include <filesystem>

namespace tests {

namespace {

using base::Json;
using namespace server::sync;
using protocol::EntityType;
using server::storage::Migration;
using server::storage::Row;
using server::storage::Transaction;

struct Place {
    std::string scope;
    std::int64_t lastN = 0;
};

std::optional<Place> placeOf(Transaction &tx, const base::Uuid &conversation)
{
    const auto row = tx.one("SELECT scope, last_n FROM w_conversation WHERE id = ?", {conversation});
    return row ? std::optional{Place{row->text(0), row->integer(1)}} : std::nullopt;
}

class Conversations : public ConversationSource {
public:
    std::vector<base::Uuid> page(Transaction &tx, AccountNumber, const std::string &scope, std::string &token,
                                 std::size_t limit) override
    {
        const auto dash = token.find(':');
        const auto rank =
            token.empty() ? std::int64_t{INT64_MAX} : std::int64_t{std::stol(token.substr(0, dash))};
        const auto id = token.empty() ? base::Uuid{} : *base::Uuid::parse(token.substr(dash + 1));
        std::vector<base::Uuid> found;
        for (const auto &row :
             tx.all("SELECT id, rank FROM w_conversation WHERE scope = ?"
                    " AND (rank < ? OR (rank = ? AND id > ?)) ORDER BY rank DESC, id LIMIT ?",
                    {scope, rank, rank, id, static_cast<std::int64_t>(limit)})) {
            found.push_back(row.uuid(0));
            token = std::to_string(row.integer(1)) + ':' + row.uuid(0).text();
        }
        return found;
    }

    std::int64_t count(Transaction &tx, AccountNumber, const std::string &scope) override
    {
        return tx.one("SELECT count(*) FROM w_conversation WHERE scope = ?", {scope})->integer(0);
    }

    Window window(Transaction &tx, AccountNumber, const base::Uuid &conversation, std::int64_t before,
                  std::size_t limit) override
    {
        Window window;
        const auto place = placeOf(tx, conversation);
        for (const auto &row :
             tx.all("SELECT id, n FROM w_message WHERE conversation = ? AND (? = 0 OR n < ?)"
                    " ORDER BY n DESC LIMIT ?",
                    {conversation, before, before, static_cast<std::int64_t>(limit)})) {
            window.rows.insert(window.rows.begin(), {ChangeKind::Upsert, EntityType::Message, row.uuid(0),
                                                     place->scope, conversation});
            window.lowest = row.integer(1);
            window.highest = std::max(window.highest, row.integer(1));
        }
        return window;
    }

    // Its rank stands for the time of its last activity.
    std::size_t wanted(Transaction &tx, AccountNumber, const base::Uuid &conversation,
                       const server::sync::Keeping &keeping) override
    {
        const auto row = tx.one("SELECT rank FROM w_conversation WHERE id = ?", {conversation});
        const bool isCold = row && keeping.hotSince && row->integer(0) < base::toMs(*keeping.hotSince);
        return isCold ? 0 : protocol::windowMessages;
    }

    std::set<base::Uuid> messagesBelow(Transaction &tx, AccountNumber, const base::Uuid &conversation,
                                       std::int64_t n) override
    {
        std::set<base::Uuid> ids;
        for (const auto &row :
             tx.all("SELECT id FROM w_message WHERE conversation = ? AND n < ?", {conversation, n}))
            ids.insert(row.uuid(0));
        return ids;
    }
};

RowReader small(const char *kind)
{
    return [kind](Transaction &tx, AccountNumber, const base::Uuid &id) -> std::optional<Json> {
        const auto row = tx.one("SELECT body FROM w_small WHERE kind = ? AND id = ?", {kind, id});
        return row ? std::optional{Json{{"name", row->text(0)}}} : std::nullopt;
    };
}

void registerEntities(EntityRegistry &entities)
{
    entities.add(EntityType::User, small("user"));
    entities.add(EntityType::Contact, small("contact"));
    entities.add(
        EntityType::Access, [](Transaction &tx, AccountNumber, const base::Uuid &id) -> std::optional<Json> {
            auto scopes = Json::array();
            for (const auto &row : tx.all("SELECT scope FROM w_member WHERE user = ? ORDER BY scope", {id}))
                scopes.push_back(row.text(0));
            return Json{{"scopes", scopes}};
        });
    entities.add(EntityType::Device,
                 [](Transaction &tx, AccountNumber, const base::Uuid &id) -> std::optional<Json> {
                     const auto row = tx.one("SELECT revoked FROM w_device WHERE id = ?", {id});
                     return row ? std::optional{Json{{"revoked", row->flag(0)}}} : std::nullopt;
                 });
    entities.add(EntityType::Conversation,
                 [](Transaction &tx, AccountNumber, const base::Uuid &id) -> std::optional<Json> {
                     const auto row = tx.one("SELECT last_n, rank FROM w_conversation WHERE id = ?", {id});
                     return row ? std::optional{Json{{"last_n", row->integer(0)}, {"rank", row->integer(1)}}}
                                : std::nullopt;
                 });
    entities.add(
        EntityType::Message, [](Transaction &tx, AccountNumber, const base::Uuid &id) -> std::optional<Json> {
            const auto row = tx.one("SELECT n, body FROM w_message WHERE id = ?", {id});
            return row ? std::optional{Json{{"n", row->integer(0)}, {"body", row->text(1)}}} : std::nullopt;
        });
    entities.add(EntityType::ReadState,
                 [](Transaction &tx, AccountNumber, const base::Uuid &id) -> std::optional<Json> {
                     const auto row = tx.one("SELECT read_n FROM w_read WHERE id = ?", {id});
                     return row ? std::optional{Json{{"read_n", row->integer(0)}}} : std::nullopt;
                 });
    entities.setConversations(std::make_unique<Conversations>());
}

base::Status append(WriteContext &ctx, const base::Uuid &conversation, const base::Uuid &id,
                    const std::string &body)
{
    auto &tx = ctx.tx();
    const auto place = placeOf(tx, conversation);
    if (!place)
        return base::Error{base::ErrorCode::NotVisible, {}};
    if (ctx.actor().kind == Actor::Kind::User &&
        !tx.one("SELECT 1 FROM w_member WHERE user = ? AND scope = ?", {ctx.actor().id, place->scope}))
        return base::Error{base::ErrorCode::NotVisible, {}};
    tx.run("INSERT INTO w_message(id, conversation, n, body) VALUES(?, ?, ?, ?)",
           {id, conversation, place->lastN + 1, body});
    tx.run("UPDATE w_conversation SET last_n = last_n + 1, rank = (SELECT max(rank) + 1 FROM w_conversation)"
           " WHERE id = ?",
           {conversation});
    ctx.record(EntityType::Message, id, place->scope, conversation);
    ctx.record(EntityType::Conversation, conversation, place->scope);
    return base::Done{};
}

} // namespace

std::vector<Migration> worldMigrations()
{
    auto all = syncMigrations();
    all.push_back({1000, "test world", R"(
        CREATE TABLE w_user (id BLOB PRIMARY KEY, active INTEGER NOT NULL DEFAULT 1) STRICT;
        CREATE TABLE w_device (id BLOB PRIMARY KEY, user BLOB NOT NULL, revoked INTEGER NOT NULL DEFAULT 0) STRICT;
        CREATE TABLE w_member (user BLOB NOT NULL, scope TEXT NOT NULL, PRIMARY KEY(user, scope)) STRICT;
        CREATE TABLE w_small (id BLOB PRIMARY KEY, kind TEXT NOT NULL, body TEXT NOT NULL) STRICT;
        CREATE TABLE w_conversation (id BLOB PRIMARY KEY, scope TEXT NOT NULL, last_n INTEGER NOT NULL DEFAULT 0,
                                     rank INTEGER NOT NULL) STRICT;
        CREATE TABLE w_message (id BLOB PRIMARY KEY, conversation BLOB NOT NULL, n INTEGER NOT NULL,
                                body TEXT NOT NULL, UNIQUE(conversation, n)) STRICT;
        CREATE TABLE w_read (id BLOB PRIMARY KEY, user BLOB NOT NULL, conversation BLOB NOT NULL,
                             read_n INTEGER NOT NULL, UNIQUE(user, conversation)) STRICT;
    )"});
    return all;
}

World::World(std::uint64_t seed) : random{seed}
{
    for (int i = 0; i < 3; ++i)
        inboxes.push_back(ids.next());
    registerEntities(entities);
    mutations.add("message.create",
                  [](WriteContext &ctx, const protocol::Mutation &mutation, const Json &args) {
                      const auto conversation = base::uuidField(args, "conv");
                      const auto body = base::textField(args, "body");
                      if (!conversation || !body)
                          return base::Status{base::Error{base::ErrorCode::Invalid, "conv or body"}};
                      return append(ctx, *conversation, mutation.mid, *body);
                  });
    mutations.add("test.half", [](WriteContext &ctx, const protocol::Mutation &, const Json &args) {
        const auto done = append(ctx, *base::uuidField(args, "conv"), ctx.newId(), "half done");
        return done ? base::Status{base::Error{base::ErrorCode::AssigneeChanged, R"({"by":"Omar"})"}} : done;
    });
    mutations.add("test.busy", [](WriteContext &, const protocol::Mutation &, const Json &) {
        return base::Status{base::Error{base::ErrorCode::Busy, {}}};
    });
    mutations.add("test.nothing", [](WriteContext &, const protocol::Mutation &, const Json &) {
        return base::Status{base::Done{}};
    });
    mutations.add(
        "test.broken", [this](WriteContext &ctx, const protocol::Mutation &, const Json &) -> base::Status {
            ++brokenRuns;
            ctx.tx().run("INSERT INTO w_small(id, kind, body) VALUES(?, 'contact', 'broken')", {ctx.newId()});
            throw std::runtime_error{"our mistake"};
        });
    reopen();
}

void World::close()
{
    executor.reset();
    database.reset();
}

void World::backUp()
{
    close();
    const auto path = std::filesystem::path{directory.path().toStdString()};
    std::filesystem::copy_file(path / "deskbell.db", path / "copy.db",
                               std::filesystem::copy_options::overwrite_existing);
    reopen();
}

void World::restore()
{
    close();
    const auto path = std::filesystem::path{directory.path().toStdString()};
    std::filesystem::copy_file(path / "copy.db", path / "deskbell.db",
                               std::filesystem::copy_options::overwrite_existing);
    reopen();
    change([](WriteContext &ctx) -> base::Status {
        beginEpoch(ctx.tx(), ctx.now());
        return base::Done{};
    });
}

void World::reopen()
{
    close();
    auto opened = server::storage::Database::open(directory.path().toStdString(), worldMigrations(), {false});
    if (!opened)
        throw std::runtime_error{opened.error().detail};
    database = *std::move(opened);
    executor = makeExecutor(*database, clock, random);
}

base::Result<Principal> World::authenticate(Transaction &tx, std::string_view accessToken)
{
    const base::Error stranger{base::ErrorCode::Unauthorized, {}};
    if (!accessToken.starts_with("device:"))
        return stranger;
    const auto device = base::Uuid::parse(accessToken.substr(7));
    const auto row =
        device ? tx.one("SELECT d.user, d.revoked, u.active FROM w_device d JOIN w_user u ON u.id = d.user"
                        " WHERE d.id = ?",
                        {*device})
               : std::nullopt;
    if (!row || tokenEnd <= clock.now())
        return stranger;
    if (row->flag(1))
        return base::Error{base::ErrorCode::DeviceRevoked, {}};
    if (!row->flag(2))
        return base::Error{base::ErrorCode::UserDisabled, {}};
    Principal principal;
    principal.account = account;
    principal.actor = {Actor::Kind::User, row->uuid(0), 1, false, device};
    principal.expiresAt = tokenEnd;
    return principal;
}

std::vector<std::string> World::scopes(Transaction &tx, const Principal &principal)
{
    std::vector<std::string> all{scope::account, scope::user(principal.actor.id), scope::contacts};
    for (const auto &row :
         tx.all("SELECT scope FROM w_member WHERE user = ? ORDER BY scope", {principal.actor.id}))
        all.push_back(row.text(0));
    return all;
}

World::Person World::addUser(const std::vector<int> &members)
{
    Person person{ids.next(), {}, {}};
    change([&](WriteContext &ctx) -> base::Status {
        ctx.tx().run("INSERT INTO w_user(id) VALUES(?)", {person.id});
        ctx.tx().run("INSERT INTO w_small(id, kind, body) VALUES(?, 'user', 'somebody')", {person.id});
        for (const int inbox : members)
            ctx.tx().run("INSERT INTO w_member(user, scope) VALUES(?, ?)", {person.id, scopeName(inbox)});
        ctx.record(EntityType::User, person.id, scope::account);
        ctx.record(EntityType::Access, person.id, scope::user(person.id));
        return base::Done{};
    });
    person.device = addDevice(person);
    person.token = "device:" + person.device.text();
    return person;
}

base::Uuid World::addDevice(const Person &person)
{
    const auto device = ids.next();
    change([&](WriteContext &ctx) -> base::Status {
        ctx.tx().run("INSERT INTO w_device(id, user) VALUES(?, ?)", {device, person.id});
        ctx.record(EntityType::Device, device, scope::user(person.id));
        return base::Done{};
    });
    return device;
}

void World::setMember(const Person &person, int inbox, bool member)
{
    change([&](WriteContext &ctx) -> base::Status {
        if (member)
            ctx.tx().run("INSERT OR IGNORE INTO w_member(user, scope) VALUES(?, ?)",
                         {person.id, scopeName(inbox)});
        else
            ctx.tx().run("DELETE FROM w_member WHERE user = ? AND scope = ?", {person.id, scopeName(inbox)});
        ctx.record(EntityType::Access, person.id, scope::user(person.id));
        return base::Done{};
    });
}

void World::setActive(const Person &person, bool active)
{
    change([&](WriteContext &ctx) -> base::Status {
        ctx.tx().run("UPDATE w_user SET active = ? WHERE id = ?", {active, person.id});
        ctx.record(EntityType::User, person.id, scope::account);
        return base::Done{};
    });
}

base::Uuid World::addConversation(int inbox)
{
    const auto id = ids.next();
    change([&](WriteContext &ctx) -> base::Status {
        ctx.tx().run("INSERT INTO w_conversation(id, scope, rank)"
                     " VALUES(?, ?, (SELECT coalesce(max(rank), 0) + 1 FROM w_conversation))",
                     {id, scopeName(inbox)});
        ctx.record(EntityType::Conversation, id, scopeName(inbox));
        return base::Done{};
    });
    return id;
}

base::Uuid World::addMessage(const base::Uuid &conversation, const std::string &body)
{
    const auto id = ids.next();
    change([&](WriteContext &ctx) { return append(ctx, conversation, id, body); });
    return id;
}

void World::move(const base::Uuid &conversation, int inbox)
{
    change([&](WriteContext &ctx) -> base::Status {
        ctx.tx().run("UPDATE w_conversation SET scope = ? WHERE id = ?", {scopeName(inbox), conversation});
        ctx.record(EntityType::Conversation, conversation, scopeName(inbox));
        return base::Done{};
    });
}

void World::remove(const base::Uuid &conversation)
{
    change([&](WriteContext &ctx) -> base::Status {
        const auto place = placeOf(ctx.tx(), conversation);
        if (!place)
            return base::Error{base::ErrorCode::NotFound, {}};
        ctx.tx().run("DELETE FROM w_message WHERE conversation = ?", {conversation});
        ctx.tx().run("DELETE FROM w_read WHERE conversation = ?", {conversation});
        ctx.tx().run("DELETE FROM w_conversation WHERE id = ?", {conversation});
        ctx.record(Change{ChangeKind::Delete, EntityType::Conversation, conversation, place->scope, {}});
        return base::Done{};
    });
}

void World::setRead(const Person &person, const base::Uuid &conversation, std::int64_t readN)
{
    change([&](WriteContext &ctx) -> base::Status {
        const auto row =
            ctx.tx().one("INSERT INTO w_read(id, user, conversation, read_n) VALUES(?, ?, ?, ?)"
                         " ON CONFLICT(user, conversation) DO UPDATE SET read_n = excluded.read_n"
                         " RETURNING id",
                         {ctx.newId(), person.id, conversation, readN});
        ctx.record(EntityType::ReadState, row->uuid(0), scope::user(person.id), conversation);
        return base::Done{};
    });
}

base::Uuid World::addContact(const std::string &name)
{
    const auto id = ids.next();
    change([&](WriteContext &ctx) -> base::Status {
        ctx.tx().run("INSERT INTO w_small(id, kind, body) VALUES(?, 'contact', ?)", {id, name});
        ctx.record(EntityType::Contact, id, scope::contacts);
        return base::Done{};
    });
    return id;
}

void World::renameContact(const base::Uuid &contact, const std::string &name)
{
    change([&](WriteContext &ctx) -> base::Status {
        ctx.tx().run("UPDATE w_small SET body = ? WHERE id = ?", {name, contact});
        ctx.record(EntityType::Contact, contact, scope::contacts);
        return base::Done{};
    });
}

void World::removeContact(const base::Uuid &contact)
{
    change([&](WriteContext &ctx) -> base::Status {
        ctx.tx().run("DELETE FROM w_small WHERE id = ?", {contact});
        ctx.record(Change{ChangeKind::Delete, EntityType::Contact, contact, scope::contacts, {}});
        return base::Done{};
    });
}

std::int64_t World::compact()
{
    std::int64_t removed = 0;
    change([&](WriteContext &ctx) -> base::Status {
        removed = compactTombstones(ctx, base::Duration{-1});
        return base::Done{};
    });
    return removed;
}

bool World::change(const Executor::Job &job)
{
    return static_cast<bool>(perform(job));
}

base::Result<std::int64_t> World::perform(const Executor::Job &job, Actor actor)
{
    return executor->run(account, std::move(actor), job);
}

Principal World::principal(const Person &person) const
{
    Principal principal;
    principal.account = account;
    principal.actor = actorOf(person);
    principal.expiresAt = tokenEnd;
    return principal;
}

Actor World::actorOf(const Person &person)
{
    return {Actor::Kind::User, person.id, 1, false, person.device};
}

SessionParts World::parts(FakeScheduler &scheduler, FrameSink &sink)
{
    return {scheduler,
            clock,
            random,
            *database,
            *executor,
            entities,
            mutations,
            *this,
            ephemera,
            sink,
            server::ports::Log{lines}};
}

Json World::row(EntityType type, const base::Uuid &id)
{
    std::optional<Json> found;
    database->read([&](Transaction &tx) { found = (*entities.find(type))(tx, account, id); });
    return found.value_or(Json{});
}

std::int64_t World::number(std::string_view sql, const std::vector<server::storage::Value> &values)
{
    std::int64_t found = 0;
    database->read([&](Transaction &tx) {
        if (const auto row = tx.one(sql, values))
            found = row->integer(0);
    });
    return found;
}

} // namespace tests
