#include "server/sync/compaction.h"
#include "server/sync/mutation_pipeline.h"
#include "tests/server_sync/world.h"
#include "tests/support/register_test.h"

#include <QTest>

using namespace server::sync;
using base::ErrorCode;
using protocol::Mutation;
using protocol::Receipt;
using protocol::Verdict;
using tests::World;

namespace {

struct Desk {
    World world;
    World::Person person = world.addUser({0});
    base::Uuid conversation = world.addConversation(0);
    std::int64_t lastN = 0;

    Mutation make(const std::string &op, base::Json args = {}, std::int64_t after = 0, std::int64_t dep = 0)
    {
        if (args.is_null())
            args = {{"conv", conversation.text()}, {"body", "hello"}};
        Mutation mutation;
        mutation.n = ++lastN;
        mutation.mid = world.ids.next();
        mutation.lane = "cv:" + conversation.text();
        mutation.op = op;
        mutation.args = base::toText(args);
        mutation.after = after;
        mutation.dep = dep;
        return mutation;
    }

    Receipt send(const Mutation &mutation) { return sendAs(person, mutation); }
    Receipt sendAs(const World::Person &who, const Mutation &mutation) { return sendAll(who, {mutation})[0]; }

    std::vector<Receipt> sendAll(const World::Person &who, const std::vector<Mutation> &mutations)
    {
        MutationPipeline pipeline{*world.executor, world.mutations, server::ports::Log{world.lines}};
        std::vector<Receipt> receipts;
        for (const auto &mutation : mutations)
            pipeline.submit(world.principal(who), mutation,
                            [&](const Receipt &receipt) { receipts.push_back(receipt); });
        while (world.executor->runBatch()) {
        }
        return receipts;
    }

    std::int64_t messages() { return world.number("SELECT count(*) FROM w_message"); }
    std::int64_t head() { return world.number("SELECT head FROM sync_head"); }
};

} // namespace

class TestMutations : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anAcceptedMutationNamesTheNumberThatContainsIt()
    {
        Desk desk;
        const auto mutation = desk.make("message.create");
        const auto receipt = desk.send(mutation);
        QCOMPARE(receipt.verdict, Verdict::Ok);
        QCOMPARE(receipt.seq, desk.head());
        QVERIFY(!receipt.repeated);
        QCOMPARE(desk.world.number("SELECT count(*) FROM w_message WHERE id = ?", {mutation.mid}), 1);
    }

    void howeverOftenItIsSentItHappensOnce()
    {
        Desk desk;
        const auto mutation = desk.make("message.create");
        const auto first = desk.send(mutation);
        const auto twice = desk.sendAll(desk.person, {mutation, mutation});
        desk.world.reopen();
        const auto later = desk.send(mutation);
        for (const auto &again : {twice[0], twice[1], later}) {
            QCOMPARE(again.verdict, Verdict::Ok);
            QCOMPARE(again.seq, first.seq);
            QVERIFY(again.repeated);
        }
        QCOMPARE(desk.messages(), 1);
    }

    void repeatsWithinOneBatchAreRecognised()
    {
        Desk desk;
        const auto mutation = desk.make("message.create");
        const auto receipts = desk.sendAll(desk.person, {mutation, mutation, mutation});
        QCOMPARE(desk.messages(), 1);
        QVERIFY(!receipts[0].repeated && receipts[1].repeated && receipts[2].repeated);
    }

    void aDeviceThatSignedInAnewIsRecognisedByTheMid()
    {
        Desk desk;
        auto mutation = desk.make("message.create");
        const auto first = desk.send(mutation);
        auto again = desk.person;
        again.device = desk.world.addDevice(again);
        mutation.n = 1001;
        const auto receipt = desk.sendAs(again, mutation);
        QCOMPARE(receipt.n, 1001);
        QCOMPARE(receipt.verdict, Verdict::Ok);
        QCOMPARE(receipt.seq, first.seq);
        QCOMPARE(desk.messages(), 1);
        auto next = desk.make("message.create", {}, 1001);
        next.n = 1002;
        QCOMPARE(desk.sendAs(again, next).verdict, Verdict::Ok);
    }

    void anotherUsersMidIsNotAnsweredForThem()
    {
        Desk desk;
        const auto mutation = desk.make("message.create");
        desk.send(mutation);
        const auto omar = desk.world.addUser({0});
        QVERIFY(desk.sendAs(omar, mutation).verdict != Verdict::Ok);
        QCOMPARE(desk.messages(), 1);
    }

    void aNumberUsedForSomethingElseIsAClonedDevice()
    {
        Desk desk;
        desk.send(desk.make("message.create"));
        desk.lastN = 0;
        const auto receipt = desk.send(desk.make("message.create"));
        QCOMPARE(receipt.verdict, Verdict::Nack);
        QCOMPARE(receipt.code, ErrorCode::NumberConflict);
        QCOMPARE(desk.messages(), 1);
    }

    void changedBytesAreLoggedAndAnsweredFromTheFirst()
    {
        Desk desk;
        auto mutation = desk.make("message.create");
        const auto first = desk.send(mutation);
        mutation.args = base::toText({{"conv", desk.conversation.text()}, {"body", "other"}});
        QCOMPARE(desk.send(mutation).seq, first.seq);
        QCOMPARE(desk.world.lines->count("mutation_bytes_changed"), 1);
        QCOMPARE(desk.world.number("SELECT count(*) FROM w_message WHERE body = 'other'"), 0);
    }

    void aLaneIsKeptInOrder()
    {
        Desk desk;
        const auto first = desk.make("message.create");
        const auto second = desk.make("message.create", {}, first.n);
        const auto early = desk.send(second);
        QCOMPARE(early.verdict, Verdict::Nack);
        QCOMPARE(early.code, ErrorCode::OutOfOrder);
        QCOMPARE(desk.messages(), 0);
        const auto both = desk.sendAll(desk.person, {first, second});
        QCOMPARE(both[0].verdict, Verdict::Ok);
        QCOMPARE(both[1].verdict, Verdict::Ok);
        QCOMPARE(desk.messages(), 2);
    }

    void aRefusalLeavesNothingButItsReceipt()
    {
        Desk desk;
        const auto before = desk.head();
        const auto refused = desk.make("test.half");
        const auto receipt = desk.send(refused);
        QCOMPARE(receipt.verdict, Verdict::Rejected);
        QCOMPARE(receipt.code, ErrorCode::AssigneeChanged);
        QCOMPARE(receipt.detail, std::string{R"({"by":"Omar"})"});
        QCOMPARE(desk.head(), before);
        QCOMPARE(desk.messages(), 0);
        const auto again = desk.send(refused);
        QCOMPARE(again.code, ErrorCode::AssigneeChanged);
        QCOMPARE(again.detail, receipt.detail);
        QVERIFY(again.repeated);

        const auto dependent = desk.send(desk.make("message.create", {}, refused.n, refused.n));
        QCOMPARE(dependent.verdict, Verdict::Rejected);
        QCOMPARE(dependent.code, ErrorCode::Dependency);
        const auto free = desk.send(desk.make("message.create"));
        QCOMPARE(free.verdict, Verdict::Ok);
    }

    void unknownAndMalformedOnesAreRefusedForGood()
    {
        Desk desk;
        QCOMPARE(desk.send(desk.make("nobody.knows")).code, ErrorCode::Unsupported);
        const auto invalid = desk.send(desk.make("message.create", base::Json::object()));
        QCOMPARE(invalid.verdict, Verdict::Rejected);
        QCOMPARE(invalid.code, ErrorCode::Invalid);
        QVERIFY(invalid.detail.empty());
        MutationPipeline pipeline{*desk.world.executor, desk.world.mutations, {}};
        std::vector<Receipt> receipts;
        const auto mid = desk.world.ids.next();
        for (int i = 0; i < 2; ++i) {
            pipeline.submitMalformed(desk.world.principal(desk.person), 77, mid,
                                     [&](const Receipt &receipt) { receipts.push_back(receipt); });
            desk.world.executor->runBatch();
        }
        QCOMPARE(receipts[0].code, ErrorCode::Invalid);
        QVERIFY(receipts[1].repeated);
    }

    void aNackIsNoVerdict()
    {
        Desk desk;
        const auto mutation = desk.make("test.busy");
        for (int i = 0; i < 10; ++i) {
            const auto receipt = desk.send(mutation);
            QCOMPARE(receipt.verdict, Verdict::Nack);
            QCOMPARE(receipt.code, ErrorCode::Busy);
            QVERIFY(receipt.waitMs > 0);
        }
        QCOMPARE(desk.world.number("SELECT count(*) FROM sync_receipt"), 0);
    }

    void aPoisonedOneIsGivenUpAfterFiveFailures()
    {
        Desk desk;
        const auto mutation = desk.make("test.broken");
        std::string incident;
        for (int i = 0; i < 4; ++i) {
            const auto receipt = desk.send(mutation);
            QCOMPARE(receipt.verdict, Verdict::Nack);
            incident = receipt.detail;
        }
        QVERIFY(incident.find("incident") != std::string::npos);
        desk.world.reopen();
        const auto last = desk.send(mutation);
        QCOMPARE(last.detail, incident); // author and operator name the same thing
        QCOMPARE(last.verdict, Verdict::Rejected);
        QCOMPARE(last.code, ErrorCode::Internal);
        QVERIFY(desk.send(mutation).repeated);
        QCOMPARE(desk.world.brokenRuns, 5);
        QCOMPARE(desk.world.number("SELECT count(*) FROM w_small WHERE body = 'broken'"), 0);
        QCOMPARE(desk.world.lines->count("mutation_failed"), 5);
    }

    void theDecidedOnesAreToldOnReturn()
    {
        Desk desk;
        const auto good = desk.make("message.create");
        const auto bad = desk.make("test.half");
        desk.sendAll(desk.person, {good, bad});
        std::vector<Receipt> receipts;
        desk.world.database->read([&](server::storage::Transaction &tx) {
            receipts = MutationPipeline::decided(tx, desk.world.principal(desk.person), {good.n, bad.n, 99});
        });
        QCOMPARE(receipts.size(), std::size_t{2});
        QCOMPARE(receipts[0].verdict, Verdict::Ok);
        QCOMPARE(receipts[1].verdict, Verdict::Rejected);
    }

    void aMutationThatChangesNothingIsContainedInTheHead()
    {
        Desk desk;
        const auto before = desk.head();
        QCOMPARE(desk.send(desk.make("test.nothing")).seq, before);
        QCOMPARE(desk.head(), before);
    }

    void oldReceiptsAreForgotten()
    {
        Desk desk;
        desk.send(desk.make("message.create"));
        desk.world.clock.advance(std::chrono::days{179});
        std::int64_t forgotten = 0;
        const auto forget = [&](WriteContext &ctx) -> base::Status {
            forgotten = forgetReceipts(ctx);
            return base::Done{};
        };
        QVERIFY(desk.world.change(forget));
        QCOMPARE(forgotten, 0);
        desk.world.clock.advance(std::chrono::days{2});
        QVERIFY(desk.world.change(forget));
        QCOMPARE(forgotten, 1);
    }

    void withoutAccessNothingIsWritten()
    {
        Desk desk;
        desk.world.setMember(desk.person, 0, false);
        const auto receipt = desk.send(desk.make("message.create"));
        QCOMPARE(receipt.verdict, Verdict::Rejected);
        QCOMPARE(receipt.code, ErrorCode::NotVisible);
        QCOMPARE(desk.messages(), 0);
    }
};

REGISTER_TEST(TestMutations);
#include "tst_mutations.moc"
