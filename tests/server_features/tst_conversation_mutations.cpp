#include "server/app/journal_check.h"
#include "server/sync/bulk_reader.h"
#include "server/sync/journal.h"
#include "server/sync/page_reader.h"
#include "tests/server_features/desk.h"
#include "tests/support/register_test.h"

#include <QTest>

#include <functional>
#include <map>

using namespace std::chrono_literals;
using base::ErrorCode;
using base::Json;
using protocol::Verdict;
using server::sync::WriteContext;
using tests::Desk;

namespace {

/// What a client holds: rows by kind and id.
using Held = std::map<std::pair<std::string, std::string>, Json>;

void hold(Held &held, const Json &row)
{
    held[{row["t"], row["id"]}] = Json{{"q", row["q"]}, {"p", row.value("p", "")}, {"v", row["v"]}};
}

void drop(Held &held, const Json &row)
{
    held.erase({row["t"], row["id"]});
    const std::string id = row["id"];
    std::erase_if(held, [&](const auto &item) { return item.second["p"] == id; });
}

Held snapshot(Desk &desk, const std::vector<std::string> &scopes)
{
    const server::sync::BulkReader reader{desk.entities};
    Held held;
    desk.database->read([&](server::storage::Transaction &tx) {
        for (const auto &scope : scopes) {
            std::string token;
            bool last = false;
            while (!last) {
                const auto bundle = reader.bundle(tx, 1, scope, 1, token);
                if (!bundle)
                    throw std::runtime_error{bundle.error().detail};
                const auto parsed = base::parseJson(bundle->frame, {64 << 20, 32});
                for (const auto &row : (*parsed)["rows"])
                    hold(held, row);
                token = bundle->token;
                last = bundle->last;
            }
        }
    });
    return held;
}

std::int64_t headOf(Desk &desk)
{
    return desk.read([](server::storage::Transaction &tx) { return server::sync::readHead(tx, 1).head; });
}

/// The changes after a cursor, onto what is held.
void catchUp(Desk &desk, const std::vector<std::string> &scopes, std::int64_t cursor, Held &held)
{
    server::sync::PageReader reader{desk.entities};
    desk.database->read([&](server::storage::Transaction &tx) {
        bool more = true;
        while (more) {
            const auto page = reader.read(tx, 1, scopes, {1, cursor}, INT64_MAX);
            const auto changes = base::parseJson("[" + page.changes + "]", {64 << 20, 32});
            for (const auto &change : *changes)
                change.contains("o") ? drop(held, change) : hold(held, change);
            cursor = page.to;
            more = page.more;
        }
    });
}

std::string difference(const Held &a, const Held &b)
{
    for (const auto &[key, row] : a)
        if (!b.contains(key) || b.at(key) != row)
            return key.first + " " + key.second + ": " + row.dump() + " / " +
                   (b.contains(key) ? b.at(key).dump() : std::string{"absent"});
    for (const auto &[key, row] : b)
        if (!a.contains(key))
            return key.first + " " + key.second + " is only in the fresh one";
    return {};
}

/// One thing to try for a mutation.
struct Sample {
    Json args;
    std::optional<protocol::Seen> seen;
};

} // namespace

class ConversationMutations : public QObject {
    Q_OBJECT

private:
    static Json args(const base::Uuid &conversation, Json more = Json::object())
    {
        more["conv"] = conversation.text();
        return more;
    }

    static void expectRefusal(const protocol::Receipt &receipt, ErrorCode code)
    {
        QVERIFY2(receipt.verdict == Verdict::Rejected, std::string{toText(receipt.verdict)}.c_str());
        QCOMPARE(std::string{toText(receipt.code)}, std::string{toText(code)});
    }

    /// What to try of each mutation, accepted and refused, on a conversation.
    static base::Uuid undelivered(Desk &desk, const base::Uuid &conversation)
    {
        (void)desk.mutate(desk.agent, "message.create", args(conversation, {{"body", "Lost on its way"}}));
        const auto message = desk.lastMid;
        desk.write([&](server::sync::WriteContext &ctx) {
            return desk.conversations.setDelivery(ctx, message, "failed", "refused");
        });
        return message;
    }

    static std::map<std::string, std::vector<Sample>> samples(Desk &desk, const base::Uuid &c)
    {
        const auto now = base::toMs(desk.clock.now());
        return {
            {"message.create",
             {{args(c, {{"kind", "public"}, {"body", "A reply 👋"}}), {}},
              {args(c, {{"kind", "note"}, {"body", "ملاحظة"}}), {}},
              {args(c, {{"kind", "public"}, {"body", "  "}}), {}}}},
            {"conversation.status",
             {{args(c, {{"to", "resolved"}}), protocol::Seen{100, 0}},
              {args(c, {{"to", "open"}}), {}},
              {args(c, {{"to", "snoozed"}}), {}},
              {args(c, {{"to", "pending"}}), {}},
              {args(c, {{"to", "resolved"}}), protocol::Seen{0, 0}}}},
            {"conversation.snooze",
             {{args(c, {{"until", now + 3'600'000}}), {}},
              {args(c, {{"until", now - 1}}), {}},
              {args(c), {}}}},
            {"conversation.assign",
             {{args(c, {{"to", desk.agent.id.text()}}), {}},
              {args(c, {{"expect", desk.agent.id.text()}}), {}},
              {args(c, {{"to", desk.stranger.id.text()}}), {}}}},
            {"conversation.priority", {{args(c, {{"to", "urgent"}}), {}}, {args(c, {{"to", "none"}}), {}}}},
            {"message.release",
             {{args(c, {{"message", desk.heldReply(desk.agent, desk.admin, c).text()}}), {}}}},
            {"message.discard",
             {{args(c, {{"message", desk.heldReply(desk.agent, desk.admin, c).text()}}), {}}}},
            {"conversation.team",
             {{args(c, {{"to", desk.team.id.text()}}), {}},
              {args(c), {}},
              {args(c, {{"to", c.text()}}), {}}}},
            {"conversation.label",
             {{args(c, {{"add", {"vip", "late"}}}), {}},
              {args(c, {{"add", {"billing"}}, {"remove", {"late"}}}), {}},
              {args(c, {{"add", {""}}}), {}}}},
            {"canned.save",
             {{{{"id", c.text()}, {"short_code", "hi"}, {"content", "Hello"}}, {}},
              {{{"id", c.text()}, {"short_code", "hi"}, {"content", "Good day"}}, {}},
              {{{"id", desk.ids.next().text()}, {"short_code", "hi"}, {"content", "taken"}}, {}}}},
            {"canned.delete", {{{{"id", c.text()}}, {}}, {{{"id", c.text()}}, {}}}},
            {"macro.save",
             {{{{"id", c.text()}, {"name", "Refund"}, {"steps", {{{"action", "resolve_conversation"}}}}}, {}},
              {{{"id", c.text()},
                {"name", "Ours"},
                {"shared", true},
                {"steps", {{{"action", "open_conversation"}}}}},
               {}},
              {{{"id", c.text()}, {"name", ""}}, {}}}},
            {"macro.delete", {{{{"id", c.text()}}, {}}, {{{"id", c.text()}}, {}}}},
            {"macro.run",
             {{args(c, {{"macro", c.text()},
                        {"steps",
                         {{{"mid", desk.ids.next().text()},
                           {"op", "message.create"},
                           {"a", {{"conv", c.text()}, {"body", "By macro"}}}},
                          {{"mid", desk.ids.next().text()},
                           {"op", "conversation.priority"},
                           {"a", {{"conv", c.text()}, {"to", "high"}}}}}}}),
               {}},
              {args(c, {{"macro", c.text()}, {"steps", Json::array()}}), {}}}},
            {"message.hand_over", {{args(c, {{"message", c.text()}, {"words", "{}"}}), {}}}}, // tst_hand_over
            {"message.retry", {{args(c, {{"message", undelivered(desk, c).text()}}), {}}}},
            {"draft.set",
             {{args(c, {{"kind", "public"}, {"body", "I begin"}}), {}},
              {args(c, {{"kind", "note"}, {"body", "Ask Ada"}}), {}},
              {args(c, {{"kind", "public"}}), {}}}},
            {"cread.set", {{args(c, {{"read_n", 2}}), {}}, {args(c, {{"read_n", 1}}), {}}}},
        };
    }

private Q_SLOTS:
    /// Old plus events is fresh, for every mutation there is; a new one without a sample fails here.
    void oldPlusEventsIsFresh()
    {
        Desk desk;
        const auto id = desk.conversation("First").conversation.conversation.id.value;
        desk.conversation("Another");
        const auto scopes = desk.read([&](server::storage::Transaction &tx) {
            return desk.access->scopes(tx, desk.principal(desk.agent));
        });
        const auto all = samples(desk, id);
        for (const auto &name : desk.mutations.names()) {
            QVERIFY2(all.contains(name), ("no sample for " + name).c_str());
            for (const auto &sample : all.at(name)) {
                auto held = snapshot(desk, scopes);
                const auto cursor = headOf(desk);
                desk.clock.advance(1s);
                const auto receipt = desk.mutate(desk.agent, name, sample.args, sample.seen);
                QVERIFY(receipt.verdict != Verdict::Nack);
                catchUp(desk, scopes, cursor, held);
                const auto wrong = difference(held, snapshot(desk, scopes));
                QVERIFY2(wrong.empty(), (name + " " + sample.args.dump() + ": " + wrong).c_str());
                if (receipt.verdict == Verdict::Rejected)
                    QCOMPARE(headOf(desk), cursor);
            }
        }
        const auto broken =
            desk.read([](server::storage::Transaction &tx) { return server::app::brokenInvariants(tx); });
        QVERIFY2(broken.empty(), broken.empty() ? "" : broken.front().c_str());
    }

    void nobodyChangesWhatTheyDoNotSee()
    {
        Desk desk;
        const auto id = desk.conversation().conversation.conversation.id.value;
        const auto all = samples(desk, id);
        const auto before = headOf(desk);
        for (const auto &[name, list] : all)
            for (const auto &sample : list)
                if (name.starts_with("canned.") || name.starts_with("macro.") || // everybody's, or tst_macros
                    name == "message.hand_over")                                 // tst_hand_over
                    continue;
                else if (const auto receipt = desk.mutate(desk.stranger, name, sample.args, sample.seen);
                         receipt.code != ErrorCode::Invalid)
                    expectRefusal(receipt, ErrorCode::NotVisible);
        QCOMPARE(headOf(desk), before);
    }

    void argumentsAreChecked_data()
    {
        QTest::addColumn<QString>("op");
        QTest::addColumn<QString>("more");
        QTest::newRow("an activity") << "message.create"
                                     << R"({"kind":"activity","body":"status:open"})";
        QTest::newRow("an unknown kind") << "message.create"
                                         << R"({"kind":"shout","body":"x"})";
        QTest::newRow("a body of another type") << "message.create"
                                                << R"({"body":7})";
        QTest::newRow("eleven files")
            << "message.create"
            << R"({"body":"x","up":["00000000-0000-7000-8000-000000000001","00000000-0000-7000-8000-000000000002","00000000-0000-7000-8000-000000000003","00000000-0000-7000-8000-000000000004","00000000-0000-7000-8000-000000000005","00000000-0000-7000-8000-000000000006","00000000-0000-7000-8000-000000000007","00000000-0000-7000-8000-000000000008","00000000-0000-7000-8000-000000000009","00000000-0000-7000-8000-00000000000a","00000000-0000-7000-8000-00000000000b"]})";
        QTest::newRow("an unknown status") << "conversation.status"
                                           << R"({"to":"deleted"})";
        QTest::newRow("no moment") << "conversation.snooze"
                                   << "{}";
        QTest::newRow("three years") << "conversation.snooze"
                                     << R"({"until":1867190000000})";
        QTest::newRow("a negative mark") << "cread.set"
                                         << R"({"read_n":-1})";
    }

    void argumentsAreChecked()
    {
        QFETCH(QString, op);
        QFETCH(QString, more);
        Desk desk;
        const auto id = desk.conversation().conversation.conversation.id.value;
        const auto parsed = base::parseJson(more.toStdString());
        expectRefusal(desk.mutate(desk.agent, op.toStdString(), args(id, *parsed)), ErrorCode::Invalid);
    }

    void aMessageMayBeTooLongAndAFileMayBeMissing()
    {
        Desk desk;
        const auto id = desk.conversation().conversation.conversation.id.value;
        expectRefusal(
            desk.mutate(desk.agent, "message.create", args(id, {{"body", std::string(20'001, 'x')}})),
            ErrorCode::TooLarge);
        const auto missing =
            desk.mutate(desk.agent, "message.create",
                        args(id, {{"body", "x"}, {"up", Json::array({desk.ids.next().text()})}}));
        QVERIFY(missing.verdict == Verdict::Nack);
        QCOMPARE(std::string{toText(missing.code)}, std::string{"upload_missing"});
    }

    void resolvingIsRefusedWhenTheCustomerWroteMeanwhile()
    {
        Desk desk;
        const auto visitor = desk.newVisitor();
        const auto id = desk.say(visitor, "One", desk.ids.next())->conversation.conversation.id.value;
        QVERIFY(desk.say(visitor, "Two", desk.ids.next()));
        const auto refused = desk.mutate(desk.agent, "conversation.status", args(id, {{"to", "resolved"}}),
                                         protocol::Seen{1, 0});
        expectRefusal(refused, ErrorCode::NewCustomerMessage);
        QCOMPARE(refused.detail, std::string{R"({"cust_n":2})"});
        QVERIFY(desk.mutate(desk.agent, "conversation.status", args(id, {{"to", "resolved"}}),
                            protocol::Seen{2, 0})
                    .verdict == Verdict::Ok);
    }

    void takingIsRefusedWhenSomebodyWasFaster()
    {
        Desk desk;
        const auto id = desk.conversation().conversation.conversation.id.value;
        QVERIFY(desk.mutate(desk.agent, "conversation.assign", args(id, {{"to", desk.agent.id.text()}}))
                    .verdict == Verdict::Ok);
        const auto refused =
            desk.mutate(desk.admin, "conversation.assign", args(id, {{"to", desk.admin.id.text()}}));
        expectRefusal(refused, ErrorCode::AssigneeChanged);
        QCOMPARE(refused.detail, R"({"assignee":")" + desk.agent.id.text() + R"(","name":"Sara"})");
        QVERIFY(desk.mutate(desk.admin, "conversation.assign",
                            args(id, {{"to", desk.admin.id.text()}, {"expect", desk.agent.id.text()}}))
                    .verdict == Verdict::Ok);
    }

    void aReplysIdIsTheMutationsName()
    {
        Desk desk;
        const auto id = desk.conversation().conversation.conversation.id.value;
        QVERIFY(desk.mutate(desk.agent, "message.create", args(id, {{"body", "Hi"}})).verdict == Verdict::Ok);
        const auto row = desk.row(id);
        const auto message = desk.read([&](server::storage::Transaction &tx) {
            return *server::conversations::MessageStore{tx}.lastSpoken(row.number);
        });
        const auto mid = desk.read([](server::storage::Transaction &tx) {
            return tx.one("SELECT mid FROM sync_receipt ORDER BY n DESC LIMIT 1")->uuid(0);
        });
        QCOMPARE(message.message.id.value, mid);
    }
};

REGISTER_TEST(ConversationMutations);
#include "tst_conversation_mutations.moc"
