#include "client/app/desktop/main_window.h"
#include "client/app/desktop/workbench.h"
#include "client/platform/system_clock.h"
#include "client/platform/system_random.h"
#include "client/shell/commands/command_table.h"
#include "client/sync/http_auth.h"
#include "client/widgets/basic/banner.h"
#include "client/widgets/basic/text_label.h"
#include "client/widgets/basic/toast.h"
#include "client/widgets/theme/theme.h"
#include "tests/gui/gui_desk.h"
#include "tests/gui/real_server.h"
#include "tests/support/register_test.h"

#include <QAbstractButton>
#include <QApplication>
#include <QLineEdit>
#include <QRegularExpression>
#include <QTest>

using client::sync::AuthFailure;
using client::sync::ConnectionState;
using client::sync::HttpAuth;
using client::sync::SignedIn;
using client::widgets::ThemeMode;
using tests::GuiDesk;
using tests::RealServer;

namespace {

constexpr int patience = 40000;

} // namespace

/// My devices and my password, in the window, against the real server.
class DevicesPageTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        tests::theme();
        QVERIFY2(m_server.start(), qPrintable(m_server.why()));
        QVERIFY(m_desk.open(m_server.url()));
        QVERIFY(m_desk.signIn());
        for (auto *toast : m_desk.window().findChildren<client::widgets::Toast *>())
            toast->dismiss(); // about the missing keychain
    }

    void cleanupTestCase()
    {
        tests::theme().setTextScale(1);
        qApp->setLayoutDirection(Qt::LeftToRight);
        m_desk.close();
    }

    void myDevicesAreListedThisOneFirst()
    {
        m_laptop = anotherDevice(RealServer::password);
        QVERIFY(m_laptop);
        desk().commands().run(QStringLiteral("account.devices"));
        QTRY_COMPARE_WITH_TIMEOUT(cards().size(), 2, patience);
        QVERIFY(texts(*cards().front()).contains(QStringLiteral("In use now")));
        QVERIFY(cards().front()->accessibleName().contains(QSysInfo::prettyProductName()));
        QVERIFY(texts(*cards().back()).contains(QStringLiteral("Active recently")));
        QVERIFY(cards()
                    .front()
                    ->findChildren<QAbstractButton *>(QRegularExpression{QStringLiteral("^signOut:")})
                    .isEmpty());
        look(QStringLiteral("devices-light"));
        tests::theme().setMode(ThemeMode::Dark);
        look(QStringLiteral("devices-dark"));
        tests::theme().setMode(ThemeMode::Light);
    }

    void aDeviceThatSignsInShowsUpByItself()
    {
        m_tablet = anotherDevice(RealServer::password);
        QVERIFY(m_tablet);
        QTRY_COMPARE_WITH_TIMEOUT(cards().size(), 3, patience);
    }

    void aDeviceIsSignedOutAfterAQuestion()
    {
        auto *out = signOutOf(*m_laptop);
        QVERIFY(out);
        out->click();
        QTRY_VERIFY(m_desk.find(QStringLiteral("revokeSheet")));
        QCOMPARE(qobject_cast<QAbstractButton *>(QApplication::focusWidget())->text(),
                 QStringLiteral("Cancel"));
        look(QStringLiteral("devices-question-light"));
        m_desk.press(Qt::Key_Space);
        QTRY_VERIFY(!m_desk.find(QStringLiteral("revokeSheet")));
        QTRY_COMPARE(cards().size(), 3);

        signOutOf(*m_laptop)->click();
        QTRY_VERIFY(m_desk.find(QStringLiteral("agree")));
        m_desk.find<QAbstractButton>(QStringLiteral("agree"))->click();
        QTRY_COMPARE_WITH_TIMEOUT(cards().size(), 2, patience);
        QVERIFY(!signOutOf(*m_laptop));
        const auto order = wipeOrderFor(*m_laptop);
        QVERIFY(order);
        QVERIFY(order->wipe == protocol::Wipe::Cache);
    }

    void offlineTheListStaysAndNothingCanBeDone()
    {
        m_server.kill();
        QTRY_VERIFY_WITH_TIMEOUT(m_desk.find(QStringLiteral("devicesOffline")), patience);
        QVERIFY(m_desk.find(QStringLiteral("devicesOffline"))
                    ->accessibleName()
                    .startsWith(QStringLiteral("You are offline. This list is as of")));
        QTRY_COMPARE(cards().size(), 2); // made anew, and shown by the layout a moment later
        QVERIFY(!signOutOf(*m_tablet)->isEnabled());
        QVERIFY(!m_desk.find<QAbstractButton>(QStringLiteral("signOutOthers"))->isEnabled());
        look(QStringLiteral("devices-offline-light"));
        tests::theme().setMode(ThemeMode::Dark);
        look(QStringLiteral("devices-offline-dark"));
        tests::theme().setMode(ThemeMode::Light);

        QVERIFY(m_server.restart());
        desk().stores().session.wake();
        QTRY_VERIFY_WITH_TIMEOUT(!m_desk.find(QStringLiteral("devicesOffline")), patience);
        QTRY_VERIFY(signOutOf(*m_tablet)->isEnabled());
    }

    void allOthersAreSignedOutAtOnce()
    {
        QVERIFY(anotherDevice(RealServer::password));
        QTRY_COMPARE_WITH_TIMEOUT(cards().size(), 3, patience);
        m_desk.find<QAbstractButton>(QStringLiteral("signOutOthers"))->click();
        QTRY_VERIFY(m_desk.find(QStringLiteral("agree")));
        m_desk.find<QAbstractButton>(QStringLiteral("agree"))->click();
        QTRY_COMPARE_WITH_TIMEOUT(cards().size(), 1, patience);
        QVERIFY(wipeOrderFor(*m_tablet));
        QVERIFY(!m_desk.find(QStringLiteral("signOutOthers")));
    }

    void aNewPasswordNeedsTheOldOneAndSignsTheOthersOut()
    {
        m_laptop = anotherDevice(RealServer::password);
        QVERIFY(m_laptop);
        m_desk.find<QAbstractButton>(QStringLiteral("changePassword"))->click();
        QTRY_VERIFY(m_desk.find(QStringLiteral("passwordForm")));
        QCOMPARE(QApplication::focusWidget()->objectName(), QStringLiteral("currentPassword"));
        const auto fresh = QStringLiteral("a battery of horses");
        m_desk.type(QStringLiteral("not my password"));
        m_desk.press(Qt::Key_Return);
        m_desk.type(QStringLiteral("short"));
        m_desk.press(Qt::Key_Return);
        m_desk.type(fresh);
        m_desk.press(Qt::Key_Return);
        QTRY_COMPARE(problem(), QStringLiteral("The new password must have 8 to 128 characters."));
        QCOMPARE(QApplication::focusWidget()->objectName(), QStringLiteral("freshPassword"));
        m_desk.type(QStringLiteral("a battery of sheep"));
        m_desk.press(Qt::Key_Return);
        QTRY_COMPARE(problem(), QStringLiteral("The two new passwords differ."));
        look(QStringLiteral("password-error-light"));
        field("freshPassword")->setText(fresh);
        field("freshPassword")->setFocus();
        m_desk.press(Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(problem(), QStringLiteral("The current password is wrong."), patience);
        QCOMPARE(QApplication::focusWidget()->objectName(), QStringLiteral("currentPassword"));
        QVERIFY(!wipeOrderFor(*m_laptop));

        field("currentPassword")->setText(RealServer::password);
        tests::theme().setMode(ThemeMode::Dark);
        look(QStringLiteral("password-dark"));
        tests::theme().setMode(ThemeMode::Light);
        m_desk.press(Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(!m_desk.find(QStringLiteral("passwordForm")), patience);
        QVERIFY(wipeOrderFor(*m_laptop));
        QCOMPARE(desk().stores().session.connection().kind, ConnectionState::Kind::Live); // this one stays
        QVERIFY(!anotherDevice(RealServer::password));
        QVERIFY(anotherDevice(fresh));
    }

    void longNamesLargeTextAndRightToLeftFitASmallWindow()
    {
        m_desk.window().resize(1024, 640);
        look(QStringLiteral("devices-small"));
        tests::theme().setTextScale(2);
        look(QStringLiteral("devices-200-small"));
        desk().commands().run(QStringLiteral("account.password"));
        look(QStringLiteral("password-200-small"));
        m_desk.press(Qt::Key_Escape);
        tests::theme().setTextScale(1);
        qApp->setLayoutDirection(Qt::RightToLeft);
        look(QStringLiteral("devices-rtl"));
        qApp->setLayoutDirection(Qt::LeftToRight);
        m_desk.press(Qt::Key_Escape);
        QTRY_VERIFY(!m_desk.find(QStringLiteral("devicesPage")));
    }

private:
    client::desktop::Workbench &desk() { return *m_desk.desktop().workbench(); }

    QList<QWidget *> cards()
    {
        QList<QWidget *> found;
        for (auto *card :
             m_desk.window().findChildren<QWidget *>(QRegularExpression{QStringLiteral("^device:")}))
            if (card->isVisible())
                found << card;
        std::sort(found.begin(), found.end(), [](const auto *a, const auto *b) { return a->y() < b->y(); });
        return found;
    }
    static QStringList texts(const QWidget &of)
    {
        QStringList all;
        for (auto *label : of.findChildren<client::widgets::TextLabel *>())
            all << label->text();
        return all;
    }
    QAbstractButton *signOutOf(const SignedIn &device)
    {
        return m_desk.find<QAbstractButton>(QStringLiteral("signOut:") +
                                            QString::fromStdString(device.identity.device.text()));
    }
    QLineEdit *field(const char *name) { return m_desk.find<QLineEdit>(QString::fromLatin1(name)); }
    QString problem()
    {
        auto *label = m_desk.find<client::widgets::TextLabel>(QStringLiteral("passwordError"));
        return label ? label->text() : QString{};
    }

    /// Signs a further device in, as another program would.
    std::optional<SignedIn> anotherDevice(const QString &password)
    {
        HttpAuth auth;
        std::optional<SignedIn> in;
        bool answered = false;
        auth.signIn(m_server.url(), {m_ids.next()}, RealServer::email, password,
                    [&](const SignedIn *signedIn, const AuthFailure *) {
                        if (signedIn)
                            in = *signedIn;
                        answered = true;
                    });
        return QTest::qWaitFor([&] { return answered; }, patience) ? in : std::nullopt;
    }
    std::optional<protocol::WipeOrder> wipeOrderFor(const SignedIn &device)
    {
        HttpAuth auth;
        std::optional<protocol::WipeOrder> order;
        bool answered = false;
        auth.refresh(m_server.url().toStdString(), device.identity.device, device.refresh,
                     m_ids.next().text(), [&](const client::sync::Tokens *, const AuthFailure *failure) {
                         if (failure)
                             order = failure->order;
                         answered = true;
                     });
        return QTest::qWaitFor([&] { return answered; }, patience) ? order : std::nullopt;
    }

    void look(const QString &name)
    {
        QTest::qWait(60); // what just came finds its place
        m_desk.shot(name);
        const auto unnamed = tests::unnamedControls(m_desk.window());
        QVERIFY2(unnamed.isEmpty(),
                 qPrintable(name + QStringLiteral(": ") + unnamed.join(QStringLiteral(" · "))));
    }

    RealServer m_server;
    GuiDesk m_desk;
    client::platform::SystemClock m_clock;
    client::platform::SystemRandom m_random;
    base::UuidMaker m_ids{m_clock, m_random};
    std::optional<SignedIn> m_laptop;
    std::optional<SignedIn> m_tablet;
};

REGISTER_TEST(DevicesPageTest);
#include "tst_devices_page.moc"
