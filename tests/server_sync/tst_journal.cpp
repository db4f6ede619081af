#include "server/sync/compaction.h"
#include "server/sync/journal.h"
#include "server/sync/page_reader.h"
#include "tests/server_sync/world.h"
#include "tests/support/register_test.h"

#include <QTest>

#include <limits>

using namespace server::sync;
using protocol::EntityType;
using tests::World;

namespace {

constexpr auto everything = std::numeric_limits<std::int64_t>::max();

Page pageOf(World &world, const std::vector<std::string> &scopes, Cursor cursor,
            std::int64_t upTo = everything)
{
    Page page;
    PageReader reader{world.entities};
    world.database->read([&](server::storage::Transaction &tx) {
        page = reader.read(tx, World::account, scopes, cursor, upTo);
    });
    return page;
}

base::Json changes(const Page &page)
{
    return base::Json::parse("[" + page.changes + "]");
}

std::optional<JournalState> stateOf(World &world, EntityType type, const base::Uuid &id)
{
    std::optional<JournalState> state;
    world.database->read(
        [&](server::storage::Transaction &tx) { state = readState(tx, World::account, type, id); });
    return state;
}

std::int64_t headOf(World &world)
{
    return world.number("SELECT head FROM sync_head");
}

} // namespace

class TestJournal : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aMoveTakesTheChildrenAndLeavesATrace()
    {
        World world;
        const auto conversation = world.addConversation(0);
        const auto message = world.addMessage(conversation);
        const auto before = headOf(world);
        world.move(conversation, 1);
        QCOMPARE(headOf(world), before + 2);
        const auto state = stateOf(world, EntityType::Conversation, conversation);
        QCOMPARE(state->scope, world.scopeName(1));
        QCOMPARE(state->seq, before + 1);
        QCOMPARE(state->scopeVersion, before + 1);
        QCOMPARE(stateOf(world, EntityType::Message, message)->scope, world.scopeName(1));
        QVERIFY(stateOf(world, EntityType::Message, message)->seq <= before);

        const auto old = changes(pageOf(world, {world.scopeName(0)}, {1, before}));
        QCOMPARE(old.size(), 1);
        QCOMPARE(old[0]["o"].get<std::string>(), std::string{"x"});
        const auto there = changes(pageOf(world, {world.scopeName(1)}, {1, before}));
        QCOMPARE(there.size(), 1);
        QCOMPARE(there[0]["sv"].get<std::int64_t>(), before + 1);

        world.move(conversation, 0);
        QCOMPARE(world.number("SELECT count(*) FROM sync_journal WHERE kind = 1"), 1);
        const auto back = changes(pageOf(world, {world.scopeName(0)}, {1, before}));
        QCOMPARE(back.size(), 1);
        QVERIFY(!back[0].contains("o"));
        QVERIFY(back[0]["sv"].get<std::int64_t>() > before);
    }

    void changesWithoutAMoveKeepTheScopeVersion()
    {
        World world;
        const auto conversation = world.addConversation(0);
        const auto entered = stateOf(world, EntityType::Conversation, conversation)->scopeVersion;
        world.addMessage(conversation);
        QCOMPARE(stateOf(world, EntityType::Conversation, conversation)->scopeVersion, entered);
    }

    void whatHappensWithinOneBatchCountsByItsEnd_data()
    {
        QTest::addColumn<bool>("there");
        QTest::newRow("message, then move") << false;
        QTest::newRow("there, message, and back") << true;
    }

    void whatHappensWithinOneBatchCountsByItsEnd()
    {
        QFETCH(bool, there);
        World world;
        const auto conversation = world.addConversation(0);
        const auto entered = stateOf(world, EntityType::Conversation, conversation)->scopeVersion;
        const auto message = world.ids.next();
        const auto record = [&](EntityType type, const base::Uuid &id, int inbox,
                                std::optional<base::Uuid> parent = {}) {
            world.executor->submit(World::account, {},
                                   [&world, type, id, inbox, parent](WriteContext &ctx) -> base::Status {
                                       ctx.record(type, id, world.scopeName(inbox), parent);
                                       return base::Done{};
                                   },
                                   {});
        };
        if (there)
            record(EntityType::Conversation, conversation, 1);
        record(EntityType::Message, message, there ? 1 : 0, conversation);
        record(EntityType::Conversation, conversation, there ? 0 : 1);
        world.executor->runBatch();
        const auto end = world.scopeName(there ? 0 : 1);
        QCOMPARE(stateOf(world, EntityType::Message, message)->scope, end);
        QCOMPARE(stateOf(world, EntityType::Conversation, conversation)->scope, end);
        QCOMPARE(stateOf(world, EntityType::Conversation, conversation)->scopeVersion == entered, there);
        QCOMPARE(world.number("SELECT count(*) FROM sync_journal WHERE kind = 1"), there ? 0 : 1);
    }

    void aDeletedConversationTakesItsChildrenAlong()
    {
        World world;
        const auto person = world.addUser({0});
        const auto conversation = world.addConversation(0);
        world.addMessage(conversation);
        world.setRead(person, conversation, 1);
        const auto before = headOf(world);
        world.remove(conversation);
        QVERIFY(stateOf(world, EntityType::Conversation, conversation)->deleted);
        QCOMPARE(world.number("SELECT count(*) FROM sync_journal WHERE etype = 17"), 0);
        const auto mine = changes(pageOf(world, {scope::user(person.id)}, {1, before}));
        QCOMPARE(mine.size(), 1);
        QCOMPARE(mine[0]["o"].get<std::string>(), std::string{"d"});
        QCOMPARE(mine[0]["id"].get<std::string>(), conversation.text());
    }

    void everybodyHasAReadStateOfTheirOwn()
    {
        World world;
        const auto anna = world.addUser({0});
        const auto omar = world.addUser({0});
        const auto conversation = world.addConversation(0);
        world.setRead(anna, conversation, 3);
        world.setRead(omar, conversation, 5);
        world.setRead(anna, conversation, 4);
        for (const auto &[person, readN] : {std::pair{anna, 4}, {omar, 5}}) {
            const auto rows = changes(pageOf(world, {scope::user(person.id)}, {1, 0}));
            const auto &row = rows.back();
            QCOMPARE(row["t"].get<std::string>(), std::string{"cread"});
            QCOMPARE(row["id"].get<std::string>(), conversation.text());
            QCOMPARE(row["v"]["read_n"].get<int>(), readN);
        }
        QCOMPARE(world.number("SELECT count(*) FROM sync_journal WHERE kind = 1"), 0);
    }

    void aPageIsCutAndGoesOn()
    {
        World world;
        for (int i = 0; i < 1200; ++i)
            world.addContact("contact " + std::to_string(i));
        Cursor cursor{1, 0};
        std::size_t seen = 0;
        int pages = 0;
        for (bool more = true; more; ++pages) {
            const auto page = pageOf(world, {scope::contacts}, cursor);
            QVERIFY(page.count <= 512);
            QVERIFY(page.to > cursor.q);
            QCOMPARE(page.left, std::int64_t(1200 - seen - page.count));
            seen += page.count;
            cursor.q = page.to;
            more = page.more;
        }
        QCOMPARE(seen, std::size_t{1200});
        QCOMPARE(pages, 3);
        QCOMPARE(cursor.q, headOf(world));
    }

    void aPageIsCutByBytesToo()
    {
        World world;
        for (int i = 0; i < 20; ++i)
            world.addContact(std::string(60'000, 'x'));
        const auto page = pageOf(world, {scope::contacts}, {1, 0});
        QVERIFY(page.more);
        QVERIFY(page.changes.size() < 400'000);
        const auto rest = pageOf(world, {scope::contacts}, {1, page.to});
        QCOMPARE(changes(rest)[0]["q"].get<std::int64_t>(), page.to + 1);
    }

    void aBoundHoldsNewerRowsBack()
    {
        World world;
        const auto contact = world.addContact("a");
        world.addContact("b");
        world.renameContact(contact, "c");
        const auto page = pageOf(world, {scope::contacts}, {1, 0}, 2);
        QCOMPARE(page.to, 2);
        QCOMPARE(page.count, std::size_t{1});
        const auto rest = pageOf(world, {scope::contacts}, {1, page.to});
        QCOMPARE(changes(rest)[0]["v"]["name"].get<std::string>(), std::string{"c"});
    }

    void strangersScopesAreNotRead()
    {
        World world;
        world.addConversation(0);
        const auto other = world.addConversation(1);
        const auto rows = changes(pageOf(world, {"a", world.scopeName(1), "c"}, {1, 0}));
        QCOMPARE(rows.size(), 1);
        QCOMPARE(rows[0]["id"].get<std::string>(), other.text());
        QCOMPARE(rows[0]["s"].get<int>(), 1);
        QVERIFY(changes(pageOf(world, {"i:" + other.text()}, {1, 0})).empty());
    }

    void compactionRaisesTheFloorAndStragglersAreReset()
    {
        World world;
        const auto contact = world.addContact("a");
        world.removeContact(contact);
        const auto gone = headOf(world);
        world.addContact("b");
        world.clock.advance(std::chrono::days{44});
        QCOMPARE(world.number("SELECT floor FROM sync_head"), 0);
        std::int64_t removed = -1;
        QVERIFY(world.change([&](WriteContext &ctx) -> base::Status {
            removed = compactTombstones(ctx);
            return base::Done{};
        }));
        QCOMPARE(removed, 0);
        world.clock.advance(std::chrono::days{2});
        QCOMPARE(world.compact(), 1);
        QCOMPARE(world.compact(), 0);
        QCOMPARE(world.number("SELECT floor FROM sync_head"), gone);
        QCOMPARE(pageOf(world, {scope::contacts}, {1, gone - 1}).reset, ResetReason::Floor);
        QCOMPARE(pageOf(world, {scope::contacts}, {1, gone}).reset, ResetReason::None);
    }

    void aForeignEpochOrANumberNeverGivenResets()
    {
        World world;
        world.addContact("a");
        QCOMPARE(pageOf(world, {scope::contacts}, {0, 0}).reset, ResetReason::Epoch);
        QCOMPARE(pageOf(world, {scope::contacts}, {1, 50}).reset, ResetReason::Ahead);
        std::int64_t epoch = 0;
        QVERIFY(world.change([&epoch](WriteContext &ctx) -> base::Status {
            epoch = beginEpoch(ctx.tx(), ctx.now());
            return base::Done{};
        }));
        QCOMPARE(pageOf(world, {scope::contacts}, {1, 1}).reset, ResetReason::Epoch);
        QCOMPARE(pageOf(world, {scope::contacts}, {epoch, 1}).reset, ResetReason::None);
        QVERIFY(world.executor->run(99, {}, [&](WriteContext &ctx) -> base::Status {
            ctx.record(EntityType::Contact, world.ids.next(), scope::contacts);
            return base::Done{};
        }));
        QCOMPARE(world.number("SELECT epoch FROM sync_head WHERE account_id = 99"), epoch);
        // The same backup once more, a second later: not the same name.
        const auto again = epoch;
        world.clock.advance(std::chrono::seconds{1});
        QVERIFY(world.change([&epoch](WriteContext &ctx) -> base::Status {
            ctx.tx().run("UPDATE sync_meta SET value = 1 WHERE key = 'epoch'");
            epoch = beginEpoch(ctx.tx(), ctx.now());
            return base::Done{};
        }));
        QVERIFY(epoch > again);
    }

    void whoIsTooFarBehindBeginsAgain()
    {
        World world;
        QVERIFY(world.change([&](WriteContext &ctx) -> base::Status {
            for (int i = 0; i < 50'001; ++i)
                ctx.record(EntityType::Contact, world.ids.next(), scope::contacts);
            return base::Done{};
        }));
        QCOMPARE(pageOf(world, {scope::contacts}, {1, 0}).reset, ResetReason::FarBehind);
        QCOMPARE(pageOf(world, {scope::contacts}, {1, 1}).reset, ResetReason::None);
        QCOMPARE(pageOf(world, {scope::account}, {1, 0}).reset,
                 ResetReason::None); // nothing of it is for them
        QVERIFY(!forgetsRevisions(ResetReason::FarBehind));
    }
};

REGISTER_TEST(TestJournal);
#include "tst_journal.moc"
