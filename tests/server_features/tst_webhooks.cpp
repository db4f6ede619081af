#include "shared/base/text.h"
#include "tests/server_features/webhook_desk.h"
#include "tests/support/register_test.h"

#include <QTest>

#include <algorithm>
#include <set>

using base::Json;
using server::sync::WriteContext;
using server::webhooks::DeliveryRow;
using State = server::webhooks::DeliveryRow::State;
using tests::WebhookDesk;
using Names = std::vector<std::string>;

namespace {

const Names everything{"conversation_created",   "conversation_status_changed",
                       "conversation_updated",   "message_created",
                       "message_updated",        "contact_created",
                       "contact_updated",        "webwidget_triggered",
                       "conversation_typing_on", "conversation_typing_off"};

} // namespace

/// What is recorded for webhooks, and how it is sent: with time, chance and the other side under control.
class WebhooksTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatHappensIsRecordedInTheOrderInWhichItIsTold()
    {
        WebhookDesk desk;
        const auto hook = desk.hook("https://a.example/", everything);
        const auto posted = desk.conversation("Hello");
        QCOMPARE(desk.told(hook.number),
                 (Names{"contact_created", "conversation_created", "message_created"}));
        const auto id = posted.conversation.conversation.id.value;
        desk.must(desk.agent, [&](WriteContext &ctx) -> base::Status {
            const auto done = desk.conversations.setStatus(ctx, id, domain::ConversationStatus::Resolved);
            return done ? base::Status{base::Done{}} : base::Status{done.error()};
        });
        QCOMPARE(desk.told(hook.number), (Names{"contact_created", "conversation_created", "message_created",
                                                "conversation_status_changed", "conversation_updated"}));
    }

    void whatIsRefusedIsNotTold()
    {
        WebhookDesk desk;
        const auto hook = desk.hook("https://a.example/", everything);
        (void)desk.attempt(desk.agent, [&](WriteContext &ctx) -> base::Status {
            (void)desk.contacts.create(ctx, {"Nobody"});
            return base::Error{base::ErrorCode::Invalid, "after all"};
        });
        QCOMPARE(desk.told(hook.number), Names{});
    }

    void jobsOfOneTransactionSeeEachOther()
    {
        WebhookDesk desk;
        const auto hook = desk.hook("https://a.example/", {"contact_created", "contact_updated"});
        std::int64_t contact = 0;
        int answers = 0;
        const auto submit = [&](const server::sync::Executor::Job &job) {
            desk.executor->submit(1, {}, job, [&](const auto &) { ++answers; });
        };
        const auto rename = [&](const std::string &name) {
            submit([&, name](WriteContext &ctx) -> base::Status {
                server::contacts::ContactFields fields;
                fields.name = name;
                const auto done = desk.contacts.change(ctx, contact, fields);
                return done ? base::Status{base::Done{}} : base::Status{done.error()};
            });
        };
        submit([&](WriteContext &ctx) -> base::Status {
            contact = desk.contacts.create(ctx, {"Ann"})->contact.number;
            return base::Done{};
        });
        rename("Anna");
        rename("Anne");
        desk.executor->runBatch();
        QCOMPARE(answers, 3);
        QCOMPARE(desk.told(hook.number), (Names{"contact_created", "contact_updated", "contact_updated"}));
        const auto newest = desk.log(hook.number).front().id;
        const auto last = desk.read([&](server::storage::Transaction &tx) {
            return server::webhooks::DeliveryStore{tx}.find(hook.number, newest);
        });
        const auto changes = Json::parse(last->event.body)["changed_attributes"];
        QVERIFY(changes == Json::parse(R"([{"name":{"previous_value":"Anna","current_value":"Anne"}}])"));
    }

    void aReplyIsToldWhenItsAuthorCanNoLongerTakeItBack()
    {
        WebhookDesk desk;
        const auto hook = desk.hook("https://a.example/", {"message_created"});
        const auto posted = desk.conversation("Hello");
        const auto reply = [&](base::Duration undo) {
            server::conversations::NewMessage message;
            message.body = "Yes";
            message.undoFor = undo;
            return desk
                .as(desk.agent,
                    [&](WriteContext &ctx) {
                        return desk.conversations.post(ctx, posted.conversation.conversation.id.value,
                                                       message);
                    })
                ->message.message.id.value;
        };
        const auto first = reply(std::chrono::seconds{10});
        QCOMPARE(desk.log(hook.number).size(), std::size_t{1});
        desk.must(desk.agent, [&](WriteContext &ctx) -> base::Status {
            return server::conversations::DeliveryService::undo(ctx, first) ? base::Status{base::Done{}}
                                                                            : base::Error{};
        });
        const auto second = reply(std::chrono::seconds{10});
        desk.clock.advance(std::chrono::seconds{11});
        desk.dispatch();
        QCOMPARE(desk.log(hook.number).size(), std::size_t{2});
        QVERIFY(desk.log(hook.number).front().event.message == second);
    }

    void anInboxOfItsOwnIsToldOnlyOfItself()
    {
        WebhookDesk desk;
        const auto scoped = desk.hook("https://a.example/", {"message_created"}, desk.inbox.inbox.number);
        const auto app = desk.apiInbox("https://app.example/");
        desk.conversation("on the website");
        QCOMPARE(desk.told(scoped.number), Names{"message_created"});
        QCOMPARE(desk.told(-app.inbox.number), Names{});
        desk.conversationIn(app);
        QCOMPARE(desk.told(scoped.number), Names{"message_created"});
        QCOMPARE(desk.told(-app.inbox.number),
                 (Names{"conversation_created", "message_created", "conversation_updated"}));
    }

    void secretsLieSealed()
    {
        WebhookDesk desk;
        const auto hook = desk.hook("https://a.example/", everything);
        const auto secret = desk.webhooks.secret(hook);
        QCOMPARE(secret.size(), std::size_t{32});
        QVERIFY(hook.sealedSecret.find(secret) == std::string::npos);
        const auto fresh = desk.as(
            desk.admin, [&](WriteContext &ctx) { return desk.webhooks.renewSecret(ctx, hook.number); });
        QVERIFY(desk.webhooks.secret(*fresh) != secret);
    }

    void aMessageThatItsInboxCouldNotBeToldFails_andGoesOnceMoreWhenItsAuthorTries()
    {
        WebhookDesk desk;
        const auto app = desk.apiInbox("https://app.example/");
        const auto conversation = desk.conversationIn(app);
        drain(desk, 200);
        const auto id = reply(desk, conversation, "Hello?");
        drain(desk, 410);
        const auto state = [&] {
            return desk.read([&](server::storage::Transaction &tx) {
                return server::conversations::MessageStore{tx}.state(id);
            });
        };
        QCOMPARE(state()->state, std::string{"failed"});
        QCOMPARE(state()->code, std::string{"webhook_status_410"});
        const auto failed = find(desk, -app.inbox.number, id);
        desk.must(desk.admin, [&](WriteContext &ctx) -> base::Status {
            const auto row = server::conversations::ConversationStore{ctx.tx()}.find(1, conversation);
            return server::conversations::DeliveryService::retry(ctx, *row, id) ? base::Status{base::Done{}}
                                                                                : base::Error{};
        });
        desk.dispatch();
        drain(desk, 200);
        QCOMPARE(state()->state, std::string{"sent"});
        const auto again = find(desk, -app.inbox.number, id);
        QVERIFY(again.id == failed.id);
        QVERIFY(again.state == State::Done);
    }

    void afterFiveFailuresATargetIsLeftAlone_andWhatWaitsLosesNoTries()
    {
        WebhookDesk desk;
        const auto hook = desk.hook("https://a.example/", {"message_created"});
        for (int i = 0; i < 40; ++i)
            desk.conversation();
        int tries = 0;
        for (int second = 0; second < 120; ++second) {
            desk.sender->round();
            while (!desk.outside->open.empty()) {
                desk.outside->answer(0, 503);
                ++tries;
            }
            desk.clock.advance(std::chrono::seconds{1});
        }
        QVERIFY2(tries >= 6 && tries <= 16, qPrintable(QString::number(tries)));
        int untouched = 0;
        for (const auto &row : desk.log(hook.number))
            untouched += row.attempts == 0 ? 1 : 0;
        QVERIFY(untouched >= 24);
        for (int second = 0; second < 900; ++second) {
            desk.sender->round();
            while (!desk.outside->open.empty())
                desk.outside->answer(0, 200);
            desk.clock.advance(std::chrono::seconds{1});
        }
        for (const auto &row : desk.log(hook.number))
            QVERIFY(row.state == State::Done);
    }

    void whatIsTooOldIsGivenUp()
    {
        WebhookDesk desk;
        const auto hook = desk.hook("https://a.example/", {"message_created"});
        desk.conversation();
        for (int hour = 0; hour < 26; ++hour) {
            for (int i = 0; i < 2; ++i) {
                desk.sender->round();
                while (!desk.outside->open.empty())
                    desk.outside->answer(0, 0, {}, "unreachable");
            }
            desk.clock.advance(std::chrono::hours{1});
        }
        const auto row = desk.log(hook.number).front();
        QVERIFY(row.state == State::Dead);
        QCOMPARE(row.reason, std::string{"unreachable"});
    }

    void ephemeralEventsAreToldOnceOrNotAtAll()
    {
        WebhookDesk desk;
        const auto posted = desk.conversation();
        const auto hook = desk.hook("https://a.example/", everything);
        server::sync::EphemeralEvent event;
        event.account = 1;
        event.conversation = posted.conversation.conversation.id.value;
        event.who = desk.agent.id;
        desk.recorder.note(event);
        event.on = false;
        desk.recorder.note(event);
        event.kind = server::sync::EphemeralEvent::Kind::Arrival;
        event.conversation = {};
        event.inbox = desk.inbox.inbox.number;
        event.page = "https://shop.example/cart";
        event.who = desk.ids.next();
        desk.recorder.note(event);
        QCOMPARE(desk.told(hook.number),
                 (Names{"conversation_typing_on", "conversation_typing_off", "webwidget_triggered"}));
        desk.sender->round();
        while (!desk.outside->open.empty())
            desk.outside->answer(0, 500);
        desk.sender->round();
        for (const auto &row : desk.log(hook.number))
            QVERIFY(row.state == State::Dead);
    }

    void underAnyTroubleNothingIsLostAndOrderIsKept_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 1; seed <= 20; ++seed)
            QTest::addRow("seed %d", seed) << seed;
    }
    void underAnyTroubleNothingIsLostAndOrderIsKept();

private:
    static base::Uuid reply(WebhookDesk &desk, const base::Uuid &conversation, const std::string &body)
    {
        server::conversations::NewMessage message;
        message.body = body;
        return desk
            .as(desk.admin,
                [&](WriteContext &ctx) { return desk.conversations.post(ctx, conversation, message); })
            ->message.message.id.value;
    }
    static void drain(WebhookDesk &desk, int status)
    {
        for (int i = 0; i < 50; ++i) {
            desk.sender->round();
            while (!desk.outside->open.empty())
                desk.outside->answer(0, status);
            desk.clock.advance(std::chrono::milliseconds{100});
        }
    }
    static DeliveryRow find(WebhookDesk &desk, server::webhooks::Target target, const base::Uuid &message)
    {
        return *desk.read([&](server::storage::Transaction &tx) {
            return server::webhooks::DeliveryStore{tx}.ofMessage(target, message);
        });
    }
};

// Three receivers, one of which is well. Things happen, calls fail, hang, are taken without an answer, and
// the server crashes with calls under way.
void WebhooksTest::underAnyTroubleNothingIsLostAndOrderIsKept()
{
    QFETCH(int, seed);
    tests::SeededRandom chance{static_cast<std::uint64_t>(seed)};
    WebhookDesk desk{static_cast<std::uint64_t>(seed)};
    const auto bad = desk.hook("https://bad.example/", {"message_created", "conversation_updated"});
    const auto slow = desk.hook("https://slow.example/", {"message_created"});
    const auto well = desk.hook("https://well.example/", {"message_created", "conversation_created"});
    std::vector<server::contacts::Visitor> visitors;
    for (int i = 0; i < 4; ++i)
        visitors.push_back(desk.newVisitor());

    std::map<std::string, std::vector<std::string>> taken; // ids in the order in which a receiver took them
    std::map<std::uint64_t, base::Timestamp> hangsUntil;
    std::map<std::string, base::Timestamp> notBefore; // of an id, as its receiver asked
    base::Timestamp lastHappened{};
    const auto end = desk.clock.now() + std::chrono::hours{30};
    while (desk.clock.now() < end) {
        const bool isBusy = desk.clock.now() < end - std::chrono::hours{28};
        if (isBusy && chance.below(3) == 0) {
            QVERIFY(desk.say(visitors[chance.below(visitors.size())], "Hi", desk.ids.next()));
            lastHappened = desk.clock.now();
        }
        desk.sender->round();
        std::vector<std::string> justAnswered;
        // Never two calls of a lane of a receiver at a time.
        std::set<std::string> lanes;
        std::map<std::string, int> each;
        for (const auto &call : desk.outside->open) {
            const auto json = call.json();
            const auto conversation = json.contains("conversation") ? json["conversation"]["id"] : json["id"];
            QVERIFY(lanes.insert(call.call.url + conversation.dump()).second);
            QVERIFY(++each[call.call.url] <= 4);
        }
        for (std::size_t i = desk.outside->open.size(); i-- > 0;) {
            const auto call = desk.outside->open[i];
            const auto &url = call.call.url;
            const auto hang = hangsUntil.find(call.ticket);
            if (hang != hangsUntil.end()) {
                if (desk.clock.now() >= hang->second)
                    desk.outside->answer(i, 0, {}, "timeout");
                continue;
            }
            if (const auto asked = notBefore.find(call.id()); asked != notBefore.end())
                QVERIFY(desk.clock.now() >= asked->second);
            const auto dice = url == "https://well.example/" ? 9 : chance.below(10);
            if (dice < 2 && url == "https://slow.example/") {
                if (dice == 0) // it has it, and does not say so
                    taken[url].push_back(call.id());
                hangsUntil[call.ticket] = desk.clock.now() + std::chrono::seconds{5};
            } else if (dice < 4 && isBusy) {
                const base::Duration asked = std::chrono::seconds{chance.below(90)};
                notBefore[call.id()] = desk.clock.now() + asked;
                justAnswered.push_back(call.id());
                desk.outside->answer(i, dice == 2 ? 429 : 500, asked);
            } else {
                taken[url].push_back(call.id());
                desk.outside->answer(i, 200);
            }
        }
        if (isBusy && chance.below(200) == 0) {
            hangsUntil.clear();
            for (const auto &id : justAnswered) // the server never learns of it
                notBefore.erase(id);
            desk.crash();
        }
        desk.clock.advance(isBusy ? std::chrono::seconds{1 + chance.below(20)} : std::chrono::seconds{30});
        if (!isBusy && desk.outside->open.empty() && desk.clock.now() > lastHappened + std::chrono::hours{3})
            break;
    }
    for (const auto &[url, hook] :
         {std::pair{"https://bad.example/", bad}, std::pair{"https://slow.example/", slow},
          std::pair{"https://well.example/", well}}) {
        std::map<std::int64_t, std::vector<std::string>> lanes;
        auto rows = desk.log(hook.number);
        QVERIFY(!rows.empty());
        std::reverse(rows.begin(), rows.end());
        const auto &got = taken[url];
        for (const auto &row : rows) {
            QVERIFY2(row.state == State::Done || row.state == State::Dead, url);
            const bool wasTaken = std::find(got.begin(), got.end(), row.id.text()) != got.end();
            if (row.state == State::Done)
                QVERIFY(wasTaken);
            QVERIFY(row.attempts <= row.tries);
            if (wasTaken)
                lanes[row.lane].push_back(row.id.text());
            if (hook.number == well.number) {
                QVERIFY(row.state == State::Done);
                QVERIFY(*row.finishedAt - row.event.at <= std::chrono::seconds{180});
            }
        }
        for (const auto &[lane, ids] : lanes) {
            std::vector<std::string> inOrder; // first time of each
            for (const auto &id : got)
                if (std::find(ids.begin(), ids.end(), id) != ids.end() &&
                    std::find(inOrder.begin(), inOrder.end(), id) == inOrder.end())
                    inOrder.push_back(id);
            QVERIFY2(inOrder == ids, url);
        }
    }
}

REGISTER_TEST(WebhooksTest);
#include "tst_webhooks.moc"
