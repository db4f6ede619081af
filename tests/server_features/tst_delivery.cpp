#include "server/app/journal_check.h"
#include "server/features/conversations/dispatcher.h"
#include "server/features/webwidget/visitor_view.h"
#include "shared/domain/conversations/delivery.h"
#include "tests/server_features/desk.h"
#include "tests/support/register_test.h"

#include <QTest>

#include <deque>

using namespace std::chrono_literals;
using base::Json;
using domain::Delivery;
using protocol::Verdict;
using server::conversations::DeliveryOutcome;
using server::conversations::Dispatcher;
using server::conversations::OutboundChannel;
using server::conversations::OutboundChannels;
using server::conversations::OutboundMessage;
using server::sync::WriteContext;
using tests::Desk;

namespace {

/// A channel that says what the test told it to.
class Scripted : public OutboundChannel {
public:
    DeliveryOutcome deliver(const OutboundMessage &message) override
    {
        tried.push_back(message);
        if (duringTry)
            duringTry();
        if (answers.empty())
            return {};
        auto answer = answers.front();
        answers.pop_front();
        return answer;
    }
    [[nodiscard]] bool isIdempotent() const override { return idempotent; }

    std::deque<DeliveryOutcome> answers;
    std::vector<OutboundMessage> tried;
    std::function<void()> duringTry;
    bool idempotent = false;
};

/// A conversation whose agents have ten seconds to take a reply back.
struct Case {
    Desk desk;
    Scripted channel;
    OutboundChannels channels{{"scripted", &channel}};
    Dispatcher dispatcher{{*desk.database, *desk.executor, channels, desk.clock, desk.random, {}}};
    server::contacts::Visitor visitor = desk.newVisitor();
    base::Uuid id = desk.say(visitor, "Hello", desk.ids.next())->conversation.conversation.id.value;

    explicit Case(int undo = 10)
    {
        desk.write([&](WriteContext &ctx) -> base::Status {
            const auto changed =
                desk.accounts.change(ctx, {{}, {}, base::toText(Json{{"undo_send_s", undo}})});
            return changed ? base::Status{base::Done{}} : base::Status{changed.error()};
        });
    }
    /// Replies leave by the scripted channel instead of the widget.
    void useChannel()
    {
        desk.write([&](WriteContext &ctx) -> base::Status {
            ctx.tx().run("UPDATE inboxes SET channel = 'scripted' WHERE id = ?", {desk.inbox.inbox.number});
            return base::Done{};
        });
    }
    base::Uuid reply(const std::string &body)
    {
        (void)desk.mutate(desk.agent, "message.create", {{"conv", id.text()}, {"body", body}});
        return desk.lastMid;
    }
    protocol::Receipt decide(const char *op, const base::Uuid &message,
                             std::optional<server::sync::Actor> who = std::nullopt)
    {
        return desk.mutate(who.value_or(desk.agent), op, {{"conv", id.text()}, {"message", message.text()}});
    }
    void wait(base::Duration time)
    {
        desk.clock.advance(time);
        dispatcher.round();
    }
    Delivery state(const base::Uuid &message)
    {
        return desk.read([&](server::storage::Transaction &tx) {
            return server::conversations::MessageStore{tx}.delivery(message);
        });
    }
    /// What the visitor's widget shows.
    std::vector<std::string> shown()
    {
        return desk.read([&](server::storage::Transaction &tx) {
            std::vector<std::string> bodies;
            const server::webwidget::VisitorLinks links{{desk.crypto, desk.clock},
                                                        server::pictures::PictureLink{desk.crypto}};
            server::webwidget::VisitorView view{
                tx, links, {visitor.id, 1, desk.inbox.inbox.number, desk.clock.now(), {}, {}}};
            for (const auto &row : view.recent())
                bodies.push_back(row["body"].get<std::string>());
            return bodies;
        });
    }
    std::string wrongInJournal()
    {
        return desk.read([&](server::storage::Transaction &tx) {
            const auto wrong = server::app::brokenInvariants(tx);
            return wrong.empty() ? std::string{} : wrong.front();
        });
    }
};

using Bodies = std::vector<std::string>;

} // namespace

/// Between an agent's Send and the customer (sync-protocol 9.8 and 11).
class DeliveryStates : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void onlyForwardByRank()
    {
        using domain::mayMove;
        const std::vector<Delivery> ranks{Delivery::Pending, Delivery::Dispatching, Delivery::Sent,
                                          Delivery::Delivered, Delivery::Read};
        for (std::size_t from = 0; from < ranks.size(); ++from)
            for (std::size_t to = 0; to < ranks.size(); ++to)
                QCOMPARE(mayMove(ranks[from], ranks[to]), to > from && ranks[to] != Delivery::Pending);
        QVERIFY(mayMove(Delivery::Sent, Delivery::Failed));
        QVERIFY(!mayMove(Delivery::Delivered, Delivery::Failed));
        QVERIFY(!mayMove(Delivery::Failed, Delivery::Sent));
        QVERIFY(mayMove(Delivery::Dispatching, Delivery::Uncertain));
        QVERIFY(!mayMove(Delivery::Pending, Delivery::Uncertain));
        QVERIFY(mayMove(Delivery::Uncertain, Delivery::Read));
        QVERIFY(!mayMove(Delivery::Uncertain, Delivery::Dispatching));
        for (const auto state : ranks)
            QCOMPARE(domain::deliveryFromText(domain::toText(state)), std::optional{state});
    }

    void theCustomerSeesAReplyOnlyWhenItCannotBeTakenBackAnyMore()
    {
        Case c;
        const auto reply = c.reply("Welcome");
        QCOMPARE(c.state(reply), Delivery::Pending);
        c.wait(9s);
        QCOMPARE(c.shown(), Bodies{"Hello"});
        c.wait(1s);
        QCOMPARE(c.state(reply), Delivery::Sent);
        QCOMPARE(c.shown(), (Bodies{"Hello", "Welcome"}));
        QCOMPARE(c.wrongInJournal(), std::string{});
    }

    void withoutAWindowItIsThereAtOnce()
    {
        Case c{0};
        (void)c.reply("Welcome");
        QCOMPARE(c.shown(), (Bodies{"Hello", "Welcome"}));
    }

    void aReplyTakenBackLeavesTheConversationAsItWas()
    {
        Case c;
        const auto before = c.desk.row(c.id);
        const auto reply = c.reply("Oops");
        QVERIFY(!c.desk.row(c.id).conversation.waitingSince);
        QCOMPARE(c.decide("message.discard", reply).verdict, Verdict::Ok);
        auto after = c.desk.row(c.id);
        QCOMPARE(after.conversation.lastN, before.conversation.lastN + 1); // a number is given once
        after.conversation.lastN = before.conversation.lastN;
        after.conversation.lastActivityAt = before.conversation.lastActivityAt;
        QVERIFY(after.conversation == before.conversation);
        QVERIFY(!after.firstReplyAt);
        c.wait(1min);
        QCOMPARE(c.shown(), Bodies{"Hello"});
        QCOMPARE(c.desk.bodies(c.id), Bodies{"Hello"});
        QCOMPARE(c.wrongInJournal(), std::string{});
    }

    void takingBackTooLateChangesNothingAndSaysSo()
    {
        Case c;
        const auto reply = c.reply("Too quick");
        c.desk.clock.advance(10s); // its time has come, whether or not the dispatcher has been there
        const auto receipt = c.decide("message.discard", reply);
        QCOMPARE(receipt.verdict, Verdict::Ok);
        QCOMPARE(receipt.detail, std::string{R"({"warn":"already"})"});
        c.wait(0s);
        QCOMPARE(c.shown(), (Bodies{"Hello", "Too quick"}));
    }

    void nobodyTakesBackAColleaguesWords()
    {
        Case c;
        const auto reply = c.reply("Mine");
        QCOMPARE(c.decide("message.discard", reply, c.desk.admin).code, base::ErrorCode::Forbidden);
        c.wait(10s);
        QCOMPARE(c.shown(), (Bodies{"Hello", "Mine"}));
    }

    void whatTheCustomerWroteMeanwhileStandsBeforeTheReply()
    {
        Case c;
        const auto first = c.reply("One");
        (void)c.reply("Two");
        (void)c.desk.say(c.visitor, "Anybody?", c.desk.ids.next());
        QCOMPARE(c.shown(), (Bodies{"Hello", "Anybody?"}));
        c.wait(10s);
        c.wait(0s);
        QCOMPARE(c.shown(), (Bodies{"Hello", "Anybody?", "One", "Two"}));
        const auto row = c.desk.row(c.id);
        QCOMPARE(row.conversation.agentN, row.conversation.lastN);
        QCOMPARE(row.conversation.preview, std::string{"Two"});
        QCOMPARE(c.state(first), Delivery::Sent);
        QCOMPARE(c.wrongInJournal(), std::string{});
    }

    void readingUpToHereDoesNotCountForWhatWaits()
    {
        Case c;
        const auto reply = c.reply("Later");
        (void)c.desk.say(c.visitor, "Hm", c.desk.ids.next());
        const auto row = c.desk.row(c.id);
        c.desk.must({server::sync::Actor::Kind::Contact, row.conversation.contact.value, row.contact},
                    [&](WriteContext &ctx) {
                        return c.desk.conversations.markReadByContact(ctx, c.id, row.conversation.lastN);
                    });
        QCOMPARE(c.state(reply), Delivery::Pending);
        c.wait(10s);
        QCOMPARE(c.state(reply), Delivery::Sent);
    }

    void aChannelGetsThemInOrderAndAfterTheWindow()
    {
        Case c;
        c.useChannel();
        const auto first = c.reply("One");
        const auto second = c.reply("Two");
        c.wait(5s);
        QVERIFY(c.channel.tried.empty());
        c.channel.duringTry = [&] {
            QCOMPARE(c.state(c.channel.tried.back().message.id.value), Delivery::Dispatching);
        };
        c.wait(5s);
        c.wait(0s);
        QCOMPARE(c.channel.tried.size(), std::size_t{2});
        QCOMPARE(c.channel.tried.front().message.id.value, first);
        QCOMPARE(c.channel.tried.back().message.id.value, second);
        QCOMPARE(c.state(second), Delivery::Sent);
        QCOMPARE(c.wrongInJournal(), std::string{});
    }

    void whatCannotGoNowIsTriedAgainAndHoldsTheNextOneBack()
    {
        Case c{0};
        c.useChannel();
        c.channel.answers = {{DeliveryOutcome::Kind::Later, "rate", 30s}, {}, {}};
        const auto first = c.reply("One");
        const auto second = c.reply("Two");
        c.wait(0s);
        QCOMPARE(c.state(first), Delivery::Dispatching);
        QCOMPARE(c.state(second), Delivery::Pending);
        c.wait(29s);
        QCOMPARE(c.channel.tried.size(), std::size_t{1});
        c.wait(1s);
        c.wait(0s);
        QCOMPARE(c.channel.tried.size(), std::size_t{3});
        QCOMPARE(c.channel.tried[1].attempt, 2);
        QCOMPARE(c.state(second), Delivery::Sent);
    }

    void whatIsRefusedFailsStopsNobodyAndGoesOutOnRetry()
    {
        Case c{0};
        c.useChannel();
        c.channel.answers = {{DeliveryOutcome::Kind::Refused, "blocked", {}}, {}, {}};
        const auto first = c.reply("One");
        const auto second = c.reply("Two");
        c.wait(0s);
        c.wait(0s);
        QCOMPARE(c.state(first), Delivery::Failed);
        QCOMPARE(c.state(second), Delivery::Sent);
        QCOMPARE(c.decide("message.retry", first).detail, std::string{});
        QCOMPARE(c.state(first), Delivery::Pending);
        c.wait(0s);
        QCOMPARE(c.state(first), Delivery::Sent);
        QCOMPARE(c.decide("message.retry", first).detail, std::string{R"({"warn":"already"})"});
        QCOMPARE(c.wrongInJournal(), std::string{});
    }

    void aLostAnswerIsNeverRepeatedUnlessThatCanDoNoHarm_data()
    {
        QTest::addColumn<bool>("idempotent");
        QTest::newRow("idempotent") << true;
        QTest::newRow("not") << false;
    }

    void aLostAnswerIsNeverRepeatedUnlessThatCanDoNoHarm()
    {
        QFETCH(bool, idempotent);
        Case c{0};
        c.useChannel();
        c.channel.idempotent = idempotent;
        const DeliveryOutcome lost{DeliveryOutcome::Kind::Unknown, "no_answer", {}};
        c.channel.answers = {lost, lost, lost};
        const auto reply = c.reply("One");
        c.wait(0s);
        QCOMPARE(c.state(reply), Delivery::Uncertain);
        c.wait(9min);
        QCOMPARE(c.channel.tried.size(), std::size_t{1});
        c.wait(1min);
        c.wait(24h);
        QCOMPARE(c.channel.tried.size(), std::size_t(idempotent ? 2 : 1));
        QCOMPARE(c.state(reply), Delivery::Uncertain);
        QCOMPARE(c.wrongInJournal(), std::string{});
    }

    void aServerThatDiedInTheMiddleDoesNotSendTwice()
    {
        Case c{0};
        c.useChannel();
        const auto reply = c.reply("One");
        struct Died {};
        c.channel.duringTry = [] { throw Died{}; };
        QVERIFY_EXCEPTION_THROWN(c.wait(0s), Died);
        c.channel.duringTry = nullptr;
        c.wait(59s);
        QCOMPARE(c.state(reply), Delivery::Dispatching);
        c.wait(1s);
        QCOMPARE(c.state(reply), Delivery::Uncertain);
        QCOMPARE(c.channel.tried.size(), std::size_t{1});
    }

    void newsFromTheChannelSettleWhatIsUncertain()
    {
        Case c{0};
        c.useChannel();
        c.channel.idempotent = true;
        c.channel.answers = {{DeliveryOutcome::Kind::Unknown, "no_answer", {}}};
        const auto reply = c.reply("One");
        c.wait(0s);
        c.desk.write(
            [&](WriteContext &ctx) { return c.desk.conversations.setDelivery(ctx, reply, "delivered"); });
        c.wait(1h);
        QCOMPARE(c.channel.tried.size(), std::size_t{1});
        QCOMPARE(c.state(reply), Delivery::Delivered);
    }

    void aRowInTheQueueOutlivesItsMessageWithoutHarm()
    {
        Case c;
        const auto reply = c.reply("One");
        c.desk.write([&](WriteContext &ctx) -> base::Status {
            ctx.tx().run("DELETE FROM message_states WHERE message = ?", {reply});
            ctx.tx().run("DELETE FROM messages WHERE uuid = ?", {reply});
            for (const auto type : {protocol::EntityType::Message, protocol::EntityType::MessageState})
                ctx.record({server::sync::ChangeKind::Delete, type, reply,
                            server::sync::scope::inbox(c.desk.inbox.inbox.id.value), c.id});
            return base::Done{};
        });
        c.wait(10s);
        QVERIFY(!c.desk.read([&](server::storage::Transaction &tx) {
            return server::conversations::OutQueueStore{tx}.find(reply).has_value();
        }));
    }
};

REGISTER_TEST(DeliveryStates);
#include "tst_delivery.moc"
