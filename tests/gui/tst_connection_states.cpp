#include "client/app/desktop/language.h"
#include "client/app/desktop/workbench.h"
#include "client/features/conversations/logic/conversation_overlay.h"
#include "client/features/conversations/ui/conversation_list_view.h"
#include "client/platform/profile.h"
#include "client/shell/commands/command_table.h"
#include "client/shell/notify/notification_center.h"
#include "client/shell/settings.h"
#include "client/sync/client.h"
#include "client/widgets/basic/banner.h"
#include "client/widgets/basic/text_label.h"
#include "client/widgets/composer/composer.h"
#include "client/widgets/composer/composer_edit.h"
#include "client/widgets/theme/theme.h"
#include "tests/client/vault_of.h"
#include "tests/gui/gui_desk.h"
#include "tests/gui/real_server.h"
#include "tests/support/register_test.h"

#include <QAbstractButton>
#include <QApplication>
#include <QDir>
#include <QListView>
#include <QTest>

using client::accounts::ConnectionPresenter;
using client::desktop::Workbench;
using client::sync::ConnectionState;
using client::widgets::ThemeMode;
using Kind = ConnectionState::Kind;
using tests::GuiDesk;
using tests::RealServer;

namespace {

constexpr int patience = 40000;

class Silent : public client::shell::NoticeChannel {
public:
    void show(const client::shell::Notice &) override {}
    void withdraw(const QString &) override {}
};

/// Everything of a real session, but how it stands with the server is what the test says.
class StagedSession : public client::sync::Session {
public:
    explicit StagedSession(client::sync::Client &real) : m_real{real} { m_state = real.connection(); }

    void stage(ConnectionState state)
    {
        m_state = std::move(state);
        Q_EMIT connectionChanged(m_state);
    }

    [[nodiscard]] const client::storage::Identity &identity() const override { return m_real.identity(); }
    [[nodiscard]] client::storage::Reader &reader() override { return m_real.reader(); }
    [[nodiscard]] std::function<std::unique_ptr<client::storage::Reader>()> readerMaker() const override
    {
        return m_real.readerMaker();
    }
    [[nodiscard]] base::Clock &clock() override { return m_real.clock(); }
    [[nodiscard]] base::Uuid newId() override { return m_real.newId(); }
    [[nodiscard]] const ConnectionState &connection() const override { return m_state; }
    void submit(client::sync::Order order, std::function<void(const base::Status &)> done) override
    {
        m_real.submit(std::move(order), std::move(done));
    }
    void cancel(const base::Uuid &, std::function<void(bool)>) override {}
    void retryProblem(const base::Uuid &, std::optional<std::string>) override {}
    void discardProblem(const base::Uuid &) override {}
    void focus(const std::vector<domain::ConversationId> &) override {}
    void loadOlder(const domain::ConversationId &) override {}
    void composing(const domain::ConversationId &, bool, bool) override {}
    void viewing(const domain::ConversationId &, bool) override {}
    void putDraft(const QString &key, const QString &body) override { m_real.putDraft(key, body); }
    base::Uuid attach(const QString &, std::function<void(const base::Status &)>) override { return {}; }
    void detach(const base::Uuid &) override {}
    QString blob(const domain::AttachmentId &, bool) override { return {}; }
    std::unique_ptr<QIODevice> openBlob(const QString &) override { return nullptr; }
    void setCachePolicy(const client::storage::CachePolicy &) override {}
    void storageUse(std::function<void(const client::sync::StorageUse &)>) override {}
    void wake() override {}
    void signOut(bool) override {}

private:
    client::sync::Client &m_real;
    ConnectionState m_state;
};

} // namespace

/// Every state of the connection as the design's table says it (ux 5.4): the footer, and what else may show.
/// Never a dialog, and typing goes on in all of them.
class ConnectionStatesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        tests::theme();
        QVERIFY2(m_server.start(30), qPrintable(m_server.why()));
        QVERIFY(m_desk.open(m_server.url()));
        QVERIFY(m_desk.signIn());
        QTRY_VERIFY_WITH_TIMEOUT(!m_desk.rows().isEmpty(), patience);
        m_desk.close();
        m_server.kill();

        auto profile = client::platform::Profile::open(m_desk.profile());
        QVERIFY(profile);
        m_profile = std::move(*profile);
        std::unique_ptr<client::platform::Keychain> keychain{
            client::sync::Client::makeKeychain(*m_profile, false, nullptr)};
        client::sync::OverlayRegistry overlays;
        client::conversations::registerConversationOverlays(overlays);
        auto client =
            client::sync::Client::open(*m_profile, std::move(overlays),
                                       {QStringLiteral("test"), true, false, tests::vaultOf(*keychain)});
        QVERIFY(client);
        m_client = std::move(*client);
        m_language.use(QStringLiteral("en"), *qApp);
        m_session = std::make_unique<StagedSession>(*m_client);
        m_settings =
            std::make_unique<client::shell::Settings>(m_desk.profile() + QStringLiteral("/settings.ini"));
        m_center = std::make_unique<client::shell::NotificationCenter>(m_channel, m_client->clock());
        m_notices = std::make_unique<client::desktop::AccountNotices>(*m_center, QString{});
        m_stores = std::make_unique<client::desktop::AccountStores>(*m_session);
        m_bench = std::make_unique<Workbench>(
            Workbench::Parts{*m_stores, *m_client, *m_settings, *m_notices, QString{}});
        m_bench->resize(1440, 900);
        m_bench->show();
        m_bench->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_bench.get()));
        auto *list = m_bench->findChild<QListView *>(QStringLiteral("conversationList"));
        list->setCurrentIndex(list->model()->index(0, 0));
        QTest::qWait(200);
    }

    void cleanupTestCase()
    {
        m_bench.reset();
        m_stores.reset();
        m_session.reset();
        m_client.reset();
    }

    void everyStateIsShownAsPromised_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("queued");
        QTest::addColumn<int>("problems");
        QTest::addColumn<int>("left");
        QTest::addColumn<QString>("footer");
        QTest::addColumn<QString>("strip");
        QTest::addColumn<QString>("banner");
        QTest::addColumn<QString>("action");
        const auto row = [](const char *name, Kind kind, int queued, int problems, int left,
                            const char *footer, const char *strip, const char *banner, const char *action) {
            QTest::newRow(name) << static_cast<int>(kind) << queued << problems << left
                                << QString::fromUtf8(footer) << QString::fromUtf8(strip)
                                << QString::fromUtf8(banner) << QString::fromUtf8(action);
        };
        row("live", Kind::Live, 0, 0, 0, "Online · synced", "", "", "");
        row("attention", Kind::Live, 0, 2, 0, "2 need attention", "", "", "");
        row("catching-up", Kind::CatchingUp, 0, 0, 120, "Syncing 120…", "", "", "");
        row("reconnecting", Kind::Reconnecting, 1, 0, 0, "Reconnecting", "", "", "");
        row("offline", Kind::Offline, 0, 0, 0, "Offline",
            "Offline. You can keep working; everything will be sent when you're back.", "", "");
        row("offline-queued", Kind::Offline, 3, 0, 0, "Offline · 3 queued",
            "Offline. You can keep working; 3 changes will be sent when you're back.", "", "Queue");
        row("signed-out", Kind::SignedOut, 2, 0, 0, "Signed out", "",
            "You are signed out. You can read what is here; sign in to send and receive.", "Sign in");
        row("revoked", Kind::Revoked, 0, 0, 0, "Signed out", "",
            "This device was signed out by an administrator. What was synced has been removed from it.",
            "Sign in");
        row("replaced", Kind::Replaced, 0, 0, 0, "In use elsewhere", "",
            "Deskbell was opened with this profile elsewhere and is paused here.", "Use here");
        row("too-old", Kind::UpgradeRequired, 1, 0, 0, "Update needed", "",
            "This version is too old for the server. You can read what is here; update to go on.", "");
    }

    void everyStateIsShownAsPromised()
    {
        QFETCH(int, kind);
        QFETCH(int, queued);
        QFETCH(int, problems);
        QFETCH(int, left);
        QFETCH(QString, footer);
        QFETCH(QString, strip);
        QFETCH(QString, banner);
        QFETCH(QString, action);
        ConnectionState state;
        state.kind = static_cast<Kind>(kind);
        state.queued = queued;
        state.problems = problems;
        state.left = left;
        state.everLive = true;
        // Long enough ago that what shows late shows, not so long that the age does.
        state.since = m_client->clock().now() - base::Duration{60000};
        state.lastLive = m_client->clock().now();
        m_session->stage(state);

        QCOMPARE(m_stores->connection.state().footer, footer);
        QCOMPARE(find("personButton")->accessibleName(), QStringLiteral("Sara Lind, ") + footer);
        QCOMPARE(m_stores->connection.state().strip, strip);
        auto *top = find("banner");
        QCOMPARE(top != nullptr, !banner.isEmpty());
        if (top) {
            QCOMPARE(top->accessibleName(), banner);
            QStringList buttons;
            for (auto *button : top->findChildren<QAbstractButton *>())
                if (button->isVisible())
                    buttons << button->text();
            QCOMPARE(buttons, action.isEmpty() ? QStringList{} : QStringList{action});
        }
        QVERIFY(!QApplication::activeModalWidget());
        auto *box = m_bench->findChild<client::widgets::Composer *>(QStringLiteral("composer"));
        QVERIFY(box->edit()->isEnabled());
        QVERIFY(!box->edit()->isReadOnly());
        QVERIFY(m_bench->findChild<QListView *>(QStringLiteral("conversationList"))->model()->rowCount() > 0);
        const auto name = QStringLiteral("state-") + QString::fromLatin1(QTest::currentDataTag());
        shot(name + QStringLiteral("-light"));
        tests::theme().setMode(ThemeMode::Dark);
        shot(name + QStringLiteral("-dark"));
        tests::theme().setMode(ThemeMode::Light);
    }

    void shortInterruptionsDoNotFlicker()
    {
        ConnectionState state;
        state.everLive = true;
        state.kind = Kind::Live;
        state.since = m_client->clock().now();
        state.lastLive = state.since;
        m_session->stage(state);
        state.kind = Kind::Reconnecting;
        m_session->stage(state);
        QCOMPARE(m_stores->connection.state().footer, QStringLiteral("Online · synced"));
        state.kind = Kind::CatchingUp;
        m_session->stage(state);
        QCOMPARE(m_stores->connection.state().footer, QStringLiteral("Online · synced"));
    }

    // Goal D20: every screen works without the network, and says so once beside the footer.
    void everyScreenSaysOnceThatItIsOffline_data()
    {
        QTest::addColumn<QString>("command");
        for (const auto *command :
             {"go.inbox", "go.drafts", "go.snoozed", "go.pending", "go.resolved", "go.outbox", "go.mine",
              "go.unassigned", "go.all", "window.settings", "window.shortcuts", "account.devices",
              "account.macros", "account.password", "palette.open", "list.find"})
            QTest::newRow(command) << QString::fromLatin1(command);
    }

    void everyScreenSaysOnceThatItIsOffline()
    {
        QFETCH(QString, command);
        ConnectionState state;
        state.everLive = true;
        state.kind = Kind::Offline;
        state.queued = 3;
        state.since = m_client->clock().now() - base::Duration{60000};
        state.lastLive = m_client->clock().now();
        m_session->stage(state);
        m_bench->commands().run(QStringLiteral("go.inbox"));
        m_bench->commands().run(command);
        QTest::qWait(50);
        QStringList notices;
        for (const auto *told : m_bench->findChildren<QWidget *>()) {
            const auto text =
                told->accessibleName().isEmpty() ? told->property("text").toString() : told->accessibleName();
            const bool isNotice = text.startsWith(QStringLiteral("Offline.")) ||
                                  text.startsWith(QStringLiteral("You are offline"));
            if (isNotice && told->isVisible() && !told->visibleRegion().isEmpty() && !notices.contains(text))
                notices << text;
        }
        std::fprintf(stderr, "D20 %s: %d notice(s)\n", qPrintable(command), static_cast<int>(notices.size()));
        QVERIFY2(notices.size() <= 1, qPrintable(notices.join(QLatin1Char{'|'})));
        QVERIFY(!QApplication::activeModalWidget());
        bool isUsable = false; // something takes the keyboard
        for (const auto *widget : m_bench->findChildren<QWidget *>())
            isUsable = isUsable || (widget->isVisible() && widget->isEnabled() &&
                                    (widget->focusPolicy() & Qt::TabFocus) != 0);
        QVERIFY(isUsable);
        QTest::keyClick(QApplication::focusWidget() ? QApplication::focusWidget() : m_bench.get(),
                        Qt::Key_Escape);
    }

    void oldDataTellsItsAge()
    {
        ConnectionState state;
        state.everLive = true;
        state.kind = Kind::Offline;
        state.since = m_client->clock().now() - std::chrono::minutes{30};
        state.lastLive = state.since;
        m_session->stage(state);
        QVERIFY(m_stores->connection.state().age.startsWith(QStringLiteral("as of ")));
        QVERIFY(find("personButton")->accessibleName().contains(QStringLiteral("as of ")));
        shot(QStringLiteral("state-offline-old-light"));
    }

private:
    QWidget *find(const char *name)
    {
        for (auto *found : m_bench->findChildren<QWidget *>(QString::fromLatin1(name)))
            if (found->isVisible())
                return found;
        return nullptr;
    }

    void shot(const QString &name)
    {
        QTest::qWait(300); // the sidebar's counts follow four times a second
        const QDir build{qEnvironmentVariable("DESKBELL_BUILD", QDir::tempPath())};
        build.mkpath(QStringLiteral("screenshots"));
        m_bench->grab().save(build.filePath(QStringLiteral("screenshots/%1.png").arg(name)));
    }

    RealServer m_server;
    GuiDesk m_desk;
    client::desktop::Language m_language;
    Silent m_channel;
    std::unique_ptr<client::platform::Profile> m_profile;
    std::unique_ptr<client::sync::Client> m_client;
    std::unique_ptr<StagedSession> m_session;
    std::unique_ptr<client::shell::Settings> m_settings;
    std::unique_ptr<client::shell::NotificationCenter> m_center;
    std::unique_ptr<client::desktop::AccountNotices> m_notices;
    std::unique_ptr<client::desktop::AccountStores> m_stores;
    std::unique_ptr<Workbench> m_bench;
};

REGISTER_TEST(ConnectionStatesTest);
#include "tst_connection_states.moc"
