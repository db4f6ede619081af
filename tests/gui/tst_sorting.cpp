#include "client/app/desktop/workbench.h"
#include "client/features/conversations/ui/conversation_list_view.h"
#include "client/shell/commands/command_table.h"
#include "client/widgets/composer/composer.h"
#include "client/widgets/composer/composer_edit.h"
#include "client/widgets/navigation/sidebar_view.h"
#include "tests/gui/gui_desk.h"
#include "tests/gui/real_server.h"
#include "tests/gui/visitor.h"
#include "tests/support/register_test.h"

#include <QAbstractButton>
#include <QApplication>
#include <QJsonArray>
#include <QTest>

using tests::GuiDesk;
using tests::RealServer;
using tests::Visitor;

namespace {

constexpr int patience = 40'000;

} // namespace

/// Labels, teams and canned responses by keyboard, against the real server, with the network cut in between.
class GuiSortingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        tests::theme();
        QVERIFY2(m_server.start(), qPrintable(m_server.why()));
        m_visitor = std::make_unique<Visitor>(m_server.url(), m_server.websiteToken());
        QVERIFY2(m_visitor->write(QStringLiteral("My bill is wrong.")), qPrintable(m_visitor->why()));
        QVERIFY(!m_server
                     .post(QStringLiteral("/labels"), {{QStringLiteral("title"), QStringLiteral("billing")},
                                                       {QStringLiteral("color"), QStringLiteral("#AA3300")},
                                                       {QStringLiteral("show_on_sidebar"), true}})
                     .isEmpty());
        QVERIFY(!m_server.post(QStringLiteral("/teams"), {{QStringLiteral("name"), QStringLiteral("Money")}})
                     .isEmpty());
        QVERIFY(!m_server
                     .post(QStringLiteral("/canned_responses"),
                           {{QStringLiteral("short_code"), QStringLiteral("sorry")},
                            {QStringLiteral("content"), QStringLiteral("We are sorry about that.")}})
                     .isEmpty());
        QVERIFY(m_desk.open(m_server.url()));
        QVERIFY(m_desk.signIn());
        QTRY_VERIFY_WITH_TIMEOUT(!m_desk.rows().isEmpty(), patience);
        m_desk.press(Qt::Key_Home);
        m_desk.press(Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(!m_desk.messages().isEmpty(), patience);
    }

    void cleanupTestCase() { m_desk.close(); }

    void aLabelAndATeamAreOneKeyAndAFewLettersAway()
    {
        m_desk.press(Qt::Key_L);
        m_desk.type(QStringLiteral("bill"));
        m_desk.press(Qt::Key_Return);
        QTRY_COMPARE(text(QStringLiteral("labelsValue")), QStringLiteral("billing"));
        m_desk.press(Qt::Key_T);
        m_desk.type(QStringLiteral("mon"));
        m_desk.press(Qt::Key_Return);
        QTRY_COMPARE(text(QStringLiteral("teamValue")), QStringLiteral("money"));
        QTRY_COMPARE_WITH_TIMEOUT(onServer().value(QStringLiteral("labels")).toArray(),
                                  QJsonArray{QStringLiteral("billing")}, patience);
        QVERIFY(m_desk.messages().filter(QStringLiteral("You added the label billing")).size() == 1);
        m_desk.shot(QStringLiteral("sorting"));
    }

    void theSidebarListsTeamsAndLabelsAndTheRowsSayTheirs()
    {
        const auto asks = [this](const QString &id) {
            Q_EMIT m_desk.window().findChild<client::widgets::SidebarView *>()->chosen(id);
            return m_desk.rows().size();
        };
        QTRY_VERIFY(m_desk.rows().front().contains(QStringLiteral("label billing")));
        QTRY_COMPARE(asks(QStringLiteral("label:billing")), 1);
        m_desk.shot(QStringLiteral("label-view"));
        QCOMPARE(asks(QStringLiteral("label:nobodys")), 0);
        const auto &team = workbench().stores().teams.all().front();
        QCOMPARE(asks(QStringLiteral("team:") + QString::fromStdString(team.id.text())), 1);
        QCOMPARE(asks(QStringLiteral("inbox")), 1);
        m_desk.press(Qt::Key_Return);
    }

    void aSlashInTheEmptyBoxOffersCannedResponses()
    {
        m_desk.press(Qt::Key_R);
        QTRY_COMPARE(QApplication::focusWidget(), box()->edit());
        m_desk.type(QStringLiteral("/"));
        QTRY_VERIFY(QApplication::focusWidget() != box()->edit());
        m_desk.type(QStringLiteral("sor"));
        m_desk.shot(QStringLiteral("canned"));
        m_desk.press(Qt::Key_Return);
        QTRY_COMPARE(box()->text(), QStringLiteral("We are sorry about that."));
        QTRY_COMPARE(QApplication::focusWidget(), box()->edit());
        m_desk.press(Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY_WITH_TIMEOUT(m_visitor->received().contains(QStringLiteral("We are sorry about that.")),
                                 patience);
    }

    void itWorksWithoutAServerAndArrivesAfterwards()
    {
        m_server.kill();
        m_desk.press(Qt::Key_Escape);
        m_desk.press(Qt::Key_L);
        m_desk.type(QStringLiteral("late"));
        m_desk.press(Qt::Key_Return);
        QTRY_COMPARE(text(QStringLiteral("labelsValue")), QStringLiteral("billing and late"));
        m_desk.press(Qt::Key_R);
        QTRY_COMPARE(QApplication::focusWidget(), box()->edit());
        m_desk.type(QStringLiteral("Please wait a moment"));
        QVERIFY(workbench().commands().run(QStringLiteral("composer.saveCanned")));
        QTRY_VERIFY(workbench().stores().canned.byCode(QStringLiteral("please-wait-a")));
        QVERIFY(m_server.restart());
        QTRY_COMPARE_WITH_TIMEOUT(onServer().value(QStringLiteral("labels")).toArray().size(), 2, patience);
        QTRY_VERIFY_WITH_TIMEOUT(saved(), patience);
    }

private:
    client::desktop::Workbench &workbench() { return *m_desk.desktop().workbench(); }
    client::widgets::Composer *box()
    {
        return m_desk.find<client::widgets::Composer>(QStringLiteral("composer"));
    }

    QString text(const QString &name)
    {
        const auto *button = m_desk.find<QAbstractButton>(name);
        return button ? button->text() : QString{};
    }

    QJsonObject onServer() { return m_server.get(QStringLiteral("/conversations/1")); }

    // The server gives the number.
    bool saved()
    {
        const auto *response = workbench().stores().canned.byCode(QStringLiteral("please-wait-a"));
        return response && response->number > 0;
    }

    RealServer m_server;
    std::unique_ptr<Visitor> m_visitor;
    GuiDesk m_desk;
};

REGISTER_TEST(GuiSortingTest);
#include "tst_sorting.moc"
