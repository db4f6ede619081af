#include "server/features/conversations/conversation_presenter.h"
#include "server/features/conversations/held_reply_store.h"
#include "server/features/conversations/reply_window.h"
#include "shared/domain/conversations/conversation_rules.h"
#include "tests/server_features/webhook_desk.h"
#include "tests/support/register_test.h"

#include <QTest>

using protocol::Verdict;
using tests::WebhookDesk;

/// An inbox that takes replies only for some hours after the customer's newest message.
class ReplyWindowTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void repliesAreTakenUntilItCloses_notesAlways_andTheCustomerOpensItAgain()
    {
        WebhookDesk desk;
        const auto app = apiInbox(desk);
        const auto id = desk.conversationIn(app);
        const auto write = [&](const std::string &kind) {
            return desk.mutate(
                desk.admin, "message.create",
                {{"conv", id.text()}, {"kind", kind}, {"body", "Yes"}, {"up", base::Json::array()}});
        };
        desk.clock.advance(std::chrono::hours{23});
        QVERIFY(write("public").verdict == Verdict::Ok);
        desk.clock.advance(std::chrono::hours{1});
        const auto refused = write("public");
        QVERIFY(refused.verdict == Verdict::Rejected);
        QVERIFY(refused.code == base::ErrorCode::ChannelWindow);
        QCOMPARE(canReply(desk, id), false);
        QVERIFY(write("note").verdict == Verdict::Ok);
        const auto row = desk.row(id);
        const server::sync::Actor contact{server::sync::Actor::Kind::Contact, row.conversation.contact.value,
                                          row.contact};
        desk.must(contact, [&](server::sync::WriteContext &ctx) -> base::Status {
            server::conversations::NewMessage message;
            message.direction = domain::MessageDirection::Incoming;
            message.body = "Still there?";
            const auto posted = desk.conversations.postFromContact(ctx, app, id, message, false);
            return posted ? base::Status{base::Done{}} : base::Status{posted.error()};
        });
        QCOMPARE(canReply(desk, id), true);
        QVERIFY(write("public").verdict == Verdict::Ok);
    }

    void aConversationWithoutACustomersMessageIsClosed_andAnInboxWithoutAWindowNeverIs()
    {
        WebhookDesk desk;
        const auto app = apiInbox(desk);
        server::conversations::ConversationRow row;
        desk.write([&](server::sync::WriteContext &ctx) -> base::Status {
            const auto contact = desk.contacts.create(ctx, {"Customer"});
            row = *desk.conversations.create(ctx, {contact->contact.number, app.inbox.number});
            return base::Done{};
        });
        const auto isOpen = [&](const server::conversations::ConversationRow &which) {
            return desk.read([&](server::storage::Transaction &tx) {
                return static_cast<bool>(
                    server::conversations::checkReplyWindow(tx, which, desk.clock.now()));
            });
        };
        QVERIFY(!isOpen(row));
        const auto website = desk.conversation().conversation;
        desk.clock.advance(std::chrono::hours{10'000});
        QVERIFY(isOpen(website));
    }

    void aHeldReplyStaysWithItsAuthorUntilTheyDecide()
    {
        WebhookDesk desk;
        const auto app = apiInbox(desk);
        desk.must(desk.admin, [&](server::sync::WriteContext &ctx) {
            return desk.inboxes.addMembers(ctx, app.inbox.number, {desk.agent.number});
        });
        const auto id = desk.conversationIn(app);
        const auto held = desk.heldReply(desk.agent, desk.admin, id);
        const auto isHeld = [&] {
            return desk.read([&](server::storage::Transaction &tx) {
                return server::conversations::HeldReplyStore{tx}.find(1, held).has_value();
            });
        };
        QVERIFY(isHeld());
        desk.clock.advance(std::chrono::hours{25});
        const auto released =
            desk.mutate(desk.agent, "message.release", {{"conv", id.text()}, {"message", held.text()}});
        QCOMPARE(released.code, base::ErrorCode::ChannelWindow);
        QVERIFY(isHeld());
        const auto noted = desk.mutate(desk.agent, "message.create",
                                       {{"conv", id.text()},
                                        {"kind", "note"},
                                        {"body", "I was late"},
                                        {"fixes", held.text()},
                                        {"up", base::Json::array()}});
        QCOMPARE(noted.verdict, Verdict::Ok);
        QVERIFY(!isHeld());
    }

    void macrosAreRefusedAsAWhole()
    {
        WebhookDesk desk;
        const auto id = desk.conversationIn(apiInbox(desk));
        desk.clock.advance(std::chrono::hours{25});
        const auto before = desk.bodies(id);
        const auto ran = desk.mutate(desk.admin, "macro.run",
                                     {{"conv", id.text()},
                                      {"macro", desk.ids.next().text()},
                                      {"steps",
                                       {{{"mid", desk.ids.next().text()},
                                         {"op", "message.create"},
                                         {"a", {{"conv", id.text()}, {"body", "Bye"}}}},
                                        {{"mid", desk.ids.next().text()},
                                         {"op", "conversation.status"},
                                         {"a", {{"conv", id.text()}, {"to", "resolved"}}}}}}});
        QCOMPARE(ran.verdict, Verdict::Rejected);
        QCOMPARE(ran.code, base::ErrorCode::ChannelWindow);
        QCOMPARE(desk.bodies(id), before);
        QCOMPARE(desk.row(id).conversation.status, domain::ConversationStatus::Open);
    }

    void agentsAreToldOfItBeforehand()
    {
        WebhookDesk desk;
        const auto app = apiInbox(desk);
        QCOMPARE(app.inbox.replyWindowHours, std::int64_t{24});
        const auto id = desk.conversationIn(app);
        const auto wrote = desk.clock.now();
        desk.clock.advance(std::chrono::hours{3});
        const auto conversation = desk.row(id).conversation;
        QVERIFY(conversation.customerAt == wrote);
        QVERIFY(domain::replyWindowEnds(conversation, 24) == wrote + std::chrono::hours{24});
        QVERIFY(!domain::replyWindowEnds(conversation, 0));
        QVERIFY(domain::replyWindowEnds(domain::Conversation{}, 24) == base::Timestamp{});
    }

private:
    static bool canReply(WebhookDesk &desk, const base::Uuid &id)
    {
        const auto row = desk.row(id);
        return desk.read([&](server::storage::Transaction &tx) {
            server::conversations::ConversationPresenter presenter{
                {tx, desk.ephemera, desk.links, desk.clock.now(), "https://desk.example"}, row.account, 0};
            return presenter.conversation(row)["can_reply"].get<bool>();
        });
    }

    static server::inboxes::InboxRow apiInbox(WebhookDesk &desk)
    {
        return *desk.as(desk.admin, [&](server::sync::WriteContext &ctx) {
            server::inboxes::WebsiteSettings settings;
            settings.channelAttributes = R"({"agent_reply_time_window":24})";
            return desk.inboxes.createApi(ctx, "App", settings);
        });
    }
};

REGISTER_TEST(ReplyWindowTest);
#include "tst_reply_window.moc"
