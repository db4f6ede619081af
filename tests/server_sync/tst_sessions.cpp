#include "server/sync/journal.h"
#include "tests/server_sync/world.h"
#include "tests/support/register_test.h"

#include <QTest>

#include <random>

using namespace server::sync;
using namespace std::chrono_literals;
using base::Json;
using tests::text;
using tests::World;

namespace {

struct Desk {
    World world;
    tests::FakeScheduler scheduler{world.clock};
    tests::FakeSink sink;
    World::Person anna = world.addUser({0});
    World::Person omar = world.addUser({0, 1});
    base::Uuid conversation = world.addConversation(0);
    SessionCore core{world.parts(scheduler, sink)};
    std::int64_t lastN = 0;

    static Json hello(const World::Person &person, std::int64_t q = 0, std::int64_t epoch = 1)
    {
        return {{"k", "hello"},
                {"proto", {1, 1}},
                {"device", person.device.text()},
                {"token", person.token},
                {"codecs", {2, 1, 0}},
                {"epoch", epoch},
                {"q", q}};
    }

    void say(SessionId id, const Json &frame)
    {
        core.received(id, base::toText(frame));
        scheduler.run();
    }

    /// Connected and up to date, all frames so far forgotten.
    void join(SessionId id, const World::Person &person)
    {
        core.opened(id);
        say(id, hello(person, head()));
        sink.links[id].frames.clear();
    }

    std::int64_t head() { return world.number("SELECT head FROM sync_head"); }
    int closed(SessionId id) { return sink.links[id].closed; }

    std::vector<Json> take(SessionId id, const std::string &kind = {})
    {
        scheduler.run();
        std::vector<Json> found;
        for (const auto &frame : sink.links[id].frames)
            if (kind.empty() || frame["k"] == kind)
                found.push_back(frame);
        sink.links[id].frames.clear();
        return found;
    }

    std::string kinds(SessionId id)
    {
        std::string all;
        for (const auto &frame : sink.links[id].frames)
            all += (all.empty() ? "" : " ") + frame["k"].get<std::string>();
        return all;
    }

    Json mutation(const std::string &body = "hello")
    {
        return {{"n", ++lastN},           {"mid", world.ids.next().text()},
                {"lane", "ac"},           {"at", 1},
                {"op", "message.create"}, {"a", {{"conv", conversation.text()}, {"body", body}}}};
    }
};

} // namespace

class TestSessions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFirstHelloBeginsWithSnapshots()
    {
        Desk desk;
        desk.core.opened(1);
        desk.say(1, Desk::hello(desk.anna, 0, 0));
        QCOMPARE(desk.kinds(1), std::string{"welcome reset scopes e"});
        const auto frames = desk.take(1);
        QCOMPARE(text(frames[0]["epoch"]), text(Json(1)));
        QCOMPARE(text(frames[0]["codec"]), text(Json(2)));
        QCOMPARE(frames[1]["q"].get<std::int64_t>(), desk.head());
        QCOMPARE(text(frames[1]["rev0"]), text(Json(true)));
        QCOMPARE(frames[2]["list"].size(), 4);
    }

    void aReturningClientGetsWhatItMissedInOneRoundTrip()
    {
        Desk desk;
        const auto before = desk.head();
        desk.world.addMessage(desk.conversation);
        desk.core.opened(1);
        desk.say(1, Desk::hello(desk.anna, before));
        QCOMPARE(desk.kinds(1), std::string{"welcome scopes d e"});
        const auto frames = desk.take(1);
        QCOMPARE(text(frames[0]["left"]), text(Json(2)));
        QCOMPARE(frames[2]["from"].get<std::int64_t>(), before);
        QCOMPARE(frames[2]["to"].get<std::int64_t>(), desk.head());
        QCOMPARE(frames[2]["ch"].size(), 2);
    }

    void undecidedMutationsAreAnsweredOnReturn()
    {
        Desk desk;
        desk.join(1, desk.anna);
        const auto before = desk.head();
        desk.say(1, {{"k", "mut"}, {"i", {desk.mutation()}}});
        desk.core.closed(1);
        desk.world.executor->runBatch();
        desk.core.opened(2);
        auto hello = Desk::hello(desk.anna, before);
        hello["undecided"] = {1, 2, "x", -5};
        desk.say(2, hello);
        QCOMPARE(desk.kinds(2).substr(0, 20), std::string{"welcome res scopes d"});
        const auto receipts = desk.take(2, "res");
        QCOMPARE(receipts[0]["r"].size(), 1);
        QCOMPARE(text(receipts[0]["r"][0]["n"]), text(Json(1)));
        QCOMPARE(text(receipts[0]["r"][0]["dup"]), text(Json(true)));
    }

    void whoSaysNothingOrSomethingElseIsSentAway()
    {
        Desk desk;
        desk.core.opened(1);
        desk.core.opened(2);
        desk.say(2, {{"k", "ping"}, {"x", 1}});
        QCOMPARE(desk.closed(2), 4000);
        desk.scheduler.pass(9s);
        QCOMPARE(desk.closed(1), 0);
        desk.scheduler.pass(2s);
        QCOMPARE(desk.closed(1), 4000);
        QCOMPARE(desk.core.connections(), std::size_t{0});
    }

    void badTokensAndVersionsAreTold_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<int>("code");
        QTest::newRow("nonsense") << QStringLiteral("token") << 4001;
        QTest::newRow("another's device") << QStringLiteral("device") << 4001;
        QTest::newRow("revoked") << QStringLiteral("revoked") << 4003;
        QTest::newRow("disabled") << QStringLiteral("disabled") << 4004;
        QTest::newRow("from the future") << QStringLiteral("proto") << 4010;
        QTest::newRow("without a token") << QStringLiteral("none") << 4011;
        QTest::newRow("negative cursor") << QStringLiteral("q") << 4011;
    }

    void badTokensAndVersionsAreTold()
    {
        QFETCH(QString, what);
        QFETCH(int, code);
        Desk desk;
        auto hello = Desk::hello(desk.anna);
        if (what == QStringLiteral("token"))
            hello["token"] = "device:nobody";
        if (what == QStringLiteral("device"))
            hello["device"] = desk.omar.device.text();
        if (what == QStringLiteral("revoked"))
            QVERIFY(desk.world.change([&](WriteContext &ctx) -> base::Status {
                ctx.tx().run("UPDATE w_device SET revoked = 1");
                return base::Done{};
            }));
        if (what == QStringLiteral("disabled"))
            desk.world.setActive(desk.anna, false);
        if (what == QStringLiteral("proto"))
            hello["proto"] = {2, 3};
        if (what == QStringLiteral("none"))
            hello.erase("token");
        if (what == QStringLiteral("q"))
            hello["q"] = -1;
        desk.core.opened(1);
        desk.say(1, hello);
        QCOMPARE(desk.closed(1), code);
    }

    void aLiveSessionEndsWhenItsUserOrDeviceDoes()
    {
        Desk desk;
        desk.join(1, desk.anna);
        desk.join(2, desk.omar);
        desk.world.setActive(desk.anna, false);
        QVERIFY(desk.world.change([&](WriteContext &ctx) -> base::Status {
            ctx.tx().run("UPDATE w_device SET revoked = 1 WHERE id = ?", {desk.omar.device});
            ctx.record(protocol::EntityType::Device, desk.omar.device, scope::user(desk.omar.id));
            return base::Done{};
        }));
        desk.scheduler.pass(50ms);
        QCOMPARE(desk.closed(1), 4004);
        QCOMPARE(desk.closed(2), 4003);
        QVERIFY(desk.take(1, "d").empty());
    }

    void peopleOfEqualRightsShareAPageButNotTheirOwnRows_data()
    {
        QTest::addColumn<int>("reader"); // whose own row lies in between
        for (int i = 0; i < 3; ++i)
            QTest::addRow("session %d", i + 1) << i;
    }

    void peopleOfEqualRightsShareAPageButNotTheirOwnRows()
    {
        QFETCH(int, reader);
        Desk desk;
        const std::vector<World::Person> people{desk.anna, desk.world.addUser({0}), desk.world.addUser({0})};
        for (SessionId id = 1; id <= 3; ++id)
            desk.join(id, people[id - 1]);
        for (SessionId id = 1; id <= 3; ++id)
            desk.take(id);
        desk.world.addMessage(desk.conversation);
        desk.world.setRead(people[static_cast<std::size_t>(reader)], desk.conversation, 1);
        desk.scheduler.pass(50ms);
        for (SessionId id = 1; id <= 3; ++id) {
            const auto frames = desk.take(id, "d");
            QCOMPARE(frames.size(), std::size_t{1});
            const bool own = id == static_cast<SessionId>(reader) + 1;
            QCOMPARE(frames[0]["ch"].size(), own ? 3U : 2U);
            QCOMPARE(frames[0]["to"].get<std::int64_t>(), desk.head());
        }
    }

    void oneConnectionADevice()
    {
        Desk desk;
        desk.join(1, desk.anna);
        desk.join(2, desk.anna);
        QCOMPARE(desk.closed(1), 4009);
        QCOMPARE(desk.closed(2), 0);
        QVERIFY(desk.world.ephemera.isOnline(World::account, true, desk.anna.id));
        desk.core.closed(1);
        desk.core.closed(2);
        QVERIFY(!desk.world.ephemera.isOnline(World::account, true, desk.anna.id));
    }

    void theReceiptComesBeforeTheDelta()
    {
        Desk desk;
        desk.join(1, desk.anna);
        desk.join(2, desk.omar);
        desk.take(1);
        desk.take(2);
        desk.say(1, {{"k", "mut"}, {"i", {desk.mutation(), desk.mutation()}}});
        desk.world.executor->runBatch();
        desk.scheduler.pass(50ms);
        QCOMPARE(desk.kinds(1), std::string{"res d"});
        QCOMPARE(desk.kinds(2), std::string{"d"});
        const auto frames = desk.take(1);
        QCOMPARE(frames[0]["r"].size(), 2);
        QCOMPARE(text(frames[0]["r"][0]["seq"]), text(frames[1]["to"]));
        QCOMPARE(desk.take(2)[0]["ch"].size(), 3);
    }

    // The commit is in the database, its receipts are still on their way: an unrelated read must not show it.
    void anEarlyReadShowsNothingThatWasNotAnnounced()
    {
        Desk desk;
        desk.join(1, desk.anna);
        for (int i = 0; i < 9; ++i) {
            desk.world.addMessage(desk.conversation);
            desk.scheduler.pass(50ms);
        }
        QCOMPARE(desk.take(1, "d").size(), std::size_t{8}); // the credit is used up
        const auto head = desk.head();
        desk.say(1, {{"k", "mut"}, {"i", {desk.mutation()}}});
        desk.world.executor->runBatch(); // nothing was posted to the session yet
        desk.core.received(1, base::toText({{"k", "a"}, {"q", head - 2}}));
        std::string order;
        for (const auto &frame : desk.sink.links[1].frames)
            order += frame["k"].get<std::string>() + " ";
        QCOMPARE(order, std::string{"d "});
        QCOMPARE(desk.sink.links[1].frames[0]["to"].get<std::int64_t>(), head);
        desk.scheduler.pass(50ms);
        QCOMPARE(desk.kinds(1), std::string{"d res d"});
    }

    void aClientThatDoesNotAcknowledgeGetsNoMore()
    {
        Desk desk;
        desk.join(1, desk.anna);
        for (int i = 0; i < 12; ++i) {
            desk.world.addMessage(desk.conversation);
            desk.scheduler.pass(50ms);
        }
        const auto deltas = desk.take(1, "d");
        QCOMPARE(deltas.size(), std::size_t{8});
        desk.say(1, {{"k", "a"}, {"q", deltas[0]["to"]}});
        const auto more = desk.take(1, "d");
        QCOMPARE(more.size(), std::size_t{1});
        QCOMPARE(more[0]["to"].get<std::int64_t>(), desk.head());
        QCOMPARE(more[0]["ch"].size(), 5); // four messages and the conversation once
        desk.scheduler.pass(61s);
        QCOMPARE(desk.closed(1), 4008);
    }

    void creditCountsBytesToo()
    {
        Desk desk;
        desk.join(1, desk.anna);
        for (int i = 0; i < 5; ++i) {
            desk.world.addMessage(desk.conversation, std::string(600'000, 'x'));
            desk.scheduler.pass(50ms);
        }
        const auto deltas = desk.take(1, "d");
        const auto large = [](const Json &frame) { return base::toText(frame).size() > 100'000; };
        QCOMPARE(std::count_if(deltas.begin(), deltas.end(), large), 4);
        QVERIFY(deltas.size() < 8);
    }

    void aTimelyAcknowledgementKeepsTheSession()
    {
        Desk desk;
        desk.join(1, desk.anna);
        for (int minute = 0; minute < 10; ++minute) {
            desk.world.addMessage(desk.conversation);
            desk.scheduler.pass(30s);
            desk.say(1, {{"k", "a"}, {"q", desk.head()}});
            desk.scheduler.pass(30s);
        }
        QCOMPARE(desk.closed(1), 0);
    }

    void manyCommitsMakeOneFrame()
    {
        Desk desk;
        desk.join(1, desk.anna);
        desk.world.addMessage(desk.conversation);
        desk.scheduler.run();
        QCOMPARE(desk.take(1, "d").size(), std::size_t{1}); // it was quiet: at once
        for (int i = 0; i < 10; ++i) {
            desk.world.addMessage(desk.conversation);
            desk.scheduler.pass(1ms);
        }
        desk.scheduler.pass(20ms);
        const auto deltas = desk.take(1, "d");
        QCOMPARE(deltas.size(), std::size_t{1});
        QCOMPARE(deltas[0]["ch"].size(), 11);
    }

    void whatIsNotForMeMovesMyCursorLater()
    {
        Desk desk;
        desk.join(1, desk.anna);
        const auto elsewhere = desk.world.addConversation(1);
        desk.world.addMessage(elsewhere);
        desk.scheduler.pass(100ms);
        QVERIFY(desk.take(1).empty());
        desk.scheduler.pass(1s);
        const auto deltas = desk.take(1, "d");
        QCOMPARE(deltas.size(), std::size_t{1});
        QVERIFY(deltas[0]["ch"].empty());
        QCOMPARE(deltas[0]["to"].get<std::int64_t>(), desk.head());
    }

    void myOwnMutationMovesMyCursorAtOnce()
    {
        Desk desk;
        desk.join(1, desk.anna);
        desk.world.addMessage(desk.world.addConversation(1));
        desk.scheduler.pass(30ms);
        auto nothing = desk.mutation();
        nothing["op"] = "test.nothing";
        desk.say(1, {{"k", "mut"}, {"i", {nothing}}});
        desk.world.executor->runBatch();
        desk.scheduler.pass(30ms);
        const auto frames = desk.take(1);
        QCOMPARE(frames[0]["r"][0]["seq"].get<std::int64_t>(), desk.head());
        QCOMPARE(frames[1]["to"].get<std::int64_t>(), desk.head());
    }

    void gainedAndLostScopesAreToldWithTheChange()
    {
        Desk desk;
        desk.join(1, desk.anna);
        desk.world.setMember(desk.anna, 1, true);
        desk.scheduler.pass(50ms);
        auto frames = desk.take(1);
        QCOMPARE(text(frames[0]["k"]), text(Json("scopes")));
        QCOMPARE(frames[0]["list"].size(), 5);
        QCOMPARE(text(frames[1]["ch"][0]["t"]), text(Json("access")));
        desk.world.setMember(desk.anna, 0, false);
        desk.world.addMessage(desk.conversation);
        desk.scheduler.pass(50ms);
        frames = desk.take(1);
        QCOMPARE(frames[0]["list"].size(), 4);
        for (const auto &row : frames[1]["ch"])
            QVERIFY(row["t"] != "message");
    }

    void aSlowLiveSessionIsResetWhenTracesAreGone()
    {
        Desk desk;
        desk.join(1, desk.anna);
        for (int i = 0; i < 8; ++i) {
            desk.world.addMessage(desk.conversation);
            desk.scheduler.pass(50ms);
        }
        const auto last = desk.take(1, "d").back()["to"];
        desk.world.removeContact(desk.world.addContact("a"));
        desk.world.addMessage(desk.conversation);
        desk.world.compact();
        desk.say(1, {{"k", "a"}, {"q", last}});
        desk.scheduler.pass(50ms);
        const auto resets = desk.take(1, "reset");
        QCOMPARE(resets.size(), std::size_t{1});
        QCOMPARE(text(resets[0]["why"]), text(Json("floor")));
        QCOMPARE(text(resets[0]["rev0"]), text(Json(false)));
        desk.world.addMessage(desk.conversation);
        desk.scheduler.pass(50ms);
        QCOMPARE(text(desk.take(1, "d")[0]["from"]), text(resets[0]["q"]));
    }

    void aCursorFromTheFutureBeginsANewEpoch()
    {
        Desk desk;
        desk.join(1, desk.omar);
        desk.core.opened(2);
        desk.say(2, Desk::hello(desk.anna, desk.head() + 1000));
        QCOMPARE(text(desk.take(2, "reset")[0]["why"]), text(Json("ahead")));
        desk.world.executor->runBatch();
        desk.scheduler.pass(50ms);
        const auto epoch = desk.take(1, "reset")[0]["epoch"].get<int>();
        QVERIFY(epoch > 1);
        desk.core.opened(3);
        desk.say(3, Desk::hello(desk.anna, desk.head() + 1000, epoch));
        desk.world.executor->runBatch();
        QCOMPARE(desk.world.number("SELECT epoch FROM sync_head"), epoch); // once an hour
    }

    void aClientMayAskForAReset()
    {
        Desk desk;
        desk.join(1, desk.anna);
        desk.say(1, {{"k", "reset_me"}, {"why", "quick_check"}});
        const auto reset = desk.take(1, "reset")[0];
        QCOMPARE(text(reset["why"]), text(Json("asked")));
        QCOMPARE(reset["q"].get<std::int64_t>(), desk.head());
        desk.world.addMessage(desk.conversation);
        desk.scheduler.pass(50ms);
        QCOMPARE(text(desk.take(1, "d")[0]["from"]), text(reset["q"]));
    }

    void aTokenIsRenewedOnTheLiveSocket()
    {
        Desk desk;
        desk.world.tokenEnd = desk.world.clock.now() + 15min;
        desk.join(1, desk.anna);
        desk.join(2, desk.omar);
        desk.take(1);
        desk.scheduler.pass(12min);
        QVERIFY(desk.take(1).empty());
        desk.scheduler.pass(70s);
        QCOMPARE(text(desk.take(1, "auth_soon")[0]["s"]), text(Json(120)));
        desk.world.tokenEnd = desk.world.clock.now() + 15min;
        desk.say(1, {{"k", "auth"}, {"token", desk.anna.token}});
        desk.say(2, {{"k", "auth"}, {"token", desk.anna.token}});
        QCOMPARE(desk.closed(2), 4001); // another user's
        desk.scheduler.pass(10min);
        QCOMPARE(desk.closed(1), 0);
        desk.scheduler.pass(6min);
        QCOMPARE(desk.closed(1), 4001);
    }

    void ephemeralNewsGoesToThoseWhoLook()
    {
        Desk desk;
        auto sara = desk.world.addUser({1});
        desk.join(1, desk.anna);
        desk.join(2, desk.omar);
        desk.join(3, sara);
        for (const SessionId id : {2, 3})
            desk.say(id, {{"k", "focus"}, {"convs", {desk.conversation.text(), 7, "no id"}}});
        for (const SessionId id : {1, 2, 3})
            desk.take(id);
        desk.say(1, {{"k", "e"},
                     {"t", "composing"},
                     {"conv", desk.conversation.text()},
                     {"on", true},
                     {"private", true}});
        QVERIFY(desk.take(1).empty());
        const auto told = desk.take(2, "e");
        QCOMPARE(told.size(), std::size_t{1});
        QCOMPARE(text(told[0]["user"]), text(Json(desk.anna.id.text())));
        QCOMPARE(text(told[0]["private"]), text(Json(true)));
        QVERIFY(desk.take(3).empty()); // looks, but may not see it
        desk.say(3, {{"k", "e"}, {"t", "composing"}, {"conv", desk.conversation.text()}, {"on", true}});
        QVERIFY(desk.take(2).empty()); // may not speak of it either
        for (int i = 0; i < 20; ++i)
            desk.say(1, {{"k", "e"}, {"t", "viewing"}, {"conv", desk.conversation.text()}, {"on", true}});
        QVERIFY(desk.take(2).size() <= 5);
    }

    void presenceFollowsConnections()
    {
        Desk desk;
        const auto visitor = desk.world.ids.next();
        desk.world.ephemera.connected(World::account, false, visitor);
        desk.core.opened(1);
        desk.say(1, Desk::hello(desk.anna));
        const auto online = desk.take(1, "e");
        QVERIFY(std::any_of(online.begin(), online.end(),
                            [&](const Json &frame) { return frame.value("contact", "") == visitor.text(); }));
        desk.join(2, desk.omar);
        auto news = desk.take(1, "e");
        QCOMPARE(text(news.back()["user"]), text(Json(desk.omar.id.text())));
        QCOMPARE(text(news.back()["st"]), text(Json("online")));
        desk.core.closed(2);
        QCOMPARE(text(desk.take(1, "e").back()["st"]), text(Json("offline")));
        desk.world.ephemera.disconnected(World::account, false, visitor);
        QCOMPARE(text(desk.take(1, "e").back()["contact"]), text(Json(visitor.text())));
    }

    void tooManyMutationsInFlightAreSentBack()
    {
        Desk desk;
        desk.join(1, desk.anna);
        auto items = Json::array();
        for (int i = 0; i < 70; ++i)
            items.push_back(desk.mutation());
        desk.say(1, {{"k", "mut"}, {"i", items}});
        const auto busy = desk.take(1, "res");
        QCOMPARE(busy[0]["r"].size(), 6);
        QCOMPARE(text(busy[0]["r"][0]["code"]), text(Json("busy")));
        desk.world.executor->runBatch();
        std::size_t answered = 0;
        for (const auto &frame : desk.take(1, "res"))
            answered += frame["r"].size();
        QCOMPARE(answered, std::size_t{64});
    }

    void aMalformedMutationIsRefusedAndTheLaneGoesOn()
    {
        Desk desk;
        desk.join(1, desk.anna);
        auto broken = desk.mutation();
        broken["a"] = "text";
        desk.say(1, {{"k", "mut"}, {"i", {broken, desk.mutation()}}});
        desk.world.executor->runBatch();
        const auto receipts = desk.take(1, "res")[0]["r"];
        QCOMPARE(text(receipts[0]["code"]), text(Json("invalid")));
        QCOMPARE(text(receipts[1]["st"]), text(Json("ok")));
    }

    void aDrainSendsEachAwayAtAMomentOfItsOwn()
    {
        Desk desk;
        std::vector<World::Person> people;
        for (SessionId id = 1; id <= 40; ++id) {
            people.push_back(desk.world.addUser({0}));
            desk.join(id, people.back());
        }
        for (SessionId id = 1; id <= 40; ++id)
            desk.take(id);
        desk.core.opened(41); // said nothing yet: goes at once
        desk.core.drain(20s);
        QCOMPARE(desk.closed(41), 4013);
        desk.core.opened(42);
        QCOMPARE(desk.closed(42), 4013);

        std::map<SessionId, std::int64_t> moments;
        for (SessionId id = 1; id <= 40; ++id) {
            const auto bye = desk.take(id, "bye")[0];
            QCOMPARE(text(bye["spread_ms"]), text(Json(1000)));
            moments[id] = bye["after_ms"].get<std::int64_t>();
            QVERIFY(moments[id] >= 0 && moments[id] <= 20000);
        }
        const auto begin = desk.world.clock.monotonic();
        std::size_t left = 40;
        while (left > 0 && desk.world.clock.monotonic() - begin < 21s) {
            desk.scheduler.pass(100ms);
            const auto passed = (desk.world.clock.monotonic() - begin).count();
            left = 0;
            for (const auto &[id, moment] : moments) {
                QCOMPARE(desk.closed(id), moment <= passed ? 4013 : 0);
                left += moment > passed;
            }
        }
        QCOMPARE(left, std::size_t{0});
        QCOMPARE(desk.core.connections(), std::size_t{0});
    }

    void whoIsNotYetSentAwayStillWorks()
    {
        Desk desk;
        desk.join(1, desk.anna);
        desk.take(1);
        desk.core.drain(600s);
        QVERIFY(desk.take(1, "bye")[0]["after_ms"].get<std::int64_t>() > 1000);
        desk.say(1, {{"k", "mut"}, {"i", {desk.mutation()}}});
        desk.world.executor->runBatch();
        desk.scheduler.pass(50ms);
        QCOMPARE(desk.kinds(1), std::string{"res d"});
    }

    void aSecondDrainWaitsForNobody()
    {
        Desk desk;
        desk.join(1, desk.anna);
        desk.core.drain(600s);
        desk.core.drain(0s);
        QCOMPARE(desk.closed(1), 4013);
        QCOMPARE(desk.take(1, "bye").size(), std::size_t{1});
        desk.scheduler.pass(601s);
        QCOMPARE(desk.core.connections(), std::size_t{0});
    }

    void presenceIsToldOnceOnOpening()
    {
        Desk desk;
        desk.join(1, desk.anna);
        desk.core.opened(2);
        desk.core.opened(3);
        desk.core.received(2, base::toText(Desk::hello(desk.omar, desk.head())));
        desk.core.received(3, base::toText(Desk::hello(desk.world.addUser({0}), desk.head())));
        desk.scheduler.run();
        QCOMPARE(desk.take(1, "e").size(), std::size_t{2}); // its own came with the opening
        QCOMPARE(desk.take(2, "e").size(), std::size_t{3});
        QCOMPARE(desk.take(3, "e").size(), std::size_t{3});
    }

    void aDeviceThatComesBackWasNeverGone()
    {
        Desk desk;
        desk.join(1, desk.omar);
        desk.join(2, desk.anna);
        desk.take(1);
        desk.join(3, desk.anna); // the same device: replaces 2
        desk.scheduler.run();
        QCOMPARE(desk.closed(2), 4009);
        QVERIFY(desk.take(1, "e").empty());
    }

    void aDeviceHasOneConnectionWhateverWayItCame()
    {
        Desk desk;
        tests::FakeSink pollSink;
        auto parts = desk.world.parts(desk.scheduler, desk.sink);
        auto pollParts = desk.world.parts(desk.scheduler, pollSink);
        pollParts.seats = parts.seats;
        SessionCore sockets{parts};
        SessionCore polls{pollParts};
        sockets.opened(1);
        sockets.received(1, base::toText(Desk::hello(desk.anna, desk.head())));
        polls.opened(1);
        polls.received(1, base::toText(Desk::hello(desk.anna, desk.head())));
        desk.scheduler.run();
        QCOMPARE(desk.closed(1), 4009);
        QCOMPARE(pollSink.links[1].closed, 0);
        sockets.opened(2);
        sockets.received(2, base::toText(Desk::hello(desk.anna, desk.head())));
        QCOMPARE(pollSink.links[1].closed, 4009);
        QCOMPARE(desk.closed(2), 0);
    }

    void theLongestConnectedDeviceOfAPersonGivesWay()
    {
        Desk desk;
        std::vector<World::Person> devices{desk.anna};
        for (int i = 0; i < 6; ++i) {
            auto another = desk.anna;
            another.device = desk.world.addDevice(desk.anna);
            another.token = "device:" + another.device.text();
            devices.push_back(another);
        }
        desk.join(100, desk.omar);
        for (SessionId id = 1; id <= 5; ++id)
            desk.join(id, devices[id - 1]);
        QCOMPARE(desk.closed(1), 0);
        desk.join(6, devices[0]); // the first one again: now it is the youngest
        QCOMPARE(desk.closed(1), 4009);
        QCOMPARE(desk.closed(2), 0);
        desk.join(7, devices[5]);
        QCOMPARE(desk.closed(2), 4009);
        desk.core.closed(3);
        desk.join(8, devices[6]); // a seat was free
        for (SessionId id = 4; id <= 8; ++id)
            QCOMPARE(desk.closed(id), 0);
        QCOMPARE(desk.closed(100), 0);
    }

    void manyWhoBeginAnewAreAskedForMoreTime()
    {
        Desk desk;
        const auto spreadOf = [&desk](SessionId id, std::int64_t epoch) {
            desk.core.opened(id);
            desk.say(id, Desk::hello(desk.anna, desk.head(), epoch));
            return desk.take(id, "welcome")[0]["spread_ms"].get<std::int64_t>();
        };
        for (SessionId id = 1; id <= 40; ++id)
            QCOMPARE(spreadOf(id, id % 10 == 0 ? 7 : 1), std::int64_t{1000}); // a tenth: no storm
        std::int64_t last = 0;
        for (SessionId id = 41; id <= 60; ++id)
            last = spreadOf(id, 7);
        QCOMPARE(last, std::int64_t{10'000});
        desk.world.clock.advance(61s);
        QCOMPARE(spreadOf(61, 7), std::int64_t{1000}); // one alone
    }

    void aDrainSaysGoodbye()
    {
        Desk desk;
        desk.join(1, desk.anna);
        desk.core.opened(2);
        desk.core.drain(0s);
        QCOMPARE(text(desk.take(1, "bye")[0]["reason"]), text(Json("drain")));
        QCOMPARE(desk.closed(1), 4013);
        QCOMPARE(desk.closed(2), 4013);
        desk.core.opened(3);
        QCOMPARE(desk.closed(3), 4013);
        QCOMPARE(desk.core.connections(), std::size_t{0});
    }

    void nothingIsLeftOfASessionThatEnded()
    {
        Desk desk;
        const auto before = desk.scheduler.timers();
        for (SessionId id = 1; id <= 50; ++id) {
            desk.join(id, desk.anna);
            desk.world.addMessage(desk.conversation);
            desk.scheduler.run();
            desk.core.closed(id);
        }
        desk.scheduler.pass(2s);
        QCOMPARE(desk.scheduler.timers(), before);
        QCOMPARE(desk.core.connections(), std::size_t{0});
    }

    void brokenFramesCloseTheSession_data()
    {
        QTest::addColumn<QByteArray>("frame");
        QTest::newRow("nothing") << QByteArray{};
        QTest::newRow("no JSON") << QByteArray{"{\"k\":"};
        QTest::newRow("a list") << QByteArray{"[1,2]"};
        QTest::newRow("no kind") << QByteArray{"{\"x\":1}"};
        QTest::newRow("kind of another type") << QByteArray{"{\"k\":7}"};
        QTest::newRow("not UTF-8") << QByteArray{"{\"k\":\"\xff\"}"};
        QTest::newRow("deep") << QByteArray(100'000, '[');
        QTest::newRow("oversized") << QByteArray{"{\"k\":\"a\",\"x\":\""} + QByteArray(300'000, 'x') + "\"}";
        QTest::newRow("hello twice") << QByteArray{"{\"k\":\"hello\"}"};
        QTest::newRow("mutations that are none") << QByteArray{"{\"k\":\"mut\",\"i\":7}"};
        QTest::newRow("a mutation without a name") << QByteArray{"{\"k\":\"mut\",\"i\":[{\"n\":1}]}"};
        QTest::newRow("auth without a token") << QByteArray{"{\"k\":\"auth\",\"token\":[]}"};
    }

    void brokenFramesCloseTheSession()
    {
        QFETCH(QByteArray, frame);
        Desk desk;
        desk.join(1, desk.anna);
        desk.core.received(1, std::string_view{frame.data(), static_cast<std::size_t>(frame.size())});
        QCOMPARE(desk.closed(1), 4011);
        QVERIFY(!desk.take(1, "err").empty());
    }

    // Random pieces put together in random ways: the session may end, the core may not.
    void hostileFramesNeverCrash()
    {
        const auto seed = std::random_device{}();
        qInfo("seed %u", seed);
        std::mt19937 engine{seed};
        Desk desk;
        const std::vector<Json> values{nullptr,
                                       true,
                                       -1,
                                       0,
                                       1,
                                       1e300,
                                       9007199254740993,
                                       "x",
                                       "",
                                       Json::array(),
                                       Json::object(),
                                       {1, 2, 3},
                                       {{"k", "d"}},
                                       desk.conversation.text(),
                                       std::string(5000, 'y'),
                                       "\xff",
                                       {nullptr, "x", {1}},
                                       18446744073709551615U};
        const std::vector<std::string> keys{"k",     "q",         "res",     "i",      "convs", "t",
                                            "conv",  "on",        "private", "x",      "token", "device",
                                            "epoch", "undecided", "proto",   "codecs", "why",   "scopes"};
        const std::vector<std::string> kinds{"hello", "auth",     "a",    "mut", "focus",
                                             "e",     "reset_me", "ping", "bye", "zz"};
        const auto pick = [&](const auto &list) { return list[engine() % list.size()]; };
        SessionId id = 0;
        for (int round = 0; round < 3000; ++round) {
            if (id == 0 || desk.closed(id) != 0) {
                desk.core.opened(++id);
                if (engine() % 8)
                    desk.say(id, Desk::hello(desk.anna, desk.head()));
            }
            Json frame{{"k", pick(kinds)}};
            for (auto fields = engine() % 5; fields > 0; --fields)
                frame[pick(keys)] = pick(values);
            if (engine() % 3 == 0) {
                auto item = desk.mutation();
                item[pick(std::vector<std::string>{"n", "mid", "op", "a", "lane", "see", "after", "dep"})] =
                    pick(values);
                frame["i"] = {item};
            }
            auto text = base::toText(frame);
            if (engine() % 5 == 0)
                text.resize(engine() % (text.size() + 1));
            if (engine() % 5 == 0 && !text.empty())
                text[engine() % text.size()] = static_cast<char>(engine());
            desk.core.received(id, text);
            desk.world.executor->runBatch();
            desk.scheduler.pass(base::Duration{engine() % 50});
            desk.sink.links[id].frames.clear();
        }
        desk.core.opened(++id);
        desk.say(id, Desk::hello(desk.anna, 0, 0));
        QCOMPARE(desk.closed(id), 0);
        QVERIFY(!desk.take(id, "welcome").empty());
        QCOMPARE(desk.world.database->check(), std::string{});
    }

    void aFailingDatabaseSendsSessionsAwayAndTheCoreLives()
    {
        Desk desk;
        desk.join(1, desk.anna);
        desk.world.addMessage(desk.conversation);
        desk.world.database->writer().transaction().run("ALTER TABLE w_member RENAME TO w_gone");
        desk.scheduler.pass(50ms);
        QCOMPARE(desk.closed(1), 1001);
        desk.core.opened(2);
        desk.say(2, Desk::hello(desk.anna));
        QCOMPARE(desk.closed(2), 1001);
        desk.world.database->writer().transaction().run("ALTER TABLE w_gone RENAME TO w_member");
        desk.join(3, desk.anna);
        QCOMPARE(desk.closed(3), 0);
        QVERIFY(desk.world.ephemera.isOnline(World::account, true, desk.anna.id));
        desk.core.closed(3);
        QVERIFY(!desk.world.ephemera.isOnline(World::account, true, desk.anna.id));
    }
};

REGISTER_TEST(TestSessions);
#include "tst_sessions.moc"
