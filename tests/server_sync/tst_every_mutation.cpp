#include "server/features/inboxes/access_service.h"
#include "shared/protocol/limits.h"
#include "tests/server_features/desk.h"
#include "tests/server_sync/follower.h"
#include "tests/support/register_test.h"

#include <QTest>

#include <functional>
#include <random>

using base::Json;
using tests::Desk;
using tests::Follower;

namespace {

using Sample = std::function<Json(Desk &, const base::Uuid &conversation, std::mt19937_64 &)>;

template <class T>
T pick(const std::vector<T> &list, std::mt19937_64 &engine)
{
    return list[engine() % list.size()];
}

// One generator a mutation. A mutation without one fails the test: nobody adds one that is not covered.
const std::map<std::string, Sample> &samples()
{
    static const std::map<std::string, Sample> all{
        {"message.create",
         [](Desk &, const base::Uuid &conversation, std::mt19937_64 &engine) -> Json {
             return {{"conv", conversation.text()},
                     {"kind", pick<std::string>({"public", "note"}, engine)},
                     {"body",
                      pick<std::string>({"Hello", "مرحبا", "👍🏽", std::string(3000, 'x'), ""}, engine)}};
         }},
        {"message.release",
         [](Desk &desk, const base::Uuid &conversation, std::mt19937_64 &) -> Json {
             return {{"conv", conversation.text()},
                     {"message", desk.heldReply(desk.agent, desk.admin, conversation).text()}};
         }},
        {"message.discard",
         [](Desk &desk, const base::Uuid &conversation, std::mt19937_64 &engine) -> Json {
             const auto &who = engine() % 2 ? desk.agent : desk.admin;
             const auto &other =
                 engine() % 2 ? desk.admin : desk.agent; // sometimes the same: nothing is held then
             return {{"conv", conversation.text()},
                     {"message", desk.heldReply(who, other, conversation).text()}};
         }},
        {"message.retry",
         [](Desk &desk, const base::Uuid &conversation, std::mt19937_64 &engine) -> Json {
             (void)desk.mutate(desk.agent, "message.create",
                               {{"conv", conversation.text()}, {"body", "Once"}});
             const auto message = desk.lastMid;
             if (engine() % 3)
                 desk.write([&](server::sync::WriteContext &ctx) {
                     return desk.conversations.setDelivery(ctx, message, "failed", "refused");
                 });
             return {{"conv", conversation.text()}, {"message", message.text()}};
         }},
        {"conversation.status",
         [](Desk &, const base::Uuid &conversation, std::mt19937_64 &engine) -> Json {
             return {
                 {"conv", conversation.text()},
                 {"to", pick<std::string>({"open", "pending", "resolved", "snoozed", "nonsense"}, engine)}};
         }},
        {"conversation.snooze",
         [](Desk &desk, const base::Uuid &conversation, std::mt19937_64 &engine) -> Json {
             const auto hours = static_cast<std::int64_t>(engine() % 50) - 10;
             Json args{{"conv", conversation.text()},
                       {"until", base::toMs(desk.clock.now()) + hours * 3'600'000}};
             if (engine() % 2) {
                 args["local"] = pick<std::string>({"2026-01-01T09:00", "2027-03-28T02:30", "soon"}, engine);
                 args["tz"] = pick<std::string>({"Europe/Berlin", "Mars/Olympus"}, engine);
             }
             return args;
         }},
        {"conversation.assign",
         [](Desk &desk, const base::Uuid &conversation, std::mt19937_64 &engine) -> Json {
             Json args{{"conv", conversation.text()}};
             if (engine() % 3)
                 args["to"] =
                     pick<base::Uuid>({desk.agent.id, desk.admin.id, desk.stranger.id, conversation}, engine)
                         .text();
             if (engine() % 3 == 0)
                 args["expect"] = desk.admin.id.text();
             return args;
         }},
        {"conversation.priority",
         [](Desk &, const base::Uuid &conversation, std::mt19937_64 &engine) -> Json {
             return {{"conv", conversation.text()},
                     {"to", pick<std::string>({"none", "low", "urgent"}, engine)}};
         }},
        {"conversation.team",
         [](Desk &desk, const base::Uuid &conversation, std::mt19937_64 &engine) -> Json {
             Json args{{"conv", conversation.text()}};
             if (engine() % 3)
                 args["to"] = pick<base::Uuid>({desk.team.id.value, conversation}, engine).text();
             return args;
         }},
        {"conversation.label",
         [](Desk &, const base::Uuid &conversation, std::mt19937_64 &engine) -> Json {
             const std::vector<std::string> titles{"billing", "vip", "Überfällig", "a,b", ""};
             return {{"conv", conversation.text()},
                     {"add", Json::array({pick(titles, engine), pick(titles, engine)})},
                     {"remove", Json::array({pick(titles, engine)})}};
         }},
        {"macro.save",
         [](Desk &desk, const base::Uuid &conversation, std::mt19937_64 &engine) -> Json {
             const Json step{{"action", pick<std::string>({"resolve_conversation", "explode"}, engine)}};
             return {{"id", pick<base::Uuid>({desk.ids.next(), conversation}, engine).text()},
                     {"name", pick<std::string>({"Refund", "Späti", ""}, engine)},
                     {"shared", engine() % 3 == 0},
                     {"steps", Json::array({step})}};
         }},
        {"macro.delete",
         [](Desk &desk, const base::Uuid &conversation, std::mt19937_64 &engine) -> Json {
             return {{"id", pick<base::Uuid>({desk.ids.next(), conversation}, engine).text()}};
         }},
        {"macro.run",
         [](Desk &desk, const base::Uuid &conversation, std::mt19937_64 &engine) -> Json {
             const auto call = [&](const char *op, Json args) -> Json {
                 args["conv"] = conversation.text();
                 return {{"mid", desk.ids.next().text()}, {"op", op}, {"a", args}};
             };
             return {{"conv", conversation.text()},
                     {"macro", conversation.text()},
                     {"steps",
                      {call("conversation.label", {{"add", {"vip"}}}),
                       call("message.create", {{"body", "By macro"}}),
                       call("conversation.priority",
                            {{"to", pick<std::string>({"high", "none", "nonsense"}, engine)}})}}};
         }},
        {"message.hand_over",
         [](Desk &desk, const base::Uuid &conversation, std::mt19937_64 &engine) -> Json {
             const Json words{{"body", "Mine"}, {"conv", conversation.text()}, {"kind", "note"}};
             const auto refused = desk.mutate(desk.stranger, "message.create", words);
             return {{"conv", conversation.text()},
                     {"message", desk.lastMid.text()},
                     {"words", base::toText(engine() % 2 && !refused.repeated ? words : Json::object())}};
         }},
        {"canned.save",
         [](Desk &desk, const base::Uuid &conversation, std::mt19937_64 &engine) -> Json {
             return {{"id", pick<base::Uuid>({desk.ids.next(), conversation}, engine).text()},
                     {"short_code", pick<std::string>({"hi", "bye", "", "two words"}, engine)},
                     {"content", pick<std::string>({"Hello there", "👋", ""}, engine)}};
         }},
        {"canned.delete",
         [](Desk &desk, const base::Uuid &conversation, std::mt19937_64 &engine) -> Json {
             return {{"id", pick<base::Uuid>({desk.ids.next(), conversation}, engine).text()}};
         }},
        {"cread.set",
         [](Desk &, const base::Uuid &conversation, std::mt19937_64 &engine) -> Json {
             return {{"conv", conversation.text()}, {"read_n", static_cast<std::int64_t>(engine() % 6)}};
         }},
        {"draft.set",
         [](Desk &, const base::Uuid &conversation, std::mt19937_64 &engine) -> Json {
             return {{"conv", conversation.text()},
                     {"kind", pick<std::string>({"public", "note"}, engine)},
                     {"body", pick<std::string>({"I begin", "Ich fange an", ""}, engine)}};
         }},
    };
    return all;
}

/// Three views of the same account: everything, one inbox, none.
struct Watchers {
    explicit Watchers(Desk &desk)
    {
        for (const auto &actor : {desk.admin, desk.agent, desk.stranger})
            followers.emplace_back(*desk.database, *desk.access, desk.entities, desk.principal(actor));
    }

    std::string wrong()
    {
        std::string text;
        for (auto &follower : followers) {
            follower.follow();
            text += tests::difference(follower.view(), follower.fresh());
        }
        return text;
    }

    std::vector<Follower> followers;
};

} // namespace

/// "Old plus events is fresh", over all mutations the features registered and over all three kinds of
/// onlookers.
class TestEveryMutation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyMutationHasASample()
    {
        const Desk desk;
        for (const auto &name : desk.mutations.names())
            QVERIFY2(samples().contains(name), name.c_str());
    }

    void oldPlusEventsIsFresh_data()
    {
        QTest::addColumn<QString>("name");
        for (const auto &name : Desk{}.mutations.names())
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }

    void oldPlusEventsIsFresh()
    {
        QFETCH(QString, name);
        const auto seed = std::random_device{}();
        qInfo("seed %u", seed);
        std::mt19937_64 engine{seed};
        Desk desk{seed};
        const auto conversation = desk.conversation().conversation.conversation.id.value;
        const auto &sample = samples().at(name.toStdString());
        int accepted = 0;
        Watchers watchers{desk};
        for (int i = 0; i < 25; ++i) {
            const auto &who = i % 5 == 4 ? desk.stranger : (i % 2 ? desk.admin : desk.agent);
            const auto receipt = desk.mutate(who, name.toStdString(), sample(desk, conversation, engine));
            accepted += receipt.verdict == protocol::Verdict::Ok;
            const auto wrong = watchers.wrong();
            QVERIFY2(wrong.empty(), wrong.c_str());
        }
        QVERIFY(accepted > 0);
    }

    void randomHistoriesOfAllMutationsStayFresh()
    {
        const auto seed = std::random_device{}();
        qInfo("seed %u", seed);
        std::mt19937_64 engine{seed};
        Desk desk{seed};
        std::vector<base::Uuid> conversations;
        Watchers watchers{desk};
        const auto names = desk.mutations.names();
        for (int i = 0; i < 200; ++i) {
            if (conversations.empty() || engine() % 20 == 0)
                conversations.push_back(desk.conversation().conversation.conversation.id.value);
            const auto name = pick(names, engine);
            const auto &who = pick<server::sync::Actor>({desk.admin, desk.agent, desk.stranger}, engine);
            auto conversation = pick(conversations, engine);
            // A snapshot brings the newest fifty messages; whoever listened from the start has more.
            if (desk.row(conversation).conversation.lastN >
                static_cast<std::int64_t>(protocol::windowMessages) - 5)
                conversation =
                    conversations.emplace_back(desk.conversation().conversation.conversation.id.value);
            (void)desk.mutate(who, name, samples().at(name)(desk, conversation, engine));
            if (engine() % 5 == 0)
                desk.clock.advance(std::chrono::minutes{engine() % 100});
            const auto wrong = watchers.wrong();
            QVERIFY2(wrong.empty(), wrong.c_str());
        }
    }
};

REGISTER_TEST(TestEveryMutation);
#include "tst_every_mutation.moc"
