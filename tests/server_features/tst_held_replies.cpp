#include "server/app/journal_check.h"
#include "server/features/attachments/attachment_store.h"
#include "server/features/conversations/held_reply_store.h"
#include "shared/domain/conversations/reply_policy.h"
#include "tests/server_features/desk.h"
#include "tests/support/register_test.h"

#include <QTest>

using namespace std::chrono_literals;
using base::ErrorCode;
using base::Json;
using protocol::Seen;
using protocol::Verdict;
using server::sync::Actor;
using server::sync::WriteContext;
using tests::Desk;

namespace {

/// A conversation that the agent saw up to its first message.
struct Case {
    Desk desk;
    server::contacts::Visitor visitor = desk.newVisitor();
    base::Uuid id = desk.say(visitor, "Hello", desk.ids.next())->conversation.conversation.id.value;
    Seen seen{desk.row(id).conversation.lastN, 0};

    Json says(const std::string &body, const Json &more = Json::object()) const
    {
        Json args{{"conv", id.text()}, {"body", body}};
        args.update(more);
        return args;
    }
    protocol::Receipt reply(const Actor &who, base::Duration waited = {}, const Json &more = Json::object())
    {
        return desk.mutate(who, "message.create", says("Late answer", more), seen, waited);
    }
    void customerWrites() { (void)desk.say(visitor, "Anybody?", desk.ids.next()); }
    void set(const std::string &collision, std::optional<std::int64_t> minutes = std::nullopt)
    {
        Json settings{{"collision", collision}, {"undo_send_s", 0}};
        if (minutes)
            settings["stale_after"] = *minutes;
        desk.write([&](WriteContext &ctx) -> base::Status {
            const auto changed =
                desk.accounts.change(ctx, {std::nullopt, std::nullopt, base::toText(settings)});
            return changed ? base::Status{base::Done{}} : base::Status{changed.error()};
        });
    }
    std::optional<server::conversations::HeldReplyRow> held(const base::Uuid &message)
    {
        return desk.read([&](server::storage::Transaction &tx) {
            return server::conversations::HeldReplyStore{tx}.find(1, message);
        });
    }
    int count(const std::string &body)
    {
        const auto all = desk.bodies(id);
        return static_cast<int>(std::count(all.begin(), all.end(), body));
    }
};

Json decision(const Case &c, const base::Uuid &message)
{
    return {{"conv", c.id.text()}, {"message", message.text()}};
}

} // namespace

/// Replies that were written before their author could see everything (sync-protocol 10.2).
class HeldReplies : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void policyTable_data()
    {
        QTest::addColumn<QString>("policy");
        QTest::addColumn<bool>("agent");
        QTest::addColumn<bool>("customer");
        QTest::addColumn<int>("waitedMs");
        QTest::addColumn<int>("collision");
        const int limit = 15 * 60'000;
        const int none = 0;
        const int other = 1;
        const int stale = 2;
        for (const auto *policy : {"hold", "warn"}) {
            QTest::addRow("%s nothing came", policy) << policy << false << false << limit * 10 << none;
            QTest::addRow("%s agent, at once", policy) << policy << true << false << 0 << other;
            QTest::addRow("%s agent and customer", policy) << policy << true << true << limit * 10 << other;
            QTest::addRow("%s customer, at once", policy) << policy << false << true << 0 << none;
            QTest::addRow("%s customer, at the limit", policy) << policy << false << true << limit << none;
            QTest::addRow("%s customer, past the limit", policy)
                << policy << false << true << limit + 1 << stale;
        }
        QTest::addRow("off") << "off" << true << true << limit * 10 << none;
    }

    void policyTable()
    {
        QFETCH(QString, policy);
        QFETCH(bool, agent);
        QFETCH(bool, customer);
        QFETCH(int, waitedMs);
        QFETCH(int, collision);
        domain::ReplyPolicy rule;
        rule.collision = *domain::collisionPolicyFromText(policy.toStdString());
        QCOMPARE(static_cast<int>(domain::collisionOf({agent, customer}, base::Duration{waitedMs}, rule)),
                 collision);
    }

    void anotherAgentsReplyHoldsIt()
    {
        Case c;
        QVERIFY(c.desk.mutate(c.desk.admin, "message.create", c.says("First")).verdict == Verdict::Ok);
        c.desk.clock.advance(12min);
        const auto before = c.desk.row(c.id).conversation;
        const auto receipt = c.reply(c.desk.agent);
        QVERIFY(receipt.verdict == Verdict::Held);
        QVERIFY(receipt.code == ErrorCode::ReplyCollision);
        QVERIFY(receipt.seq > 0);
        const auto detail = *base::parseJson(receipt.detail);
        QCOMPARE(*base::textField(detail, "by_name"), std::string{"Ada Lovelace"});
        QCOMPARE(*base::integerField(detail, "held_at") - *base::integerField(detail, "at"), 12 * 60'000);
        // Nothing of it can be seen by anybody else.
        QCOMPARE(c.count("Late answer"), 0);
        QVERIFY(c.desk.row(c.id).conversation == before);
        const auto kept = c.held(c.desk.lastMid);
        QVERIFY(kept.has_value());
        QCOMPARE(kept->held.body, std::string{"Late answer"});
        QCOMPARE(kept->user, c.desk.agent.number);
        c.desk.read([](server::storage::Transaction &tx) {
            const auto broken = server::app::brokenInvariants(tx);
            if (!broken.empty())
                qFatal("%s", broken.front().c_str());
            return true;
        });
    }

    void ownRepliesNotesAndUnseenNotesDoNotHold()
    {
        Case c;
        QVERIFY(c.reply(c.desk.agent).verdict == Verdict::Ok);
        QVERIFY(c.reply(c.desk.agent).verdict == Verdict::Ok); // only my own came in between
        QVERIFY(c.desk.mutate(c.desk.admin, "message.create", c.says("Psst", {{"kind", "note"}})).verdict ==
                Verdict::Ok);
        QVERIFY(c.reply(c.desk.agent).verdict == Verdict::Ok);
        QVERIFY(c.desk.mutate(c.desk.admin, "message.create", c.says("Public")).verdict == Verdict::Ok);
        QVERIFY(c.reply(c.desk.agent, {}, {{"kind", "note"}}).verdict ==
                Verdict::Ok); // a note disturbs nobody
        QVERIFY(c.reply(c.desk.agent).verdict == Verdict::Held);
    }

    void anEstimateIsNotTrustedBeyondWhatCameMeanwhile()
    {
        Case c;
        c.customerWrites();
        c.desk.clock.advance(20min);
        c.customerWrites();
        const auto args = c.says("Late answer");
        QVERIFY(c.desk.mutate(c.desk.agent, "message.create", args, c.seen, 1min).verdict == Verdict::Ok);
        const auto held = c.desk.mutate(c.desk.agent, "message.create", args, c.seen, 1min, true);
        QVERIFY(held.verdict == Verdict::Held);
        QVERIFY(held.code == ErrorCode::StaleReply);
    }

    void withoutSeenNothingIsHeld()
    {
        Case c;
        QVERIFY(c.desk.mutate(c.desk.admin, "message.create", c.says("First")).verdict == Verdict::Ok);
        QVERIFY(c.desk.mutate(c.desk.agent, "message.create", c.says("Second")).verdict == Verdict::Ok);
    }

    void customersMessageHoldsOnlyWhatWaited()
    {
        Case c;
        c.customerWrites();
        QVERIFY(c.reply(c.desk.agent, 15min).verdict == Verdict::Ok);
        const auto held = c.reply(c.desk.agent, 15min + 1ms);
        QVERIFY(held.verdict == Verdict::Held);
        QVERIFY(held.code == ErrorCode::StaleReply);
        c.set("hold", 60);
        QVERIFY(c.reply(c.desk.agent, 60min).verdict == Verdict::Ok);
        QVERIFY(c.reply(c.desk.agent, 61min).verdict == Verdict::Held);
    }

    void warnSendsAndTells()
    {
        Case c;
        c.set("warn");
        QVERIFY(c.desk.mutate(c.desk.admin, "message.create", c.says("First")).verdict == Verdict::Ok);
        const auto receipt = c.reply(c.desk.agent);
        QVERIFY(receipt.verdict == Verdict::Ok);
        QCOMPARE(*base::textField(*base::parseJson(receipt.detail), "warn"), std::string{"reply_collision"});
        QCOMPARE(c.count("Late answer"), 1);
        c.set("off");
        QVERIFY(c.reply(c.desk.agent).detail.empty());
    }

    void sendAnywayOnce()
    {
        Case c;
        const auto message = c.desk.heldReply(c.desk.agent, c.desk.admin, c.id);
        QVERIFY(c.desk.mutate(c.desk.admin, "message.release", decision(c, message)).verdict == Verdict::Ok);
        QCOMPARE(c.count("I was late"), 0); // somebody else's is not theirs to send
        QVERIFY(c.desk.mutate(c.desk.agent, "message.release", decision(c, message)).verdict == Verdict::Ok);
        QCOMPARE(c.count("I was late"), 1);
        QVERIFY(!c.held(message));
        const auto row = c.desk.row(c.id);
        QCOMPARE(row.conversation.agentN, row.conversation.lastN);
        const auto again = c.desk.mutate(c.desk.agent, "message.release", decision(c, message));
        QVERIFY(again.verdict == Verdict::Ok);
        QCOMPARE(again.detail, std::string{R"({"warn":"already"})"});
        QVERIFY(c.desk.mutate(c.desk.agent, "message.discard", decision(c, message)).verdict == Verdict::Ok);
        QCOMPARE(c.count("I was late"), 1);
    }

    void discardDropsEvenWithoutAccess()
    {
        Case c;
        const auto message = c.desk.heldReply(c.desk.agent, c.desk.admin, c.id);
        c.desk.write([&](WriteContext &ctx) {
            return c.desk.inboxes.removeMembers(ctx, c.desk.inbox.inbox.number, {c.desk.agent.number});
        });
        const auto refused = c.desk.mutate(c.desk.agent, "message.release", decision(c, message));
        QVERIFY(refused.verdict == Verdict::Rejected);
        QVERIFY(refused.code == ErrorCode::NotVisible);
        QVERIFY(c.held(message).has_value()); // a refused decision leaves the words where they are
        QVERIFY(c.desk.mutate(c.desk.agent, "message.discard", decision(c, message)).verdict == Verdict::Ok);
        QVERIFY(!c.held(message));
        QCOMPARE(c.count("I was late"), 0);
    }

    void aReplacementTakesItsPlace_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::newRow("edited reply") << "public";
        QTest::newRow("turned into a note") << "note";
    }

    void aReplacementTakesItsPlace()
    {
        QFETCH(QString, kind);
        Case c;
        const auto message = c.desk.heldReply(c.desk.agent, c.desk.admin, c.id);
        const Seen now{c.desk.row(c.id).conversation.lastN, 0};
        const auto receipt =
            c.desk.mutate(c.desk.agent, "message.create",
                          c.says("Instead", {{"kind", kind.toStdString()}, {"fixes", message.text()}}), now);
        QVERIFY(receipt.verdict == Verdict::Ok);
        QVERIFY(!c.held(message));
        QCOMPARE(c.count("Instead"), 1);
        QCOMPARE(c.count("I was late"), 0);
    }

    void whatDependsOnAHeldReplyIsRefused()
    {
        Case c;
        QVERIFY(c.desk.mutate(c.desk.admin, "message.create", c.says("First")).verdict == Verdict::Ok);
        protocol::Mutation resolve;
        const auto held = c.reply(c.desk.agent);
        QVERIFY(held.verdict == Verdict::Held);
        resolve.n = held.n + 1000;
        resolve.mid = c.desk.ids.next();
        resolve.lane = "cv:" + c.id.text();
        resolve.dep = held.n;
        resolve.op = "conversation.status";
        resolve.args = base::toText(Json{{"conv", c.id.text()}, {"to", "resolved"}});
        std::optional<protocol::Receipt> answer;
        c.desk.pipeline->submit(c.desk.principal(c.desk.agent), resolve,
                                [&](const auto &receipt) { answer = receipt; });
        while (c.desk.executor->runBatch()) {
        }
        QVERIFY(answer && answer->verdict == Verdict::Rejected);
        QVERIFY(answer->code == ErrorCode::Dependency);
    }

    void theVerdictIsTheSameHoweverOftenAsked()
    {
        Case c;
        QVERIFY(c.desk.mutate(c.desk.admin, "message.create", c.says("First")).verdict == Verdict::Ok);
        protocol::Mutation mutation;
        mutation.n = 500;
        mutation.mid = c.desk.ids.next();
        mutation.lane = "cv:" + c.id.text();
        mutation.op = "message.create";
        mutation.args = base::toText(c.says("Late answer"));
        mutation.seen = c.seen;
        std::vector<protocol::Receipt> answers;
        for (int i = 0; i < 3; ++i) {
            c.desk.pipeline->submit(c.desk.principal(c.desk.agent), mutation,
                                    [&](const auto &receipt) { answers.push_back(receipt); });
            while (c.desk.executor->runBatch()) {
            }
        }
        for (auto &answer : answers) {
            answer.repeated = false;
            QVERIFY(answer == answers.front());
            QVERIFY(answer.verdict == Verdict::Held);
        }
    }

    void forceResolvesAlthoughTheCustomerWrote()
    {
        Case c;
        c.customerWrites();
        Json args{{"conv", c.id.text()}, {"to", "resolved"}};
        QVERIFY(c.desk.mutate(c.desk.agent, "conversation.status", args, c.seen).code ==
                ErrorCode::NewCustomerMessage);
        args["force"] = true;
        QVERIFY(c.desk.mutate(c.desk.agent, "conversation.status", args, c.seen).verdict == Verdict::Ok);
        QVERIFY(c.desk.row(c.id).conversation.status == domain::ConversationStatus::Resolved);
    }
};

REGISTER_TEST(HeldReplies);
#include "tst_held_replies.moc"
