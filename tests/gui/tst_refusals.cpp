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

/// What the server refuses (sync-protocol 10.1), in the window, against the real server: the promised
/// sentence, and each button's promised result.
class RefusalsTest : public tests::ConflictCase {
    Q_OBJECT

private Q_SLOTS:
    void resolvedWhileTheCustomerWrote_data()
    {
        QTest::addColumn<int>("action");
        QTest::newRow("Open") << int(Action::Open);
        QTest::newRow("Resolve anyway") << int(Action::ResolveAnyway);
        QTest::newRow("Dismiss") << int(Action::Dismiss);
    }
    void resolvedWhileTheCustomerWrote()
    {
        QFETCH(int, action);
        goOffline();
        m_desk.press(Qt::Key_E);
        QTRY_VERIFY(status() == domain::ConversationStatus::Resolved);
        QVERIFY(customerWrites(QStringLiteral("Not yet!")));
        comeBack();
        oneProblem(QStringLiteral("Not resolved: a new message from the customer arrived."),
                   {Action::Open, Action::ResolveAnyway, Action::Dismiss});
        press(static_cast<Action>(action));
        if (action == int(Action::Open)) {
            QTRY_VERIFY(anyContains(m_desk.messages(), QStringLiteral("Not yet!")));
            QCOMPARE(problems().size(), std::size_t{1}); // looking decides nothing
            return;
        }
        QTRY_VERIFY_WITH_TIMEOUT(problems().empty(), patience);
        const auto wanted =
            action == int(Action::ResolveAnyway) ? QStringLiteral("resolved") : QStringLiteral("open");
        QTRY_COMPARE_WITH_TIMEOUT(onServer().value(QStringLiteral("status")).toString(), wanted, patience);
    }

    void somebodyElseWasAssigned_data()
    {
        QTest::addColumn<int>("action");
        QTest::newRow("Keep Sara") << int(Action::Keep);
        QTest::newRow("Take over") << int(Action::TakeOver);
    }
    void somebodyElseWasAssigned()
    {
        QFETCH(int, action);
        goOffline();
        m_desk.press(Qt::Key_A, Qt::ShiftModifier);
        QTRY_VERIFY(view().conversation.assignee == stores().users.me());
        m_server.post(path(QStringLiteral("/assignments")), {{QStringLiteral("assignee_id"), m_sara}});
        comeBack();
        oneProblem(QStringLiteral("Already assigned to Sara Lind."), {Action::Keep, Action::TakeOver});
        QCOMPARE(button(Action::Keep)->text(), QStringLiteral("Keep Sara Lind"));
        QCOMPARE(button(Action::TakeOver)->text(), QStringLiteral("Take over"));
        press(static_cast<Action>(action));
        QTRY_VERIFY_WITH_TIMEOUT(problems().empty(), patience);
        const auto wanted = action == int(Action::TakeOver) ? m_omar : m_sara;
        QTRY_COMPARE_WITH_TIMEOUT(assigneeOnServer(), wanted, patience);
    }

    void accessWasLost_data()
    {
        QTest::addColumn<bool>("handsOver");
        QTest::newRow("Copy text, Discard") << false;
        QTest::newRow("Leave for colleagues") << true;
    }
    void accessWasLost()
    {
        QFETCH(bool, handsOver);
        goOffline();
        reply(QStringLiteral("Words that must not be lost"));
        member("DELETE");
        comeBack();
        QTRY_COMPARE_WITH_TIMEOUT(problems().size(), std::size_t{1}, patience);
        QTRY_VERIFY_WITH_TIMEOUT(!stores().conversations.byNumber(m_number), patience);
        oneProblem(QStringLiteral("You no longer have access to this conversation."),
                   {Action::HandOver, Action::CopyText, Action::Discard});
        QCOMPARE(button(Action::HandOver)->text(), QStringLiteral("Leave for colleagues"));
        QVERIFY(problems().front().subject.contains(
            QStringLiteral("#%1").arg(m_number))); // though it is gone here
        QCOMPARE(problems().front().content, QStringLiteral("Words that must not be lost"));
        press(Action::CopyText);
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("Words that must not be lost"));
        QCOMPARE(problems().size(), std::size_t{1});
        press(handsOver ? Action::HandOver : Action::Discard);
        QTRY_VERIFY_WITH_TIMEOUT(problems().empty(), patience);
        QTRY_COMPARE_WITH_TIMEOUT(notes().contains(QStringLiteral("Words that must not be lost")), handsOver,
                                  patience); // the customer does not see it
        member("POST");
        QTRY_VERIFY_WITH_TIMEOUT(stores().conversations.byNumber(m_number), patience);
    }
};

REGISTER_TEST(RefusalsTest);
#include "tst_refusals.moc"
