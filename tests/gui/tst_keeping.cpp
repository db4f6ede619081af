#include "client/app/desktop/desk_stores.h"
#include "client/app/desktop/workbench.h"
#include "client/storage/reader.h"
#include "client/sync/session.h"
#include "tests/gui/gui_desk.h"
#include "tests/gui/real_server.h"
#include "tests/support/register_test.h"

#include <QComboBox>
#include <QJsonObject>
#include <QTest>

using tests::RealServer;

namespace {

constexpr int patience = 20000;

bool anyContains(const QStringList &all, const QString &text)
{
    return !all.filter(text).isEmpty();
}

} // namespace

/// What is not kept on the device: it says so, and comes when there is a server.
class KeepingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        tests::theme();
        QVERIFY2(m_server.start(), qPrintable(m_server.why()));
        const auto inbox = m_server.get(QStringLiteral("/inboxes"))
                               .value(QStringLiteral("payload"))[0][QStringLiteral("id")];
        for (const auto *name : {"Ana", "Ben"}) {
            const auto contact = m_server.post(
                QStringLiteral("/contacts"),
                {{QStringLiteral("name"), QString::fromLatin1(name)}, {QStringLiteral("inbox_id"), inbox}});
            auto id = contact.value(QStringLiteral("id"));
            if (id.isUndefined())
                id = contact[QStringLiteral("payload")][0][QStringLiteral("id")];
            if (id.isUndefined())
                id = contact[QStringLiteral("payload")][QStringLiteral("contact")][QStringLiteral("id")];
            const auto made =
                m_server.post(QStringLiteral("/conversations"),
                              {{QStringLiteral("contact_id"), id},
                               {QStringLiteral("inbox_id"), inbox},
                               {QStringLiteral("message"),
                                QJsonObject{{QStringLiteral("content"),
                                             QStringLiteral("Hello %1").arg(QLatin1String{name})}}}});
            m_number = made.value(QStringLiteral("id")).toInteger();
            QVERIFY2(m_number > 0, name);
        }
        m_server.post(QStringLiteral("/conversations/%1/toggle_status").arg(m_number),
                      {{QStringLiteral("status"), QStringLiteral("resolved")}});
        QVERIFY(m_desk.open(m_server.url()));
        QVERIFY(m_desk.signIn());
        QTRY_VERIFY_WITH_TIMEOUT(stores().conversations.byNumber(m_number), patience);
        QTRY_VERIFY_WITH_TIMEOUT(lowest(), patience);
    }

    void cleanupTestCase() { m_desk.close(); }

    void whatIsNotHereIsSaidAndComesWithTheServer()
    {
        session().setCachePolicy({0, 1, 1}); // no room at all: resolved conversations go
        QTRY_VERIFY_WITH_TIMEOUT(!lowest(), patience);
        QVERIFY(stores().conversations.find(*stores().conversations.byNumber(m_number)));
        m_server.kill();
        QTRY_VERIFY_WITH_TIMEOUT(session().connection().kind != client::sync::ConnectionState::Kind::Live,
                                 patience);
        m_desk.desktop().workbench()->openConversation(*stores().conversations.byNumber(m_number), false);
        QTRY_VERIFY_WITH_TIMEOUT(
            anyContains(m_desk.messages(), QStringLiteral("Older messages are not on this device")),
            patience);
        QVERIFY(m_server.restart());
        session().wake();
        QTRY_VERIFY_WITH_TIMEOUT(anyContains(m_desk.messages(), QStringLiteral("Hello Ben")), patience);
        QTRY_VERIFY_WITH_TIMEOUT(!anyContains(m_desk.messages(), QStringLiteral("Older messages")), patience);
    }

    void whatIsKeptIsChosenInTheSettings()
    {
        m_desk.press(Qt::Key_Comma, Qt::ControlModifier);
        QTRY_VERIFY_WITH_TIMEOUT(m_desk.find<QComboBox>(QStringLiteral("keepDays")), patience);
        auto *days = m_desk.find<QComboBox>(QStringLiteral("keepDays"));
        QTRY_COMPARE_WITH_TIMEOUT(days->currentData().toInt(), 0, patience);
        days->setFocus();
        m_desk.press(Qt::Key_Home); // 30 days
        QTRY_COMPARE_WITH_TIMEOUT(policy().days, 30, patience);
        m_desk.shot(QStringLiteral("settings-storage"));
        m_desk.close();
        QVERIFY(m_desk.open({}));
        QTRY_VERIFY_WITH_TIMEOUT(m_desk.desktop().workbench(), patience);
        QCOMPARE(policy().days, 30); // it belongs to the profile
    }

private:
    client::desktop::DeskStores &stores() { return m_desk.desktop().workbench()->stores(); }
    client::sync::Session &session() { return stores().session; }
    std::optional<std::int64_t> lowest()
    {
        const auto id = stores().conversations.byNumber(m_number);
        const auto view = id ? session().reader().conversation(*id) : std::nullopt;
        return view ? view->lowest : std::nullopt;
    }
    client::storage::CachePolicy policy()
    {
        std::optional<client::sync::StorageUse> use;
        session().storageUse([&use](const auto &found) { use = found; });
        while (!use)
            QTest::qWait(10);
        return use->policy;
    }

    RealServer m_server;
    tests::GuiDesk m_desk;
    qint64 m_number = 0;
};

REGISTER_TEST(KeepingTest);
#include "tst_keeping.moc"
