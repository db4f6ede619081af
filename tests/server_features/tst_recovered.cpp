#include "server/features/conversations/message_store.h"
#include "tests/server_features/desk.h"
#include "tests/support/register_test.h"

#include <QTest>

using base::Json;
using protocol::Verdict;
using server::conversations::MessageStore;
using tests::Desk;

namespace tests {

/// What clients bring back after the database was put back from a backup (docs/protocol.md A.10).
class Recovered : public QObject {
    Q_OBJECT

    struct Case {
        Desk desk;
        base::Uuid id =
            desk.say(desk.newVisitor(), "Hello", desk.ids.next())->conversation.conversation.id.value;

        protocol::Mutation message(const Json &more, std::int64_t n = 900)
        {
            protocol::Mutation mutation;
            mutation.n = n;
            mutation.mid = desk.ids.next();
            mutation.lane = "cv:" + id.text();
            mutation.at = desk.clock.now();
            mutation.op = "message.create";
            Json args{{"conv", id.text()}, {"body", "Said before"}};
            args.update(more);
            mutation.args = base::toText(args);
            mutation.seen = protocol::Seen{1, 0};
            mutation.queuedMs = 86400000;
            mutation.recovered = true;
            return mutation;
        }
        protocol::Receipt hand(const protocol::Mutation &mutation)
        {
            std::optional<protocol::Receipt> receipt;
            desk.pipeline->submit(desk.principal(desk.agent), mutation,
                                  [&](const protocol::Receipt &answer) { receipt = answer; });
            while (desk.executor->runBatch()) {
            }
            return receipt.value_or(protocol::Receipt{});
        }
        std::string delivery(const base::Uuid &message)
        {
            return desk.read([&](server::storage::Transaction &tx) {
                const auto state = MessageStore{tx}.state(message);
                return state ? state->state : std::string{};
            });
        }
    };

private Q_SLOTS:
    void aReplyIsOnRecordAndMarked()
    {
        Case c;
        // A colleague answered since, and the customer wrote: neither holds what had been sent already.
        (void)c.desk.mutate(c.desk.admin, "message.create", {{"conv", c.id.text()}, {"body", "Me first"}});
        const auto mutation = c.message(Json::object());
        QVERIFY(c.hand(mutation).verdict == Verdict::Ok);
        QCOMPARE(c.desk.bodies(c.id).back(), std::string{"Said before"});
        QCOMPARE(c.delivery(mutation.mid), std::string{"sent_before_restore"});
        QCOMPARE(c.desk.read(
                     [](server::storage::Transaction &tx) { return MessageStore{tx}.countBeforeRestore(); }),
                 std::int64_t{1});
        // Brought by another device as well, or once more: the same message.
        auto again = mutation;
        again.n = 901;
        const auto receipt = c.hand(again);
        QVERIFY(receipt.verdict == Verdict::Ok);
        QVERIFY(receipt.repeated);
        const auto all = c.desk.bodies(c.id);
        QCOMPARE(std::count(all.begin(), all.end(), std::string{"Said before"}), 1);
    }

    void aNoteIsJustANote()
    {
        Case c;
        const auto mutation = c.message({{"kind", "note"}});
        QVERIFY(c.hand(mutation).verdict == Verdict::Ok);
        QCOMPARE(c.delivery(mutation.mid), std::string{});
    }

    void wordsDoNotWaitForFilesThatAreGone()
    {
        Case c;
        const auto receipt = c.hand(c.message({{"up", {c.desk.ids.next().text()}}}));
        QVERIFY(receipt.verdict == Verdict::Ok);
        QVERIFY(receipt.detail.find("files_lost") != std::string::npos);
        QCOMPARE(c.desk.bodies(c.id).back(), std::string{"Said before"});
    }

    void itGoesOnFromThere()
    {
        Case c;
        const auto mutation = c.message(Json::object());
        (void)c.hand(mutation);
        const auto move = [&](const char *to) {
            c.desk.write([&](server::sync::WriteContext &ctx) {
                return c.desk.conversations.setDelivery(ctx, mutation.mid, to, {});
            });
            return c.delivery(mutation.mid);
        };
        QCOMPARE(move("sent"), std::string{"sent_before_restore"});
        QCOMPARE(move("failed"), std::string{"sent_before_restore"});
        QCOMPARE(move("read"), std::string{"read"});
    }
};

} // namespace tests

using tests::Recovered;
REGISTER_TEST(Recovered);
#include "tst_recovered.moc"
