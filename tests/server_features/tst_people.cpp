#include "server/features/accounts/user_store.h"
#include "server/features/conversations/conversation_store.h"
#include "shared/base/text.h"
#include "tests/server_features/desk.h"
#include "tests/support/register_test.h"

#include <QTest>

#include <algorithm>

using base::ErrorCode;
using server::sync::WriteContext;
using tests::Desk;

class People : public QObject {
    Q_OBJECT

private:
    static std::vector<std::string> scopes(Desk &desk, const server::sync::Actor &who)
    {
        return desk.read(
            [&](server::storage::Transaction &tx) { return desk.access->scopes(tx, desk.principal(who)); });
    }

    static std::string inboxScope(const Desk &desk)
    {
        return server::sync::scope::inbox(desk.inbox.inbox.id.value);
    }

private Q_SLOTS:
    void administratorsSeeEveryInboxAgentsTheirOwn()
    {
        Desk desk;
        const auto user = [](const server::sync::Actor &who) { return server::sync::scope::user(who.id); };
        QCOMPARE(scopes(desk, desk.admin),
                 (std::vector<std::string>{"a", user(desk.admin), "c", inboxScope(desk)}));
        QCOMPARE(scopes(desk, desk.agent),
                 (std::vector<std::string>{"a", user(desk.agent), "c", inboxScope(desk)}));
        QCOMPARE(scopes(desk, desk.stranger), (std::vector<std::string>{"a", user(desk.stranger), "c"}));
    }

    void losingAMembershipTakesTheScopeAndIsTold()
    {
        Desk desk;
        std::vector<server::sync::Change> told;
        desk.executor->onCommit([&](const server::sync::Committed &committed) { told = committed.changes; });
        desk.write([&](WriteContext &ctx) {
            return desk.inboxes.removeMembers(ctx, desk.inbox.inbox.number, {desk.agent.number});
        });
        QCOMPARE(scopes(desk, desk.agent).size(), std::size_t{3});
        const server::sync::Change access{server::sync::ChangeKind::Upsert,
                                          protocol::EntityType::Access,
                                          desk.agent.id,
                                          server::sync::scope::user(desk.agent.id),
                                          {}};
        const server::sync::Change inbox{server::sync::ChangeKind::Upsert,
                                         protocol::EntityType::Inbox,
                                         desk.inbox.inbox.id.value,
                                         "a",
                                         {}};
        QVERIFY(std::find(told.begin(), told.end(), access) != told.end());
        QVERIFY(std::find(told.begin(), told.end(), inbox) != told.end());
    }

    void promotingAnAgentOpensEveryInbox()
    {
        Desk desk;
        const auto changed = desk.as({}, [&](WriteContext &ctx) {
            return desk.accounts.changeUser(ctx, desk.stranger.number,
                                            {{}, {}, {}, domain::Role::Administrator, {}, {}});
        });
        QVERIFY(changed);
        QCOMPARE(scopes(desk, desk.stranger).back(), inboxScope(desk));
    }

    void theLastAdministratorStays()
    {
        Desk desk;
        const auto demoted = desk.as({}, [&](WriteContext &ctx) {
            return desk.accounts.changeUser(ctx, desk.admin.number,
                                            {{}, {}, {}, domain::Role::Agent, {}, {}});
        });
        QCOMPARE(demoted.error().code, ErrorCode::Conflict);
        const auto removed = desk.attempt(
            {}, [&](WriteContext &ctx) { return desk.accounts.removeUser(ctx, desk.admin.number); });
        QCOMPARE(removed.error().code, ErrorCode::Conflict);
    }

    void aRemovedAgentLosesInboxesAndConversationsButNotAuthorship()
    {
        Desk desk;
        const auto posted = desk.conversation();
        const auto &id = posted.conversation.conversation.id.value;
        server::conversations::NewMessage reply;
        reply.body = "Hi";
        QVERIFY(
            desk.as(desk.agent, [&](WriteContext &ctx) { return desk.conversations.post(ctx, id, reply); }));
        QVERIFY(desk.as(desk.agent, [&](WriteContext &ctx) {
            return desk.conversations.assign(ctx, id, domain::UserId{desk.agent.id});
        }));
        desk.must(desk.admin,
                  [&](WriteContext &ctx) { return desk.accounts.removeUser(ctx, desk.agent.number); });
        QVERIFY(!desk.row(id).conversation.assignee);
        QVERIFY(scopes(desk, desk.agent).empty());
        const auto members = desk.read([&](server::storage::Transaction &tx) {
            return server::inboxes::InboxStore{tx}.memberNumbers(desk.inbox.inbox.number);
        });
        QVERIFY(members.empty());
        QVERIFY(
            !desk.as(desk.agent, [&](WriteContext &ctx) { return desk.conversations.post(ctx, id, reply); }));
        const auto message = desk.read([&](server::storage::Transaction &tx) {
            return server::conversations::MessageStore{tx}
                .newest(posted.conversation.number, 3, 1, 1)
                .front();
        });
        QCOMPARE(message.message.author.user->text(), desk.agent.id.text());
    }

    void usersAreChecked_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("email");
        QTest::addColumn<int>("code");
        QTest::newRow("no name") << "  "
                                 << "x@example.com" << int(ErrorCode::Invalid);
        QTest::newRow("no address") << "X"
                                    << "example.com" << int(ErrorCode::Invalid);
        QTest::newRow("two signs") << "X"
                                   << "a@b@c" << int(ErrorCode::Invalid);
        QTest::newRow("a line break") << "X"
                                      << "a@b\r\nc" << int(ErrorCode::Invalid);
        QTest::newRow("known, in capitals") << "X"
                                            << "ADA@example.com" << int(ErrorCode::AlreadyExists);
    }

    void usersAreChecked()
    {
        QFETCH(QString, name);
        QFETCH(QString, email);
        QFETCH(int, code);
        Desk desk;
        const auto added = desk.as({}, [&](WriteContext &ctx) {
            return desk.accounts.addUser(ctx,
                                         {name.toStdString(), email.toStdString(), {}, domain::Role::Agent});
        });
        QVERIFY(!added);
        QCOMPARE(int(added.error().code), code);
    }

    void anApiTokenNamesItsOwnerUntilReplaced()
    {
        Desk desk;
        std::string first;
        std::string second;
        desk.write([&](WriteContext &ctx) -> base::Status {
            first = desk.accounts.issueToken(ctx, desk.agent.number);
            return base::Done{};
        });
        const auto owner = [&](const std::string &token) {
            return desk.read(
                [&](server::storage::Transaction &tx) { return desk.accounts.tokenOwner(tx, token); });
        };
        QCOMPARE(owner(first).value_or(0), desk.agent.number);
        QCOMPARE(desk.read([&](server::storage::Transaction &tx) {
            return desk.accounts.token(tx, desk.agent.number);
        }),
                 first);
        desk.write([&](WriteContext &ctx) -> base::Status {
            second = desk.accounts.issueToken(ctx, desk.agent.number);
            return base::Done{};
        });
        QVERIFY(!owner(first));
        QVERIFY(owner(second));
        QVERIFY(!owner(""));
    }

    void passwordsHaveBounds()
    {
        Desk desk;
        QVERIFY(!desk.accounts.passwordHash("seven77"));
        QVERIFY(desk.accounts.passwordHash("eight888"));
        QVERIFY(!desk.accounts.passwordHash(std::string(129, 'x')));
        QVERIFY(!desk.accounts.passwordHash("broken \xff\xfe utf8"));
    }

    void websiteSettingsAreChecked()
    {
        Desk desk;
        const auto refused = [&](auto spoil) {
            server::inboxes::WebsiteSettings settings;
            spoil(settings);
            const auto made = desk.as(
                {}, [&](WriteContext &ctx) { return desk.inboxes.createWebsite(ctx, "Site", settings); });
            return made ? std::string{} : made.error().detail;
        };
        QCOMPARE(refused([](auto &s) { s.widgetColor = "red; x"; }), std::string{"widget_color"});
        QCOMPARE(refused([](auto &s) { s.allowedDomains = {"a.example; script-src *"}; }),
                 std::string{"allowed_domains"});
        QCOMPARE(refused([](auto &s) { s.replyTime = "soon"; }), std::string{"reply_time"});
        QCOMPARE(refused([](auto &s) {
                     s.allowedDomains = {"*.shop.example", "localhost:3000"};
                 }),
                 std::string{});
    }

    void anIdentityIsProvedByTheInboxsSecret()
    {
        Desk desk;
        const auto secret = desk.inboxes.hmacSecret(desk.inbox);
        const auto signature = base::toHex(desk.crypto.hmacSha256(secret, "user-1"));
        QVERIFY(desk.inboxes.isIdentity(desk.inbox, "user-1", signature));
        QVERIFY(!desk.inboxes.isIdentity(desk.inbox, "user-2", signature));
        QVERIFY(!desk.inboxes.isIdentity(desk.inbox, "user-1", ""));
    }

    void contactsKeepTheirKeysApart()
    {
        Desk desk;
        server::contacts::ContactFields fields;
        fields.name = "Lena";
        fields.email = "Lena@Example.com";
        const auto lena = desk.as({}, [&](WriteContext &ctx) { return desk.contacts.create(ctx, fields); });
        QCOMPARE(lena->contact.email, std::string{"lena@example.com"});
        const auto twice = desk.as({}, [&](WriteContext &ctx) { return desk.contacts.create(ctx, fields); });
        QCOMPARE(twice.error(), (base::Error{ErrorCode::AlreadyExists, "email"}));
        const auto bad = desk.as({}, [&](WriteContext &ctx) {
            server::contacts::ContactFields phone;
            phone.phone = "030 1234";
            return desk.contacts.change(ctx, lena->contact.number, phone);
        });
        QCOMPARE(bad.error(), (base::Error{ErrorCode::Invalid, "phone_number"}));
    }

    void aVisitorHasAFriendlyNameAndNoSecretsInThePage()
    {
        Desk desk;
        const auto posted = desk.conversation();
        const auto contact = desk.read([&](server::storage::Transaction &tx) {
            return *server::contacts::ContactStore{tx}.find(1, posted.conversation.contact);
        });
        QCOMPARE(contact.contact.name, server::contacts::friendlyName(contact.contact.id.value));
        QCOMPARE(contact.contact.lastPage, std::string{"https://shop.example/cart"});
        QCOMPARE(contact.contact.lastActivityAt, std::optional{desk.clock.now()});
    }
};

REGISTER_TEST(People);
#include "tst_people.moc"
