#include "client/app/desktop/account_desk.h"
#include "client/app/desktop/account_list.h"
#include "client/app/desktop/main_window.h"
#include "client/app/desktop/workbench.h"
#include "client/features/conversations/ui/conversation_list_view.h"
#include "client/shell/commands/command_table.h"
#include "client/widgets/basic/banner.h"
#include "client/widgets/basic/toast.h"
#include "client/widgets/theme/theme.h"
#include "tests/gui/gui_desk.h"
#include "tests/gui/real_server.h"
#include "tests/gui/visitor.h"
#include "tests/support/fakes.h"
#include "tests/support/register_test.h"

#include <QAbstractButton>
#include <QApplication>
#include <QDir>
#include <QFile>
#include <QLineEdit>
#include <QTest>

using client::desktop::AccountDesk;
using client::desktop::AccountList;
using client::desktop::AccountNotices;
using client::desktop::AccountSession;
using client::sync::ConnectionState;
using client::widgets::ThemeMode;
using tests::GuiDesk;
using tests::RealServer;
using tests::Visitor;

namespace {

constexpr int patience = 40000;

class Channel : public client::shell::NoticeChannel {
public:
    void show(const client::shell::Notice &notice) override { shown[notice.key] = notice.title; }
    void withdraw(const QString &key) override { shown.remove(key); }

    QHash<QString, QString> shown;
};

void write(const QString &path, const QByteArray &text)
{
    QDir{}.mkpath(QFileInfo{path}.absolutePath());
    QFile file{path};
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

} // namespace

/// Several accounts on several servers in one program: each with its own files and connection, all awake, one
/// on screen.
class AccountsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        tests::theme();
        QVERIFY2(m_north.start(), qPrintable(m_north.why()));
        QVERIFY2(m_south.start(), qPrintable(m_south.why()));
        m_visitor = std::make_unique<Visitor>(m_south.url(), m_south.websiteToken());
        QVERIFY2(m_visitor->write(QStringLiteral("Is the south open today?")), qPrintable(m_visitor->why()));
        QVERIFY(m_desk.open(m_north.url()));
        QVERIFY(m_desk.signIn());
    }

    void cleanupTestCase() { m_desk.close(); }

    void anAddedAccountHasItsOwnFilesAndConnection()
    {
        m_desk.window().resize(1280, 800);
        QVERIFY(!m_desk.find(QStringLiteral("backButton")));
        desk().commands().run(QStringLiteral("account.add"));
        QTRY_VERIFY(m_desk.find(QStringLiteral("signInPage")));
        look(QStringLiteral("add-account-light"));
        m_desk.press(Qt::Key_Escape);
        QTRY_COMPARE(m_desk.desktop().accountCount(), 1); // gone without a trace
        QTRY_VERIFY(m_desk.desktop().workbench());
        QVERIFY(!QDir{m_desk.profile() + QStringLiteral("/accounts/2")}.exists());

        QVERIFY(m_desk.addAccount(m_south.url(), RealServer::email, RealServer::password));
        QCOMPARE(m_desk.desktop().accountCount(), 2);
        QCOMPARE(urlOf(desk()), m_south.url());
        QTRY_COMPARE_WITH_TIMEOUT(m_desk.rows().filter(QStringLiteral("south open")).size(), 1, patience);
        QVERIFY(QFile::exists(m_desk.profile() + QStringLiteral("/accounts/2/outbox.db")));
        QVERIFY(QFile::exists(m_desk.profile() + QStringLiteral("/accounts/2/cache.db")));
        QCOMPARE(account(0).state(), AccountSession::State::Open); // still connected
    }

    void keysAndTheSwitcherChooseAnAccount()
    {
        m_desk.press(Qt::Key_1, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE(urlOf(desk()), m_north.url());
        QVERIFY(m_desk.rows().filter(QStringLiteral("south open")).isEmpty());
        QVERIFY(desk().isAncestorOf(QApplication::focusWidget()));

        auto *button = m_desk.find<QAbstractButton>(QStringLiteral("workspaceButton"));
        QTRY_VERIFY(button->accessibleName().contains(QStringLiteral("1 unread in other accounts")));
        button->click();
        auto *row = m_desk.find<QAbstractButton>(QStringLiteral("account:2"));
        QVERIFY(row);
        QVERIFY(row->accessibleName().contains(QStringLiteral("1 unread")));
        QCOMPARE(QApplication::focusWidget(), m_desk.find(QStringLiteral("account:1")));
        look(QStringLiteral("switcher-light"));
        tests::theme().setMode(ThemeMode::Dark);
        look(QStringLiteral("switcher-dark"));
        tests::theme().setMode(ThemeMode::Light);
        m_desk.press(Qt::Key_Down);
        QCOMPARE(QApplication::focusWidget(), row);
        m_desk.press(Qt::Key_Return);
        QTRY_COMPARE(urlOf(desk()), m_south.url());
    }

    void theOtherAccountIsToldOf()
    {
        m_desk.press(Qt::Key_1, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE(urlOf(desk()), m_north.url());
        Visitor second{m_south.url(), m_south.websiteToken()};
        QVERIFY(second.write(QStringLiteral("And tomorrow?")));
        QTRY_COMPARE_WITH_TIMEOUT(account(1).unread(), 2, patience);
        QTRY_VERIFY(m_desk.window().windowTitle().startsWith(QStringLiteral("(2) ")));
        QVERIFY(m_desk.find(QStringLiteral("workspaceButton"))
                    ->accessibleName()
                    .contains(QStringLiteral("2 unread in other accounts")));
    }

    void oneServerDownLeavesTheOtherAlone()
    {
        m_south.kill();
        QTRY_VERIFY_WITH_TIMEOUT(account(1).summary().detail.contains(QStringLiteral("Offline")), patience);
        QCOMPARE(desk().stores().session.connection().kind, ConnectionState::Kind::Live);
        QVERIFY(m_south.restart());
        m_desk.press(Qt::Key_2, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE_WITH_TIMEOUT(desk().stores().session.connection().kind, ConnectionState::Kind::Live,
                                  patience);
    }

    void aLinkOpensInTheAccountItIsFor()
    {
        // Both servers have a conversation 1.
        Visitor north{m_north.url(), m_north.websiteToken()};
        QVERIFY(north.write(QStringLiteral("Northern question")));
        QTRY_VERIFY_WITH_TIMEOUT(account(0).byNumber(1), patience);
        const QUrl server{m_north.url()};
        m_desk.desktop().openLink(
            QStringLiteral("deskbell://conversation/1?server=127.0.0.1:%1").arg(server.port()));
        QTRY_COMPARE(urlOf(desk()), m_north.url());
        QTRY_COMPARE_WITH_TIMEOUT(m_desk.messages().filter(QStringLiteral("Northern question")).size(), 1,
                                  patience);
        m_desk.desktop().openLink(QStringLiteral("deskbell://conversation/2"));
        QTRY_COMPARE(urlOf(desk()), m_south.url()); // only there
        m_desk.desktop().openLink(QStringLiteral("deskbell://conversation/1?server=elsewhere.example"));
        QCOMPARE(said(),
                 QStringLiteral("This link leads to elsewhere.example, where you are not signed in."));
        m_desk.desktop().openLink(QStringLiteral("deskbell://conversation/99"));
        QCOMPARE(said(), QStringLiteral("Conversation #99 is not on this computer."));
        m_desk.desktop().openLink(QStringLiteral("deskbell://settings"));
        QCOMPARE(said(), QStringLiteral("This link is none that Deskbell understands."));
        QCOMPARE(urlOf(desk()), m_south.url());
    }

    void theLastOneLookedAtOpensAtTheStartAndTheOthersAfterIt()
    {
        m_desk.press(Qt::Key_2, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE(urlOf(desk()), m_south.url());
        m_desk.close();
        client::desktop::Options options{.profile = m_desk.profile(),
                                         .theme = ThemeMode::Light,
                                         .language = QStringLiteral("en"),
                                         .useKeychain = false};
        {
            auto desktop = client::desktop::Desktop::start(*qApp, tests::theme(), options);
            QVERIFY(desktop);
            QCOMPARE((*desktop)->accountCount(), 2);
            QTRY_COMPARE((*desktop)->account(1).state(), AccountSession::State::Open);
            QCOMPARE((*desktop)->account(0).state(),
                     AccountSession::State::Closed); // not before it is painted
            (*desktop)->show();
            QTRY_COMPARE((*desktop)->account(0).state(), AccountSession::State::Open);
        }
        QVERIFY(m_desk.open({}));
        QCOMPARE(urlOf(desk()), m_south.url());
        QTRY_COMPARE_WITH_TIMEOUT(desk().stores().session.connection().kind, ConnectionState::Kind::Live,
                                  patience);
    }

    void theSameAccountIsNotAddedTwice()
    {
        m_desk.desktop().addAccount();
        m_desk.find<QLineEdit>(QStringLiteral("serverField"))->setText(m_north.url());
        m_desk.find<QLineEdit>(QStringLiteral("emailField"))->setText(RealServer::email);
        auto *password = m_desk.find<QLineEdit>(QStringLiteral("passwordField"));
        password->setText(RealServer::password);
        password->setFocus();
        m_desk.press(Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(
            noticeOnSignIn(), QStringLiteral("You are signed in to this account here already."), patience);
        m_desk.find<QAbstractButton>(QStringLiteral("backButton"))->click();
        QTRY_COMPARE(m_desk.desktop().accountCount(), 2);
        QTRY_COMPARE(urlOf(desk()), m_south.url());
    }

    void signingOutOfOneKeepsTheOther()
    {
        desk().commands().run(QStringLiteral("window.signOut"));
        QTRY_VERIFY(m_desk.find(QStringLiteral("signOutSheet")));
        m_desk.press(Qt::Key_Space);
        QTRY_VERIFY(m_desk.find(QStringLiteral("signInPage")));
        QVERIFY(account(1).summary().detail.contains(QStringLiteral("Signed out")));
        look(QStringLiteral("signed-out-of-one-light"));
        m_desk.find<QAbstractButton>(QStringLiteral("backButton"))->click();
        QTRY_VERIFY(m_desk.desktop().workbench());
        QCOMPARE(urlOf(desk()), m_north.url());
        QCOMPARE(desk().stores().session.connection().kind, ConnectionState::Kind::Live);

        m_desk.press(Qt::Key_2, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(m_desk.find(QStringLiteral("removeButton")));
        m_desk.find<QAbstractButton>(QStringLiteral("removeButton"))->click();
        QTRY_VERIFY(m_desk.find(QStringLiteral("removeSheet")));
        m_desk.find<QAbstractButton>(QStringLiteral("agree"))->click();
        QTRY_COMPARE(m_desk.desktop().accountCount(), 1);
        QTRY_VERIFY(m_desk.desktop().workbench());
        QVERIFY(!QFile::exists(m_desk.profile() + QStringLiteral("/accounts/2/outbox.db")));
        QVERIFY(!QFile::exists(m_desk.profile() + QStringLiteral("/accounts/2/cache.db")));
        QVERIFY(!QDir{m_desk.profile() + QStringLiteral("/accounts/2")}.exists());
        QVERIFY(QFile::exists(m_desk.profile() + QStringLiteral("/outbox.db")));
    }

    void manyAccountsWithLongNamesFitASmallWindow()
    {
        std::vector<client::shell::AccountEntry> many;
        for (int i = 0; i < 12; ++i)
            many.push_back(
                {QStringLiteral("Number %1 of the accounts whose names never end").arg(i + 1),
                 QStringLiteral("a-very-long-name-of-a-server.support.example.com · Offline · 3 queued"),
                 i * 40, client::widgets::Presence::Busy, i == 0});
        m_desk.window().resize(1024, 640);
        tests::theme().setTextScale(2);
        desk().setAccounts(many);
        desk().commands().run(QStringLiteral("account.switch"));
        look(QStringLiteral("switcher-200-small"));
        m_desk.press(Qt::Key_Escape);
        qApp->setLayoutDirection(Qt::RightToLeft);
        tests::theme().setTextScale(1);
        desk().commands().run(QStringLiteral("account.switch"));
        look(QStringLiteral("switcher-rtl"));
        m_desk.press(Qt::Key_Escape);
        qApp->setLayoutDirection(Qt::LeftToRight);
        m_desk.window().resize(1440, 900);
    }

    void aListIsReadWhateverTheFileSays()
    {
        QTemporaryDir root;
        AccountList first{root.path()};
        QCOMPARE(first.entries().size(), std::size_t{1});
        QVERIFY(first.entries().front().folder.isEmpty());
        first.put(
            {{}, QStringLiteral("North"), QStringLiteral("https://north.example"), QStringLiteral("a@b.c")});
        const auto folder = first.freeFolder();
        QVERIFY(folder);
        QCOMPARE(*folder, QStringLiteral("accounts/2"));
        first.put({*folder, QStringLiteral("South, \"Süd\"; = []"), {}, {}});
        first.setLast(*folder);
        AccountList second{root.path()};
        QVERIFY(second.entries() == first.entries());
        QCOMPARE(second.last(), *folder);

        write(root.filePath(QStringLiteral("accounts.ini")),
              "last=/etc\n[account]\nsize=99999999\n1\\folder=../../etc\n2\\folder=accounts/7\n"
              "3\\folder=accounts/7\n4\\folder=accounts/../x\n5\\folder=/tmp\n");
        AccountList hostile{root.path()};
        QCOMPARE(hostile.entries().size(), std::size_t{1});
        QCOMPARE(hostile.entries().front().folder, QStringLiteral("accounts/7"));
        QVERIFY(hostile.last().isEmpty());

        // Without the list, what somebody wrote is still found.
        QFile::remove(root.filePath(QStringLiteral("accounts.ini")));
        write(root.filePath(QStringLiteral("accounts/3/outbox.db")), "x");
        write(root.filePath(QStringLiteral("accounts/x/outbox.db")), "x");
        AccountList found{root.path()};
        QCOMPARE(found.entries().size(), std::size_t{1});
        QCOMPARE(found.entries().front().folder, QStringLiteral("accounts/3"));
        QVERIFY(found.freeFolder() && found.freeFolder()->isEmpty()); // the first place is free
    }

    void noticesOfTheSameConversationInTwoAccountsAreTwo()
    {
        tests::FakeClock clock;
        Channel channel;
        client::shell::NotificationCenter center{channel, clock};
        AccountNotices first{center, {}};
        AccountNotices second{center, QStringLiteral("accounts/2")};
        second.setLabel(QStringLiteral("South"));
        const domain::ConversationId id{*base::Uuid::parse("01890000-0000-7000-8000-000000000001")};
        first.post(id, QStringLiteral("Mara"), QStringLiteral("Hello"), 1);
        second.post(id, QStringLiteral("Mara"), QStringLiteral("Hello"), 1);
        QCOMPARE(channel.shown.size(), 2);
        QVERIFY(channel.shown.values().contains(QStringLiteral("Mara · South")));
        first.setInView(id);
        QCOMPARE(channel.shown.size(), 1);
        const auto subject = AccountNotices::subjectOf(channel.shown.keys().front());
        QVERIFY(subject);
        QCOMPARE(subject->account, QStringLiteral("accounts/2"));
        QVERIFY(subject->conversation == id);
        QVERIFY(!AccountNotices::subjectOf(client::shell::NotificationCenter::digestKey));
    }

private:
    client::desktop::Workbench &desk() { return *m_desk.desktop().workbench(); }
    AccountDesk &account(int index) { return m_desk.desktop().account(index); }
    static QString urlOf(client::desktop::Workbench &of)
    {
        return QString::fromStdString(of.stores().session.identity().server);
    }
    QString said()
    {
        for (auto *toast : m_desk.window().findChildren<client::widgets::Toast *>())
            if (toast->isVisible())
                return toast->accessibleName();
        return {};
    }
    QString noticeOnSignIn()
    {
        for (auto *banner : m_desk.window().findChildren<client::widgets::Banner *>())
            if (banner->isVisible())
                return banner->accessibleName();
        return {};
    }

    void look(const QString &name)
    {
        QTest::qWait(60); // what just came finds its place
        m_desk.shot(name);
        const auto unnamed = tests::unnamedControls(m_desk.window());
        QVERIFY2(unnamed.isEmpty(),
                 qPrintable(name + QStringLiteral(": ") + unnamed.join(QStringLiteral(" · "))));
    }

    RealServer m_north;
    RealServer m_south;
    std::unique_ptr<Visitor> m_visitor;
    GuiDesk m_desk;
};

REGISTER_TEST(AccountsTest);
#include "tst_accounts.moc"
