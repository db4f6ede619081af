#include "server/app/journal_check.h"
#include "server/features/conversations/draft_store.h"
#include "tests/server_features/desk.h"
#include "tests/support/register_test.h"

#include <QTest>

using base::Json;
using protocol::Verdict;
using server::sync::Actor;
using tests::Desk;

namespace {

struct Case {
    Desk desk;
    base::Uuid id = desk.conversation().conversation.conversation.id.value;

    protocol::Receipt write(const Actor &who, const std::string &body, const char *kind = "public")
    {
        return desk.mutate(who, "draft.set", {{"conv", id.text()}, {"kind", kind}, {"body", body}});
    }
    /// The same from another device of theirs.
    void writeElsewhere(const Actor &who, const std::string &body)
    {
        desk.must(who, [&](server::sync::WriteContext &ctx) -> base::Status {
            server::conversations::DraftStore store{ctx.tx()};
            const auto draft = store.idOf(1, who.number, id, ctx.newId());
            store.put(draft,
                      {1, who.number, id, domain::MessageKind::Public, body, ctx.now(), desk.ids.next()});
            ctx.record(protocol::EntityType::Draft, draft, server::sync::scope::user(who.id), id);
            return base::Done{};
        });
    }
    protocol::Draft draft(const Actor &who)
    {
        return desk.read([&](server::storage::Transaction &tx) {
            server::conversations::DraftStore store{tx};
            const auto row = tx.one("SELECT uuid FROM drafts WHERE user_id = ?", {who.number});
            return row ? *store.find(1, row->uuid(0)) : protocol::Draft{};
        });
    }
};

} // namespace

/// What an agent has begun to write follows them from device to device.
class Drafts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void replyAndNoteAreTwoTexts()
    {
        Case c;
        QCOMPARE(c.write(c.desk.agent, "Dear").verdict, Verdict::Ok);
        QCOMPARE(c.write(c.desk.agent, "Ask Ada", "note").verdict, Verdict::Ok);
        QCOMPARE(c.draft(c.desk.agent).reply.body, std::string{"Dear"});
        QCOMPARE(c.draft(c.desk.agent).note.body, std::string{"Ask Ada"});
        QVERIFY(c.desk.read(
            [](server::storage::Transaction &tx) { return server::app::brokenInvariants(tx).empty(); }));
    }

    void nobodySeesAnothersDraft()
    {
        Case c;
        (void)c.write(c.desk.agent, "Mine");
        (void)c.write(c.desk.admin, "Hers");
        QCOMPARE(c.draft(c.desk.agent).reply.body, std::string{"Mine"});
        QCOMPARE(c.write(c.desk.stranger, "Not mine").code, base::ErrorCode::NotVisible);
    }

    void theLastOneWinsAndTheOtherIsKept()
    {
        Case c;
        (void)c.write(c.desk.agent, "At the desk");
        c.writeElsewhere(c.desk.agent, "On the train");
        const auto draft = c.draft(c.desk.agent);
        QCOMPARE(draft.reply.body, std::string{"On the train"});
        QCOMPARE(draft.lost, std::vector<std::string>{"At the desk"});
    }

    void goingOnFromThereLosesNothing()
    {
        Case c;
        (void)c.write(c.desk.agent, "Dear Mara");
        c.writeElsewhere(c.desk.agent, "Dear Mara, I am sorry");
        QVERIFY(c.draft(c.desk.agent).lost.empty());
    }

    void onlyTheNewestLostOnesAreKept()
    {
        Case c;
        for (int i = 0; i < 9; ++i)
            c.writeElsewhere(c.desk.agent, "Version " + std::to_string(i));
        QCOMPARE(c.draft(c.desk.agent).lost.size(), std::size_t{5});
        QCOMPARE(c.draft(c.desk.agent).lost.front(), std::string{"Version 7"});
    }

    void tooLongIsRefused()
    {
        Case c;
        QCOMPARE(c.write(c.desk.agent, std::string(100000, 'x')).code, base::ErrorCode::TooLarge);
    }
};

REGISTER_TEST(Drafts);
#include "tst_drafts.moc"
