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

/// Between Send and the customer, in the window, against the real server: what stops it, what is told, and
/// the way back.
class SendingTest : public tests::ConflictCase {
    Q_OBJECT

private Q_SLOTS:
    void sendingStopsWhenSomethingWasNotSeen()
    {
        openIt();
        m_desk.press(Qt::Key_R);
        m_desk.type(QStringLiteral("I will look"));
        say(QStringLiteral("I know: it is lost."));
        QTRY_VERIFY_WITH_TIMEOUT(anyContains(m_desk.messages(), QStringLiteral("it is lost")), patience);
        m_desk.press(Qt::Key_Return, Qt::ControlModifier);
        auto *question = m_desk.find(QStringLiteral("sendQuestion"));
        QVERIFY(question);
        QVERIFY(question->findChild<client::widgets::TextLabel *>()->text().contains(
            QStringLiteral("Sara Lind wrote while you were typing")));
        QVERIFY(!m_server.texts(m_number).contains(QStringLiteral("I will look")));
        QCOMPARE(box()->text(), QStringLiteral("I will look"));
        m_desk.shot(QStringLiteral("send-question"));
        question->findChild<QAbstractButton *>(QStringLiteral("keepEditing"))->click();
        QTRY_VERIFY(!m_desk.find(QStringLiteral("sendQuestion")));
        QCOMPARE(QApplication::focusWidget(), box()->edit());
        m_desk.type(QStringLiteral(" again"));
        m_desk.press(Qt::Key_Return, Qt::ControlModifier); // it was shown: no second question
        QTRY_VERIFY_WITH_TIMEOUT(m_server.texts(m_number).contains(QStringLiteral("I will look again")),
                                 patience);
    }

    void sendAnywaySends()
    {
        openIt();
        m_desk.press(Qt::Key_R);
        m_desk.type(QStringLiteral("Sorry for the delay"));
        QVERIFY(customerWrites(QStringLiteral("Hello?")));
        QTRY_VERIFY_WITH_TIMEOUT(anyContains(m_desk.messages(), QStringLiteral("Hello?")), patience);
        m_desk.press(Qt::Key_Return, Qt::ControlModifier);
        auto *question = m_desk.find(QStringLiteral("sendQuestion"));
        QVERIFY(question);
        question->findChild<QAbstractButton *>(QStringLiteral("sendAnyway"))->click();
        QTRY_VERIFY_WITH_TIMEOUT(m_server.texts(m_number).contains(QStringLiteral("Sorry for the delay")),
                                 patience);
        QVERIFY(problems().empty());
    }

    void whoWritesIsShown()
    {
        openIt();
        QVERIFY(customerWrites(QStringLiteral("And another thing")));
        m_visitor->setTyping(true);
        QTRY_VERIFY_WITH_TIMEOUT(anyContains(m_desk.rows(), QStringLiteral("typing")), patience);
        m_visitor->setTyping(false);
    }

    void aReplyCanBeTakenBackForSomeSeconds()
    {
        set("undo_send_s", 60);
        openIt();
        reply(mine());
        QTRY_VERIFY_WITH_TIMEOUT(anyContains(m_desk.messages(), QStringLiteral("sending")), patience);
        QTRY_VERIFY_WITH_TIMEOUT(m_server.texts(m_number).contains(mine()), patience);
        QTRY_VERIFY_WITH_TIMEOUT(undoable(), patience);
        m_desk.shot(QStringLiteral("sending-undo"));
        QVERIFY(!m_visitor->received().contains(mine()));
        m_desk.press(Qt::Key_Up); // in the empty reply box: the last words come back
        QTRY_COMPARE(box()->text(), mine());
        QTRY_VERIFY(!anyContains(m_desk.messages(), mine()));
        QTRY_VERIFY_WITH_TIMEOUT(!m_server.texts(m_number).contains(mine()), patience);
        set("undo_send_s", 0);
        m_desk.press(Qt::Key_End, Qt::ControlModifier);
        m_desk.type(QStringLiteral(", better"));
        m_desk.press(Qt::Key_Return, Qt::ControlModifier);
        const auto better = mine() + QStringLiteral(", better");
        QTRY_VERIFY_WITH_TIMEOUT(m_visitor->received().contains(better), patience);
        QVERIFY(!m_visitor->received().contains(mine()));
    }

    void withoutUndoItReachesTheCustomerWhenTheTimeIsOver()
    {
        set("undo_send_s", 2);
        openIt();
        reply(mine());
        QTRY_VERIFY_WITH_TIMEOUT(m_visitor->received().contains(mine()), patience);
        QTRY_VERIFY_WITH_TIMEOUT(!undoable(), patience);
    }

    void takingBackAlsoTakesBackTheResolvingThatWentWithIt()
    {
        set("undo_send_s", 60);
        openIt();
        m_desk.press(Qt::Key_R);
        m_desk.type(mine());
        desk().commands().run(QStringLiteral("composer.sendAndResolve"));
        QTRY_VERIFY_WITH_TIMEOUT(status() == domain::ConversationStatus::Resolved, patience);
        QTRY_VERIFY_WITH_TIMEOUT(undoable(), patience);
        desk().commands().run(QStringLiteral("edit.undo"));
        QTRY_COMPARE(box()->text(), mine());
        QTRY_VERIFY_WITH_TIMEOUT(status() == domain::ConversationStatus::Open, patience);
        QTRY_VERIFY_WITH_TIMEOUT(!m_server.texts(m_number).contains(mine()), patience);
        QVERIFY(!m_visitor->received().contains(mine()));
        m_desk.press(Qt::Key_R);
        m_desk.press(Qt::Key_A, Qt::ControlModifier);
        m_desk.press(Qt::Key_Delete);
    }

    void offlineItIsTakenBackBeforeAnybodyKnows()
    {
        goOffline();
        reply(mine());
        QTRY_VERIFY(undoable());
        m_desk.press(Qt::Key_Up);
        QTRY_COMPARE(box()->text(), mine());
        QTRY_COMPARE(stores().session.connection().queued, 0);
        m_desk.press(Qt::Key_A, Qt::ControlModifier);
        m_desk.press(Qt::Key_Delete);
        comeBack();
        QVERIFY(!m_server.texts(m_number).contains(mine()));
    }

    void underWarnTheAuthorIsToldInPlace()
    {
        collision("warn");
        goOffline();
        reply(mine());
        say(hers());
        comeBack();
        openIt();
        QTRY_VERIFY_WITH_TIMEOUT(
            anyContains(m_desk.messages(), QStringLiteral("Sent, although Sara Lind had answered")),
            patience);
        QVERIFY(m_server.texts(m_number).contains(mine()));
        collision("hold");
    }

    void aCorrectionRemembersOverARestartWhatItStandsInFor()
    {
        goOffline();
        reply(mine());
        say(hers());
        comeBack();
        QTRY_COMPARE_WITH_TIMEOUT(problems().size(), std::size_t{1}, patience);
        showPanel();
        press(Action::EditAndSend);
        QTRY_COMPARE(box()->text(), mine());
        m_desk.close();
        QVERIFY(m_desk.open({}));
        openIt();
        QTRY_COMPARE_WITH_TIMEOUT(box()->text(), mine(), patience);
        m_desk.press(Qt::Key_R);
        m_desk.press(Qt::Key_End, Qt::ControlModifier);
        m_desk.type(QStringLiteral(", edited"));
        m_desk.press(Qt::Key_Return, Qt::ControlModifier);
        const auto edited = mine() + QStringLiteral(", edited");
        QTRY_VERIFY_WITH_TIMEOUT(m_server.texts(m_number).contains(edited), patience);
        QTRY_VERIFY_WITH_TIMEOUT(problems().empty(), patience);
    }

private:
    bool undoable()
    {
        auto &timeline = stores().timeline;
        for (int row = 0; row < timeline.rowCount(); ++row)
            if (timeline.entry(row).undoable)
                return true;
        return false;
    }
    void collision(const char *policy)
    {
        m_server.call("PATCH", {}, QByteArrayLiteral("{\"collision\":\"") + policy + "\"}");
    }
};

REGISTER_TEST(SendingTest);
#include "tst_sending.moc"
