#include "server/features/conversations/conversations_module.h"
#include "tests/server_features/desk.h"
#include "tests/support/register_test.h"

#include <QTest>

#include <algorithm>

using namespace std::chrono_literals;
using base::ErrorCode;
using domain::ConversationStatus;
using server::conversations::NewMessage;
using server::sync::WriteContext;
using tests::Desk;
using Bodies = std::vector<std::string>;

class Conversations : public QObject {
    Q_OBJECT

private:
    static NewMessage reply(const std::string &body)
    {
        NewMessage message;
        message.body = body;
        return message;
    }

    static NewMessage note(const std::string &body)
    {
        auto message = reply(body);
        message.kind = domain::MessageKind::Note;
        return message;
    }

    static auto post(Desk &desk, const server::sync::Actor &who, const base::Uuid &id,
                     const NewMessage &message)
    {
        return desk.as(who, [&](WriteContext &ctx) { return desk.conversations.post(ctx, id, message); });
    }

    static auto setStatus(Desk &desk, const server::sync::Actor &who, const base::Uuid &id,
                          ConversationStatus to)
    {
        return desk.as(who, [&](WriteContext &ctx) { return desk.conversations.setStatus(ctx, id, to); });
    }

    static void settings(Desk &desk, const std::function<void(server::inboxes::WebsiteSettings &)> &change)
    {
        auto changed = desk.inbox.settings;
        change(changed);
        desk.write([&](WriteContext &ctx) -> base::Status {
            const auto done = desk.inboxes.change(ctx, desk.inbox.inbox.number, {{}, changed});
            return done ? base::Status{base::Done{}} : base::Status{done.error()};
        });
    }

private Q_SLOTS:
    void aVisitorsFirstMessageMakesContactAndConversation()
    {
        Desk desk;
        const auto visitor = desk.newVisitor();
        const auto posted = desk.say(visitor, "  Hello \r\n there ", desk.ids.next());
        QVERIFY(posted);
        QVERIFY(!posted->repeated);
        const auto row = desk.row(posted->conversation.conversation.id.value);
        QCOMPARE(row.conversation.number, std::int64_t{1});
        QCOMPARE(row.conversation.contact.value, visitor.id);
        QCOMPARE(row.conversation.lastN, std::int64_t{1});
        QCOMPARE(row.conversation.customerN, std::int64_t{1});
        QCOMPARE(row.conversation.waitingSince, std::optional{desk.clock.now()});
        QCOMPARE(desk.bodies(row.conversation.id.value), (Bodies{"Hello \n there"}));
    }

    void aRepeatedMessageIsStoredOnce()
    {
        Desk desk;
        const auto visitor = desk.newVisitor();
        const auto mid = desk.ids.next();
        const auto first = desk.say(visitor, "Once", mid);
        const auto again = desk.say(visitor, "Once", mid);
        QVERIFY(again && again->repeated);
        QCOMPARE(again->message.message.n, first->message.message.n);
        QCOMPARE(desk.bodies(first->conversation.conversation.id.value), (Bodies{"Once"}));
    }

    void nobodyTakesTheNameOfAnothersMessage()
    {
        Desk desk;
        const auto mid = desk.ids.next();
        QVERIFY(desk.say(desk.newVisitor(), "Mine", mid));
        const auto taken = desk.say(desk.newVisitor(), "Theirs", mid);
        QVERIFY(!taken);
        QCOMPARE(taken.error().code, ErrorCode::Conflict);
    }

    void refusedMessagesLeaveNoVisitorBehind()
    {
        Desk desk;
        for (const auto &body : {std::string{"  "}, std::string{"\xff"}, std::string(30'000, 'x')})
            QVERIFY(!desk.say(desk.newVisitor(), body, desk.ids.next()));
        const auto contacts = desk.read([](server::storage::Transaction &tx) {
            return server::contacts::ContactStore{tx}
                .page(1, server::contacts::ContactOrder::Name, false, 0, 10, true)
                .total;
        });
        QCOMPARE(contacts, std::int64_t{0});
    }

    void aVisitorWritesOnInTheirOpenConversation()
    {
        Desk desk;
        const auto visitor = desk.newVisitor();
        const auto first = desk.say(visitor, "One", desk.ids.next());
        const auto second = desk.say(visitor, "Two", desk.ids.next());
        QCOMPARE(second->conversation.number, first->conversation.number);
        QCOMPARE(second->message.message.n, std::int64_t{2});
    }

    void afterResolvingANewConversationBegins()
    {
        Desk desk;
        const auto visitor = desk.newVisitor();
        const auto first = desk.say(visitor, "One", desk.ids.next());
        QVERIFY(setStatus(desk, desk.agent, first->conversation.conversation.id.value,
                          ConversationStatus::Resolved));
        const auto second = desk.say(visitor, "Two", desk.ids.next());
        QVERIFY(second->conversation.number != first->conversation.number);
        QCOMPARE(second->conversation.conversation.number, std::int64_t{2});
    }

    void whereTheInboxSaysSoTheResolvedOneIsReopened()
    {
        Desk desk;
        settings(desk, [](auto &s) { s.lockToSingleConversation = true; });
        const auto visitor = desk.newVisitor();
        const auto first = desk.say(visitor, "One", desk.ids.next());
        const auto id = first->conversation.conversation.id.value;
        QVERIFY(setStatus(desk, desk.agent, id, ConversationStatus::Resolved));
        const auto second = desk.say(visitor, "Two", desk.ids.next());
        QCOMPARE(second->conversation.number, first->conversation.number);
        QVERIFY(desk.row(id).conversation.status == ConversationStatus::Open);
        QCOMPARE(desk.bodies(id), (Bodies{"One", "status:resolved", "Two", "reopened"}));
    }

    void theGreetingDoesNotEndTheWait()
    {
        Desk desk;
        settings(desk, [](auto &s) {
            s.greetingEnabled = true;
            s.greetingMessage = "Welcome!";
        });
        const auto visitor = desk.newVisitor();
        const auto posted = desk.say(visitor, "Hi", desk.ids.next());
        QVERIFY(desk.say(visitor, "Anybody?", desk.ids.next()));
        const auto row = desk.row(posted->conversation.conversation.id.value);
        QCOMPARE(desk.bodies(row.conversation.id.value), (Bodies{"Hi", "Welcome!", "Anybody?"}));
        QVERIFY(row.conversation.waitingSince.has_value());
        QCOMPARE(row.conversation.agentN, std::int64_t{0});
    }

    void aBlockedContactIsRefused()
    {
        Desk desk;
        const auto visitor = desk.newVisitor();
        const auto posted = desk.say(visitor, "Hi", desk.ids.next());
        server::contacts::ContactFields fields;
        fields.blocked = true;
        QVERIFY(desk.as({}, [&](WriteContext &ctx) {
            return desk.contacts.change(ctx, posted->conversation.contact, fields);
        }));
        QCOMPARE(desk.say(visitor, "Again", desk.ids.next()).error().code, ErrorCode::Forbidden);
    }

    void aReplyEndsTheWaitANoteDoesNot()
    {
        Desk desk;
        const auto id = desk.conversation().conversation.conversation.id.value;
        QVERIFY(post(desk, desk.agent, id, note("look at this")));
        QVERIFY(desk.row(id).conversation.waitingSince.has_value());
        QCOMPARE(desk.row(id).conversation.previewBy, std::string{"note"});
        desk.clock.advance(1min);
        const auto posted = post(desk, desk.agent, id, reply("On it"));
        QVERIFY(posted);
        const auto row = desk.row(id);
        QVERIFY(!row.conversation.waitingSince);
        QCOMPARE(row.conversation.agentN, std::int64_t{3});
        QCOMPARE(row.firstReplyAt, std::optional{desk.clock.now()});
        QCOMPARE(posted->message.message.author.user->text(), desk.agent.id.text());
    }

    void whoSeesNoInboxSeesNoConversation()
    {
        Desk desk;
        const auto id = desk.conversation().conversation.conversation.id.value;
        QCOMPARE(post(desk, desk.stranger, id, reply("x")).error().code, ErrorCode::NotVisible);
        QCOMPARE(setStatus(desk, desk.stranger, id, ConversationStatus::Open).error().code,
                 ErrorCode::NotVisible);
        QCOMPARE(post(desk, desk.stranger, desk.ids.next(), reply("x")).error().code, ErrorCode::NotVisible);
        QVERIFY(post(desk, desk.admin, id, reply("x")));
        QVERIFY(post(desk, {}, id, reply("x")));
    }

    void anotherVisitorSeesNoConversation()
    {
        Desk desk;
        const auto mine = desk.conversation();
        const auto theirs = desk.conversation();
        const auto read = [&](const server::sync::Actor &who, const base::Uuid &id) {
            return desk.attempt(
                who, [&](WriteContext &ctx) { return desk.conversations.markReadByContact(ctx, id, 1); });
        };
        QVERIFY(read(desk.visitorActor(mine), mine.conversation.conversation.id.value));
        QCOMPARE(read(desk.visitorActor(theirs), mine.conversation.conversation.id.value).error().code,
                 ErrorCode::NotVisible);
    }

    void readingByTheVisitorMarksReplies()
    {
        Desk desk;
        const auto posted = desk.conversation();
        const auto id = posted.conversation.conversation.id.value;
        const auto first = post(desk, desk.agent, id, reply("One"));
        QVERIFY(post(desk, desk.agent, id, note("secret")));
        const auto second = post(desk, desk.agent, id, reply("Two"));
        const auto read = [&](std::int64_t n) {
            return desk.attempt(desk.visitorActor(posted), [&](WriteContext &ctx) {
                return desk.conversations.markReadByContact(ctx, id, n);
            });
        };
        const auto state = [&](const server::conversations::Posted &message) {
            const auto found = desk.read([&](server::storage::Transaction &tx) {
                return server::conversations::MessageStore{tx}.state(message.message.message.id.value);
            });
            return found ? found->state : std::string{};
        };
        QVERIFY(read(2));
        QCOMPARE(state(*first), std::string{"read"});
        QCOMPARE(state(*second), std::string{});
        QVERIFY(read(1'000'000));
        QCOMPARE(state(*second), std::string{"read"});
        QCOMPARE(desk.row(id).conversation.agentReadN, std::int64_t{4});
        QVERIFY(read(1)); // never back
        QCOMPARE(desk.row(id).conversation.agentReadN, std::int64_t{4});
    }

    void deliveryOnlyMovesForward_data()
    {
        QTest::addColumn<QStringList>("moves");
        QTest::addColumn<QString>("state");
        QTest::newRow("read stays") << QStringList{QStringLiteral("read"), QStringLiteral("delivered"),
                                                   QStringLiteral("sent")}
                                    << "read";
        QTest::newRow("up") << QStringList{QStringLiteral("delivered"), QStringLiteral("read")} << "read";
        QTest::newRow("failed from sent")
            << QStringList{QStringLiteral("failed"), QStringLiteral("delivered")} << "failed";
        QTest::newRow("not failed once delivered")
            << QStringList{QStringLiteral("delivered"), QStringLiteral("failed")} << "delivered";
    }

    void deliveryOnlyMovesForward()
    {
        QFETCH(QStringList, moves);
        QFETCH(QString, state);
        Desk desk;
        const auto id = desk.conversation().conversation.conversation.id.value;
        const auto posted = post(desk, desk.agent, id, reply("One"));
        const auto &message = posted->message.message.id.value;
        for (const auto &move : moves)
            QVERIFY(desk.attempt({}, [&](WriteContext &ctx) {
                return desk.conversations.setDelivery(ctx, message, move.toStdString());
            }));
        const auto found = desk.read([&](server::storage::Transaction &tx) {
            return server::conversations::MessageStore{tx}.state(message);
        });
        QCOMPARE(QString::fromStdString(found->state), state);
    }

    void everyChangeLeavesItsLine()
    {
        Desk desk;
        const auto id = desk.conversation().conversation.conversation.id.value;
        const auto until = desk.clock.now() + 1h;
        QVERIFY(desk.as(desk.agent, [&](WriteContext &ctx) {
            return desk.conversations.assign(ctx, id, domain::UserId{desk.agent.id});
        }));
        QVERIFY(desk.as(desk.agent, [&](WriteContext &ctx) {
            return desk.conversations.setPriority(ctx, id, domain::Priority::High);
        }));
        QVERIFY(desk.as(desk.agent,
                        [&](WriteContext &ctx) { return desk.conversations.snooze(ctx, id, until); }));
        QVERIFY(setStatus(desk, desk.agent, id, ConversationStatus::Pending));
        QVERIFY(setStatus(desk, desk.agent, id, ConversationStatus::Pending)); // no change, no line
        QVERIFY(desk.as(desk.agent,
                        [&](WriteContext &ctx) { return desk.conversations.assign(ctx, id, std::nullopt); }));
        QCOMPARE(desk.bodies(id),
                 (Bodies{"Hello", "assign:" + desk.agent.id.text(), "priority:high",
                         "snooze:" + std::to_string(base::toMs(until)), "status:pending", "assign:none"}));
    }

    void aSnoozeEndsInTime()
    {
        Desk desk;
        const auto id = desk.conversation().conversation.conversation.id.value;
        QVERIFY(desk.as(desk.agent, [&](WriteContext &ctx) {
            return desk.conversations.snooze(ctx, id, desk.clock.now() + 1h);
        }));
        const auto due = [&] {
            return server::conversations::dueSnoozes(*desk.database, *desk.executor, desk.conversations,
                                                     desk.clock.now());
        };
        QCOMPARE(due(), std::optional{desk.clock.now() + 1h});
        QVERIFY(desk.row(id).conversation.status == ConversationStatus::Snoozed);
        desk.clock.advance(1h);
        QCOMPARE(due(), std::optional<base::Timestamp>{});
        const auto row = desk.row(id);
        QVERIFY(row.conversation.status == ConversationStatus::Open);
        QVERIFY(!row.conversation.snoozedUntil);
        QCOMPARE(desk.bodies(id).back(), std::string{"status:open"});
    }

    void aCustomersMessageEndsASnooze()
    {
        Desk desk;
        const auto visitor = desk.newVisitor();
        const auto id = desk.say(visitor, "One", desk.ids.next())->conversation.conversation.id.value;
        QVERIFY(setStatus(desk, desk.agent, id, ConversationStatus::Snoozed));
        QVERIFY(desk.say(visitor, "Two", desk.ids.next()));
        QVERIFY(desk.row(id).conversation.status == ConversationStatus::Open);
        QCOMPARE(desk.bodies(id).back(), std::string{"reopened"});
    }

    void onlyWhoSeesTheInboxIsAssigned()
    {
        Desk desk;
        const auto id = desk.conversation().conversation.conversation.id.value;
        for (const auto &user : {desk.stranger.id, desk.ids.next()})
            QCOMPARE(desk.as(desk.admin,
                             [&](WriteContext &ctx) {
                                 return desk.conversations.assign(ctx, id, domain::UserId{user});
                             })
                         .error()
                         .code,
                     ErrorCode::Invalid);
    }

    void ownWordsAreReadByTheirAuthor()
    {
        Desk desk;
        const auto id = desk.conversation().conversation.conversation.id.value;
        const auto number = desk.row(id).number;
        const auto readN = [&] {
            return desk.read([&](server::storage::Transaction &tx) {
                return server::conversations::ConversationStore{tx}.readN(number, desk.agent.number);
            });
        };
        QVERIFY(post(desk, desk.agent, id, reply("blind")));
        QCOMPARE(readN(), std::int64_t{0}); // the customer's message was not looked at
        desk.must(desk.agent, [&](WriteContext &ctx) { return desk.conversations.markRead(ctx, id, 99); });
        QCOMPARE(readN(), std::int64_t{2}); // no further than there is
        QVERIFY(post(desk, desk.agent, id, reply("seen")));
        QCOMPARE(readN(), std::int64_t{3});
    }

    void listsAreFilteredAndCounted()
    {
        Desk desk;
        std::vector<base::Uuid> ids;
        for (int i = 0; i < 7; ++i) {
            desk.clock.advance(1s);
            ids.push_back(
                desk.conversation("number " + std::to_string(i)).conversation.conversation.id.value);
        }
        QVERIFY(setStatus(desk, desk.agent, ids[0], ConversationStatus::Resolved));
        for (const int i : {1, 2})
            QVERIFY(desk.as(desk.agent, [&](WriteContext &ctx) {
                return desk.conversations.assign(ctx, ids[std::size_t(i)], domain::UserId{desk.agent.id});
            }));
        using server::conversations::ConversationFilter;
        using server::conversations::ConversationOrder;
        ConversationFilter filter;
        filter.inboxes = {desk.inbox.inbox.number};
        filter.status = ConversationStatus::Open;
        filter.assigneeNumber = desk.agent.number;
        const auto list = [&](const ConversationFilter &f, std::int64_t offset = 0) {
            return desk.read([&](server::storage::Transaction &tx) {
                std::vector<std::int64_t> numbers;
                for (const auto &row : server::conversations::ConversationStore{tx}.list(
                         1, f, ConversationOrder::LastActivityDescending, offset, 4))
                    numbers.push_back(row.conversation.number);
                return numbers;
            });
        };
        QCOMPARE(list(filter), (std::vector<std::int64_t>{7, 6, 5, 4}));
        QCOMPARE(list(filter, 4), (std::vector<std::int64_t>{3, 2}));
        const auto counts = desk.read([&](server::storage::Transaction &tx) {
            return server::conversations::ConversationStore{tx}.counts(1, filter);
        });
        QCOMPARE(counts.all, std::int64_t{6});
        QCOMPARE(counts.mine, std::int64_t{2});
        QCOMPARE(counts.assigned, std::int64_t{2});
        QCOMPARE(counts.unassigned, std::int64_t{4});
        filter.assignee = ConversationFilter::Assignee::Of;
        QCOMPARE(list(filter), (std::vector<std::int64_t>{3, 2}));
        filter = {};
        QVERIFY(list(filter).empty()); // no inbox, nothing
        filter.inboxes = {desk.inbox.inbox.number};
        filter.text = "number 0";
        QCOMPARE(list(filter), (std::vector<std::int64_t>{1}));
        filter.text = "%";
        QVERIFY(list(filter).empty()); // taken literally
    }

    void theInboxListUsesItsIndex()
    {
        Desk desk;
        const auto plan = desk.read([](server::storage::Transaction &tx) {
            std::string text;
            for (const auto &row :
                 tx.all("EXPLAIN QUERY PLAN SELECT uuid, last_activity_at, id FROM conversations "
                        "WHERE inbox_id = 1 AND status = 0 AND (last_activity_at, id) < (9, 9) "
                        "ORDER BY last_activity_at DESC, id DESC LIMIT 20"))
                text += row.text(3) + "\n";
            return text;
        });
        QVERIFY2(plan.find("COVERING INDEX conversations_inbox") != std::string::npos, plan.c_str());
        QVERIFY2(plan.find("TEMP B-TREE") == std::string::npos, plan.c_str());
    }

    void pagesOfAnInboxMeetEveryConversationOnce()
    {
        Desk desk;
        for (int i = 0; i < 23; ++i) {
            const auto id = desk.conversation().conversation.conversation.id.value;
            const auto status = static_cast<ConversationStatus>(i % 4);
            QVERIFY(setStatus(desk, desk.agent, id, status));
        }
        auto *source = desk.entities.conversations();
        const auto scope = server::sync::scope::inbox(desk.inbox.inbox.id.value);
        std::string token;
        std::vector<base::Uuid> all;
        desk.database->read([&](server::storage::Transaction &tx) {
            QCOMPARE(source->count(tx, 1, scope), std::int64_t{23});
            for (auto page = source->page(tx, 1, scope, token, 5); !page.empty();
                 page = source->page(tx, 1, scope, token, 5))
                all.insert(all.end(), page.begin(), page.end());
        });
        QCOMPARE(all.size(), std::size_t{23});
        int last = 0;
        for (const auto &id : all) {
            const auto status = static_cast<int>(desk.row(id).conversation.status);
            QVERIFY(status >= last);
            last = status;
        }
        std::sort(all.begin(), all.end());
        QVERIFY(std::adjacent_find(all.begin(), all.end()) == all.end());
    }
};

REGISTER_TEST(Conversations);
#include "tst_conversations.moc"
