#include "client/shell/commands/command_table.h"
#include "client/widgets/basic/text_label.h"
#include "client/widgets/composer/composer_edit.h"
#include "client/widgets/theme/theme.h"
#include "tests/gui/conflict_case.h"
#include "tests/support/register_test.h"

#include <QApplication>
#include <QClipboard>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using tests::anyContains;
using tests::patience;

/// Replies that are held (sync-protocol 10.1), in the window, against the real server: Omar works without a
/// connection, Sara or the customer are quicker, Omar comes back. The sentence is the promised one, and each
/// button does what it says.
class ConflictsTest : public tests::ConflictCase {
    Q_OBJECT

private Q_SLOTS:
    void anotherAgentAnsweredFirst_data() { buttonsOfAHeldReply(); }
    void anotherAgentAnsweredFirst()
    {
        set("stale_after", 1000);
        goOffline();
        reply(mine());
        say(hers());
        comeBack();
        heldReplyIs(QStringLiteral("Sara Lind answered a moment before your offline reply was delivered."));
        QVERIFY(problems().front().now.contains(hers()));
        pressAndCheck();
    }

    void theCustomerWroteAgain_data() { buttonsOfAHeldReply(); }
    void theCustomerWroteAgain()
    {
        goOffline();
        reply(mine());
        QVERIFY(customerWrites(QStringLiteral("Are you there?")));
        comeBack();
        heldReplyIs(QStringLiteral("The customer wrote again after you typed this (a moment ago)."));
        QVERIFY(problems().front().now.contains(QStringLiteral("Are you there?")));
        pressAndCheck();
    }

    void whatFollowsAHeldReplyWaits()
    {
        goOffline();
        reply(mine());
        m_desk.press(Qt::Key_Escape);
        m_desk.press(Qt::Key_E);
        QTRY_VERIFY(status() == domain::ConversationStatus::Resolved);
        say(hers());
        comeBack();
        QTRY_COMPARE_WITH_TIMEOUT(problems().size(), std::size_t{2}, patience);
        const auto dependent = problems().back();
        QCOMPARE(dependent.reason, QStringLiteral("Not applied because the reply above is held."));
        QVERIFY((dependent.actions == std::vector{Action::ApplyNow, Action::Discard}));
        showPanel();
        press(Action::ApplyNow, 1);
        QTRY_COMPARE_WITH_TIMEOUT(problems().size(), std::size_t{1}, patience);
        QTRY_COMPARE_WITH_TIMEOUT(onServer().value(QStringLiteral("status")).toString(),
                                  QStringLiteral("resolved"), patience);
    }

    void problemsSurviveARestartAndCanBeKeptElsewhere()
    {
        goOffline();
        reply(mine());
        say(hers());
        comeBack();
        QTRY_COMPARE_WITH_TIMEOUT(problems().size(), std::size_t{1}, patience);
        m_desk.close();
        QVERIFY(m_desk.open({}, true));
        QTRY_COMPARE_WITH_TIMEOUT(problems().size(), std::size_t{1}, patience);
        const auto json = QJsonDocument::fromJson(client::conversations::problemsAsJson(problems())).array();
        QCOMPARE(json.size(), 1);
        const auto entry = json[0].toObject();
        QCOMPARE(entry.value(QStringLiteral("body")).toString(), mine());
        QCOMPARE(entry.value(QStringLiteral("code")).toString(), QStringLiteral("reply_collision"));
        QVERIFY(client::conversations::problemsAsText(problems()).contains(mine()));
        m_desk.close();
        QVERIFY(m_desk.open({}));
        QTRY_VERIFY_WITH_TIMEOUT(stores().session.connection().everLive, patience);
    }

    void thePanelLooksRight()
    {
        goOffline();
        reply(
            QStringLiteral("I have asked the depot: it left this morning and should be with you on Friday."));
        m_desk.press(Qt::Key_Escape);
        m_desk.press(Qt::Key_A, Qt::ShiftModifier);
        QTRY_VERIFY(view().conversation.assignee == stores().users.me());
        say(QStringLiteral("It is on its way, you will have it on Friday."));
        m_server.post(path(QStringLiteral("/assignments")), {{QStringLiteral("assignee_id"), m_sara}});
        comeBack();
        QTRY_COMPARE_WITH_TIMEOUT(problems().size(), std::size_t{2}, patience);
        QTRY_VERIFY(anyContains(m_desk.messages(), QStringLiteral("on hold")));
        QTest::qWait(300); // changes are told at most every 50 ms
        m_desk.shot(QStringLiteral("conflict-thread"));
        showPanel();
        QTest::qWait(50);
        m_desk.shot(QStringLiteral("problems-light"));
        tests::theme().setMode(client::widgets::ThemeMode::Dark);
        QTest::qWait(50);
        m_desk.shot(QStringLiteral("problems-dark"));
        tests::theme().setMode(client::widgets::ThemeMode::Light);
    }

private:
    static void buttonsOfAHeldReply()
    {
        QTest::addColumn<int>("action");
        QTest::newRow("Show both") << int(Action::ShowBoth);
        QTest::newRow("Send anyway") << int(Action::SendAnyway);
        QTest::newRow("Edit & send") << int(Action::EditAndSend);
        QTest::newRow("Turn into note") << int(Action::TurnIntoNote);
        QTest::newRow("Discard") << int(Action::Discard);
    }

    void heldReplyIs(const QString &sentence)
    {
        oneProblem(sentence, {Action::ShowBoth, Action::SendAnyway, Action::EditAndSend, Action::TurnIntoNote,
                              Action::CopyText, Action::Discard});
        QVERIFY(problems().front().isHeld);
        QVERIFY(!m_server.texts(m_number).contains(mine())); // the customer has not got it
    }

    void pressAndCheck()
    {
        QFETCH(int, action);
        press(static_cast<Action>(action));
        const auto mine = this->mine();
        switch (static_cast<Action>(action)) {
        case Action::ShowBoth:
            QTRY_VERIFY_WITH_TIMEOUT(anyContains(m_desk.messages(), mine), patience);
            QTRY_VERIFY_WITH_TIMEOUT(anyContains(m_desk.messages(), QStringLiteral("on hold")), patience);
            QCOMPARE(problems().size(), std::size_t{1});
            return;
        case Action::SendAnyway:
            QTRY_VERIFY_WITH_TIMEOUT(m_server.texts(m_number).count(mine) == 1, patience);
            QTRY_VERIFY_WITH_TIMEOUT(m_visitor->received().contains(mine), patience);
            break;
        case Action::EditAndSend:
            QTRY_COMPARE(box()->text(), mine);
            QCOMPARE(problems().size(), std::size_t{1}); // until the other one is accepted
            box()->edit()->setFocus();
            m_desk.press(Qt::Key_End, Qt::ControlModifier);
            m_desk.type(QStringLiteral(", edited"));
            m_desk.press(Qt::Key_Return, Qt::ControlModifier);
            QTRY_VERIFY_WITH_TIMEOUT(m_server.texts(m_number).contains(mine + QStringLiteral(", edited")),
                                     patience);
            QVERIFY(!m_server.texts(m_number).contains(mine));
            break;
        case Action::TurnIntoNote:
            QTRY_VERIFY_WITH_TIMEOUT(notes().contains(mine), patience);
            QVERIFY(!m_server.texts(m_number).contains(mine));
            break;
        default:
            QTRY_VERIFY_WITH_TIMEOUT(problems().empty(), patience);
            QVERIFY(!m_server.texts(m_number).contains(mine));
            break;
        }
        QTRY_VERIFY_WITH_TIMEOUT(problems().empty(), patience);
    }
};

REGISTER_TEST(ConflictsTest);
#include "tst_conflicts.moc"
