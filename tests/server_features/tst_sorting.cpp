#include "server/app/journal_check.h"
#include "server/features/canned_responses/canned_response_store.h"
#include "server/features/conversations/conversation_store.h"
#include "server/features/teams/team_store.h"
#include "tests/server_features/desk.h"
#include "tests/support/register_test.h"

#include <QTest>

using base::ErrorCode;
using protocol::Verdict;
using server::sync::WriteContext;
using tests::Desk;

/// Labels, teams and canned responses, and what happens to what carries them.
class Sorting : public QObject {
    Q_OBJECT

private:
    using Titles = std::vector<std::string>;

    static Titles labels(Desk &desk, const base::Uuid &id) { return desk.row(id).conversation.labels; }

    static std::string code(const protocol::Receipt &receipt) { return std::string{toText(receipt.code)}; }

    static void expectWhole(Desk &desk)
    {
        const auto broken =
            desk.read([](server::storage::Transaction &tx) { return server::app::brokenInvariants(tx); });
        QVERIFY2(broken.empty(), broken.empty() ? "" : broken.front().c_str());
    }

private Q_SLOTS:
    void twoPeopleSortOneConversationAndNothingIsLost()
    {
        Desk desk;
        const auto id = desk.conversation().conversation.conversation.id.value;
        const auto c = id.text();
        QVERIFY(
            desk.mutate(desk.agent, "conversation.label", {{"conv", c}, {"add", {"VIP ", "late"}}}).verdict ==
            Verdict::Ok);
        QVERIFY(desk.mutate(desk.admin, "conversation.label",
                            {{"conv", c}, {"add", {"billing"}}, {"remove", {"Late"}}})
                    .verdict == Verdict::Ok);
        QCOMPARE(labels(desk, id), (Titles{"billing", "vip"}));
        const auto bodies = desk.bodies(id);
        QCOMPARE(Titles(bodies.begin() + 1, bodies.end()),
                 (Titles{"label:+late", "label:+vip", "label:+billing", "label:-late"}));
        // What changes nothing says nothing.
        desk.mutate(desk.admin, "conversation.label", {{"conv", c}, {"add", {"vip"}}});
        QCOMPARE(desk.bodies(id).size(), bodies.size());
        expectWhole(desk);
    }

    void aLabelIsFollowedWhenItIsRenamedAndWhenItGoes()
    {
        Desk desk;
        std::vector<base::Uuid> ids;
        for (int i = 0; i < 3; ++i)
            ids.push_back(desk.conversation().conversation.conversation.id.value);
        std::int64_t label = 0;
        std::int64_t contact = 0;
        desk.write([&](WriteContext &ctx) -> base::Status {
            const auto made = desk.labels.create(ctx, {"Billing", std::nullopt, "#aa3300", true});
            label = made->label.number;
            for (const auto &id : ids)
                if (const auto set = desk.conversations.label(ctx, id, {"billing", "vip"}, {}); !set)
                    return set.error();
            contact = desk.row(ids[0]).contact;
            const auto set = desk.contacts.setLabels(ctx, contact, {"billing"});
            return set ? base::Status{base::Done{}} : base::Status{set.error()};
        });
        desk.write([&](WriteContext &ctx) -> base::Status {
            const auto changed = desk.labels.change(ctx, label, {"invoices", {}, {}, {}});
            return changed ? base::Status{base::Done{}} : base::Status{changed.error()};
        });
        for (const auto &id : ids)
            QCOMPARE(labels(desk, id), (Titles{"invoices", "vip"}));
        const auto ofContact = [&] {
            return desk.read([&](server::storage::Transaction &tx) {
                return server::contacts::ContactStore{tx}.find(1, contact)->contact.labels;
            });
        };
        QCOMPARE(ofContact(), Titles{"invoices"});
        desk.write([&](WriteContext &ctx) { return desk.labels.remove(ctx, label); });
        for (const auto &id : ids)
            QCOMPARE(labels(desk, id), Titles{"vip"});
        QCOMPARE(ofContact(), Titles{});
        expectWhole(desk);
    }

    void aTitleIsTakenOnce()
    {
        Desk desk;
        const auto make = [&](const std::string &title) {
            return desk.attempt(desk.admin, [&](WriteContext &ctx) -> base::Status {
                const auto made = desk.labels.create(ctx, {title, {}, {}, {}});
                return made ? base::Status{base::Done{}} : base::Status{made.error()};
            });
        };
        QVERIFY(make("billing"));
        QVERIFY(make(" BILLING ").error().code == ErrorCode::AlreadyExists);
        for (const auto *bad : {"", " ", "a,b", "\x01", "\xff"})
            QVERIFY(make(bad).error().code == ErrorCode::Invalid);
        QVERIFY(make(std::string(65, 'x')).error().code == ErrorCode::Invalid);
    }

    void aTeamThatGoesTakesNoConversationWithIt()
    {
        Desk desk;
        const auto id = desk.conversation().conversation.conversation.id.value;
        const auto give =
            desk.mutate(desk.agent, "conversation.team", {{"conv", id.text()}, {"to", desk.team.id.text()}});
        QVERIFY(give.verdict == Verdict::Ok);
        QVERIFY(desk.row(id).conversation.team == desk.team.id);
        const auto unknown =
            desk.mutate(desk.agent, "conversation.team", {{"conv", id.text()}, {"to", id.text()}});
        QCOMPARE(code(unknown), std::string{"invalid"});
        desk.write([&](WriteContext &ctx) { return desk.teams.remove(ctx, desk.team.number); });
        QVERIFY(!desk.row(id).conversation.team);
        QVERIFY(!desk.row(id).team);
        QCOMPARE(desk.bodies(id).back(), std::string{"team:none"});
        expectWhole(desk);
    }

    void whoLeavesTheAccountLeavesTheirTeams()
    {
        Desk desk;
        desk.write([&](WriteContext &ctx) {
            return desk.teams.changeMembers(ctx, desk.team.number, {desk.agent.number, desk.stranger.number},
                                            server::teams::TeamService::Members::Add);
        });
        desk.write([&](WriteContext &ctx) { return desk.accounts.removeUser(ctx, desk.agent.number); });
        const auto left = desk.read([&](server::storage::Transaction &tx) {
            return server::teams::TeamStore{tx}.memberNumbers(desk.team.number);
        });
        QCOMPARE(left, std::vector{desk.stranger.number});
        const auto stranger = desk.attempt(desk.admin, [&](WriteContext &ctx) {
            return desk.teams.changeMembers(ctx, desk.team.number, {desk.agent.number},
                                            server::teams::TeamService::Members::Add);
        });
        QVERIFY(stranger.error().code == ErrorCode::Invalid);
    }

    void twoCannedResponsesNeverHaveOneCode()
    {
        Desk desk;
        const auto save = [&](const base::Uuid &id, const std::string &shortCode,
                              const std::string &content) {
            return desk.mutate(desk.agent, "canned.save",
                               {{"id", id.text()}, {"short_code", shortCode}, {"content", content}});
        };
        const auto first = desk.ids.next();
        QVERIFY(save(first, "hi", "Hello").verdict == Verdict::Ok);
        QCOMPARE(code(save(desk.ids.next(), "hi", "Other")), std::string{"already_exists"});
        QVERIFY(save(first, "hello", "Hello again").verdict == Verdict::Ok);
        QVERIFY(save(desk.ids.next(), "hi", "Free now").verdict == Verdict::Ok);
        QCOMPARE(code(save(desk.ids.next(), "two words", "x")), std::string{"invalid"});
        // Gone twice is gone: both who deleted it were right.
        for (int i = 0; i < 2; ++i)
            QVERIFY(desk.mutate(desk.agent, "canned.delete", {{"id", first.text()}}).verdict == Verdict::Ok);
        const auto left = desk.read([](server::storage::Transaction &tx) {
            return server::canned_responses::CannedResponseStore{tx}.all(1);
        });
        QCOMPARE(left.size(), std::size_t{1});
        QCOMPARE(left[0].response.content, std::string{"Free now"});
        expectWhole(desk);
    }
};

REGISTER_TEST(Sorting);
#include "tst_sorting.moc"
