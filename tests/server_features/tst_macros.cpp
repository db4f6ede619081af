#include "server/app/journal_check.h"
#include "server/features/macros/macro_service.h"
#include "shared/base/json.h"
#include "shared/domain/macros/macro.h"
#include "shared/protocol/macros/macro_messages.h"
#include "tests/server_features/desk.h"
#include "tests/support/register_test.h"

#include <QTest>

using base::ErrorCode;
using base::Json;
using protocol::Verdict;
using server::sync::Actor;
using tests::Desk;
using Bodies = std::vector<std::string>;

namespace {

Json step(const std::string &action, const Json &params = Json::array())
{
    return {{"action", action}, {"params", params}};
}

/// A conversation, and an agent who runs macros on it.
struct Case {
    Desk desk;
    base::Uuid id = desk.conversation().conversation.conversation.id.value;

    protocol::Receipt save(const Actor &who, const std::vector<Json> &steps, bool shared = false,
                           std::optional<base::Uuid> which = std::nullopt)
    {
        return saveAny(who, Json(steps), shared, which);
    }
    protocol::Receipt saveAny(const Actor &who, const Json &steps, bool shared = false,
                              std::optional<base::Uuid> which = std::nullopt)
    {
        last = which.value_or(desk.ids.next());
        return desk.mutate(who, "macro.save",
                           {{"id", last.text()}, {"name", "Refund"}, {"shared", shared}, {"steps", steps}});
    }
    std::optional<server::macros::MacroRow> stored(const base::Uuid &macro)
    {
        return desk.read(
            [&](server::storage::Transaction &tx) { return server::macros::MacroStore{tx}.find(1, macro); });
    }
    Json call(const std::string &op, const Json &args)
    {
        auto whole = args;
        whole["conv"] = id.text();
        return {{"mid", desk.ids.next().text()}, {"op", op}, {"a", whole}};
    }
    protocol::Receipt run(const Actor &who, const std::vector<Json> &calls,
                          std::optional<protocol::Seen> seen = {})
    {
        return desk.mutate(who, "macro.run",
                           {{"conv", id.text()}, {"macro", desk.ids.next().text()}, {"steps", Json(calls)}},
                           seen);
    }
    std::string wrongInJournal()
    {
        const auto broken =
            desk.read([](server::storage::Transaction &tx) { return server::app::brokenInvariants(tx); });
        return broken.empty() ? std::string{} : broken.front();
    }

    base::Uuid last;
};

} // namespace

/// Macros: who may have, change and run them, and that running is all or nothing.
class MacrosTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void agentsHaveTheirOwn()
    {
        Case c;
        QCOMPARE(c.save(c.desk.agent, {step("add_label", {"Billing", "vip"})}).verdict, Verdict::Ok);
        const auto row = c.stored(c.last);
        QVERIFY(row);
        QVERIFY(row->macro.author == domain::UserId{c.desk.agent.id});
        QCOMPARE(row->macro.steps.front().params, (Bodies{"billing", "vip"}));
        QCOMPARE(c.save(c.desk.agent, {step("resolve_conversation", {"x"})}, false, c.last).verdict,
                 Verdict::Ok);
        QCOMPARE(c.stored(c.last)->macro.steps.front().action, std::string{"resolve_conversation"});
        QVERIFY(c.stored(c.last)->macro.steps.front().params.empty());
        QCOMPARE(c.wrongInJournal(), std::string{});
    }

    void nobodyTouchesAnothersOwn()
    {
        Case c;
        (void)c.save(c.desk.agent, {step("open_conversation")});
        const auto id = c.last;
        QCOMPARE(c.save(c.desk.admin, {step("resolve_conversation")}, false, id).code, ErrorCode::NotFound);
        QCOMPARE(c.desk.mutate(c.desk.admin, "macro.delete", {{"id", id.text()}}).verdict, Verdict::Ok);
        QVERIFY(c.stored(id)); // to the other it was not there
        QCOMPARE(c.desk.mutate(c.desk.agent, "macro.delete", {{"id", id.text()}}).verdict, Verdict::Ok);
        QVERIFY(!c.stored(id));
    }

    void onlyAdministratorsShare()
    {
        Case c;
        QCOMPARE(c.save(c.desk.agent, {step("open_conversation")}, true).code, ErrorCode::Forbidden);
        QVERIFY(!c.stored(c.last));
        QCOMPARE(c.save(c.desk.admin, {step("open_conversation")}, true).verdict, Verdict::Ok);
        const auto shared = c.last;
        QCOMPARE(c.save(c.desk.agent, {step("resolve_conversation")}, false, shared).code,
                 ErrorCode::Forbidden);
        QCOMPARE(c.desk.mutate(c.desk.agent, "macro.delete", {{"id", shared.text()}}).code,
                 ErrorCode::Forbidden);
        QCOMPARE(c.save(c.desk.admin, {step("open_conversation")}, false, shared).verdict, Verdict::Ok);
        QVERIFY(!c.stored(shared)->macro.isShared);
        QCOMPARE(c.wrongInJournal(), std::string{});
    }

    void whatIsNoMacroIsRefused_data()
    {
        QTest::addColumn<QString>("steps");
        QTest::newRow("no steps") << "[]";
        QTest::newRow("an unknown action") << R"([{"action":"explode"}])";
        QTest::newRow("no text") << R"([{"action":"send_message","params":[" "]}])";
        QTest::newRow("no label") << R"([{"action":"add_label","params":[]}])";
        QTest::newRow("a label that is none") << R"([{"action":"add_label","params":["a,b"]}])";
        QTest::newRow("no agent") << R"([{"action":"assign_agent","params":["somebody"]}])";
        QTest::newRow("no status") << R"([{"action":"change_status","params":["done"]}])";
        QTest::newRow("no list") << R"({"action":"open_conversation"})";
    }
    void whatIsNoMacroIsRefused()
    {
        QFETCH(QString, steps);
        Case c;
        const auto receipt = c.saveAny(c.desk.agent, Json::parse(steps.toStdString()));
        QCOMPARE(receipt.verdict, Verdict::Rejected);
        QCOMPARE(receipt.code, ErrorCode::Invalid);
        QVERIFY(!c.stored(c.last));
    }

    void allStepsAreDone()
    {
        Case c;
        const auto receipt = c.run(c.desk.agent, {c.call("conversation.label", {{"add", {"billing"}}}),
                                                  c.call("message.create", {{"body", "Money is back"}}),
                                                  c.call("conversation.status", {{"to", "resolved"}})});
        QCOMPARE(receipt.verdict, Verdict::Ok);
        const auto row = c.desk.row(c.id);
        QCOMPARE(row.conversation.labels, Bodies{"billing"});
        QVERIFY(row.conversation.status == domain::ConversationStatus::Resolved);
        QCOMPARE(c.desk.bodies(c.id),
                 (Bodies{"Hello", "label:+billing", "Money is back", "status:resolved"}));
        QCOMPARE(c.wrongInJournal(), std::string{});
    }

    void oneRefusedStepUndoesAll()
    {
        Case c;
        const auto receipt =
            c.run(c.desk.agent, {c.call("conversation.label", {{"add", {"billing"}}}),
                                 c.call("message.create", {{"body", "Money is back"}}),
                                 c.call("conversation.assign", {{"to", c.desk.stranger.id.text()}})});
        QCOMPARE(receipt.verdict, Verdict::Rejected);
        QVERIFY(Json::parse(receipt.detail)["step"] == Json(2));
        QVERIFY(c.desk.row(c.id).conversation.labels.empty());
        QCOMPARE(c.desk.bodies(c.id), Bodies{"Hello"});
        QCOMPARE(c.wrongInJournal(), std::string{});
    }

    void aHeldReplyEndsTheRun()
    {
        Case c;
        (void)c.desk.mutate(c.desk.admin, "message.create", {{"conv", c.id.text()}, {"body", "I was first"}});
        const auto receipt = c.run(c.desk.agent,
                                   {c.call("message.create", {{"body", "Too late"}}),
                                    c.call("conversation.status", {{"to", "resolved"}})},
                                   protocol::Seen{1, 0});
        QCOMPARE(receipt.verdict, Verdict::Held);
        QCOMPARE(receipt.code, ErrorCode::ReplyCollision);
        QVERIFY(Json::parse(receipt.detail)["skipped"] == Json(1));
        QVERIFY(c.desk.row(c.id).conversation.status == domain::ConversationStatus::Open);
    }

    void onlyWhatMacrosAreMadeOfIsRun()
    {
        Case c;
        for (const auto *op : {"message.release", "macro.run", "canned.save", "no.such"})
            QCOMPARE(c.run(c.desk.agent, {c.call(op, Json::object())}).code, ErrorCode::Invalid);
        auto elsewhere = c.call("conversation.priority", {{"to", "high"}});
        elsewhere["a"]["conv"] = c.desk.conversation().conversation.conversation.id.text();
        QCOMPARE(c.run(c.desk.agent, {elsewhere}).code, ErrorCode::Invalid);
        QCOMPARE(c.run(c.desk.stranger, {c.call("conversation.priority", {{"to", "high"}})}).code,
                 ErrorCode::NotVisible);
    }

    void afterARestoreOnlyTheWordsComeBack()
    {
        Case c;
        protocol::Mutation mutation;
        mutation.mid = c.desk.ids.next();
        mutation.recovered = true;
        const std::vector<protocol::MacroCall> calls{
            {c.desk.ids.next(), "message.create",
             base::toText(Json{{"conv", c.id.text()}, {"kind", "note"}, {"body", "Kept"}})},
            {c.desk.ids.next(), "conversation.priority",
             base::toText(Json{{"conv", c.id.text()}, {"to", "high"}})}};
        c.desk.must(c.desk.agent, [&](server::sync::WriteContext &ctx) -> base::Status {
            const auto run = server::macros::MacroService::run(ctx, c.desk.mutations, mutation, calls);
            return run ? base::Status{base::Done{}} : base::Status{run.error()};
        });
        QCOMPARE(c.desk.bodies(c.id), (Bodies{"Hello", "Kept"}));
        QVERIFY(c.desk.row(c.id).conversation.priority == domain::Priority::None);
    }

    void whoLeavesTakesTheirOwnAlong()
    {
        Case c;
        (void)c.save(c.desk.agent, {step("open_conversation")});
        const auto own = c.last;
        (void)c.save(c.desk.admin, {step("open_conversation")}, true);
        c.desk.write([&](server::sync::WriteContext &ctx) -> base::Status {
            server::macros::MacroService::removePersonal(ctx, c.desk.agent.number);
            return base::Done{};
        });
        QVERIFY(!c.stored(own));
        QVERIFY(c.stored(c.last));
    }

    void stepsBecomeCallsWithWhatTheyNeed()
    {
        domain::Macro macro;
        macro.steps = {{"assign_agent", {"self"}},
                       {"assign_agent", {"7"}},
                       {"remove_assigned_agent", {}},
                       {"change_priority", {"nil"}},
                       {"snooze_conversation", {}}};
        Desk desk;
        const domain::UserId me{desk.ids.next()};
        const domain::UserId seventh{desk.ids.next()};
        protocol::MacroWorld world{
            me,
            {},
            [&](std::int64_t number) { return number == 7 ? std::optional{seventh} : std::nullopt; },
            [](std::int64_t) { return std::optional<domain::TeamId>{}; },
            [&desk] { return desk.ids.next(); }};
        const auto run = protocol::expanded(macro, {desk.ids.next()}, desk.ids.next(), world);
        QVERIFY(run);
        const auto args = [&run](std::size_t i) { return Json::parse(run->calls[i].args); };
        QCOMPARE(run->calls.size(), std::size_t{5});
        QVERIFY(!args(0).contains("expect"));
        QVERIFY(args(1)["to"] == Json(seventh.text()));
        QVERIFY(args(1)["expect"] == Json(me.text())); // after the step before
        QVERIFY(args(2)["expect"] == Json(seventh.text()));
        QVERIFY(args(3)["to"] == Json("none"));
        QVERIFY(args(4)["to"] == Json("snoozed"));
        macro.steps = {{"assign_team", {"4"}}};
        QVERIFY(!protocol::expanded(macro, {desk.ids.next()}, desk.ids.next(), world));
    }
};

REGISTER_TEST(MacrosTest);
#include "tst_macros.moc"
