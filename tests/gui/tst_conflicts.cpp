#include "client/app/desktop/main_window.h"
#include "client/app/desktop/workbench.h"
#include "client/features/conversations/logic/attention.h"
#include "client/shell/commands/command_table.h"
#include "client/widgets/basic/text_label.h"
#include "client/widgets/composer/composer.h"
#include "client/widgets/composer/composer_edit.h"
#include "client/widgets/theme/theme.h"
#include "tests/gui/gui_desk.h"
#include "tests/gui/real_server.h"
#include "tests/gui/visitor.h"
#include "tests/support/register_test.h"

#include <QAbstractButton>
#include <QApplication>
#include <QClipboard>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QListView>
#include <QTest>

using client::conversations::Problem;
using tests::GuiDesk;
using tests::RealServer;
using tests::Visitor;
using Action = Problem::Action;

namespace {

constexpr int patience = 15'000;
const auto omar = QStringLiteral("omar@example.com");

bool anyContains(const QStringList &texts, const QString &wanted)
{
    return !texts.filter(wanted).isEmpty();
}

} // namespace

/// Every conflict of the protocol's table (sync-protocol 10.1), in the window, against the real server: Omar
/// works without a connection, Sara or the customer do the opposite meanwhile, Omar comes back. The sentence
/// is the promised one, and each button does what it says.
class ConflictsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        tests::theme();
        QVERIFY2(m_server.start(), qPrintable(m_server.why()));
        const auto agent =
            m_server.post(QStringLiteral("/agents"), {{QStringLiteral("name"), QStringLiteral("Omar")},
                                                      {QStringLiteral("email"), omar},
                                                      {QStringLiteral("role"), QStringLiteral("agent")},
                                                      {QStringLiteral("password"), RealServer::password}});
        m_omar = agent.value(QStringLiteral("id")).toInteger();
        QVERIFY2(m_omar > 0, QJsonDocument{agent}.toJson().constData());
        member("POST");
        m_visitor = std::make_unique<Visitor>(m_server.url(), m_server.websiteToken());
        QVERIFY(m_desk.open(m_server.url()));
        QVERIFY(m_desk.signIn(omar, RealServer::password));
    }

    void cleanupTestCase() { m_desk.close(); }

    void init()
    {
        const auto text = QStringLiteral("Question %1").arg(++m_case);
        QVERIFY2(customerWrites(text), qPrintable(m_visitor->why()));
        m_server.post(path(QStringLiteral("/assignments")), {{QStringLiteral("assignee_id"), QJsonValue{}}});
        QTRY_VERIFY_WITH_TIMEOUT(stores().conversations.byNumber(m_number), patience);
        QTRY_VERIFY_WITH_TIMEOUT(view().conversation.status == domain::ConversationStatus::Open &&
                                     !view().conversation.assignee,
                                 patience);
        QTRY_VERIFY_WITH_TIMEOUT(holds(text), patience);
        stale(0);
    }

    void cleanup()
    {
        for (const auto &problem : problems())
            stores().problems.act(problem.mid, problem.can(Action::Discard)   ? Action::Discard
                                               : problem.can(Action::Dismiss) ? Action::Dismiss
                                                                              : Action::Keep);
        QTRY_VERIFY_WITH_TIMEOUT(problems().empty(), patience);
        QTRY_COMPARE_WITH_TIMEOUT(stores().session.connection().queued, 0, patience);
        // A resolved one is not taken up again by the widget: it would begin another.
        m_server.post(path(QStringLiteral("/toggle_status")),
                      {{QStringLiteral("status"), QStringLiteral("open")}});
    }

    void anotherAgentAnsweredFirst_data() { buttonsOfAHeldReply(); }
    void anotherAgentAnsweredFirst()
    {
        stale(1000);
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

    void accessWasLost()
    {
        goOffline();
        reply(QStringLiteral("Words that must not be lost"));
        member("DELETE");
        comeBack();
        QTRY_COMPARE_WITH_TIMEOUT(problems().size(), std::size_t{1}, patience);
        QTRY_VERIFY_WITH_TIMEOUT(!stores().conversations.byNumber(m_number), patience);
        oneProblem(QStringLiteral("You no longer have access to this conversation."),
                   {Action::CopyText, Action::Discard});
        QVERIFY(problems().front().subject.contains(
            QStringLiteral("#%1").arg(m_number))); // though it is gone here
        QCOMPARE(problems().front().content, QStringLiteral("Words that must not be lost"));
        press(Action::CopyText);
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("Words that must not be lost"));
        QCOMPARE(problems().size(), std::size_t{1});
        press(Action::Discard);
        QTRY_VERIFY_WITH_TIMEOUT(problems().empty(), patience);
        member("POST");
        QTRY_VERIFY_WITH_TIMEOUT(stores().conversations.byNumber(m_number), patience);
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

    void oneProblem(const QString &sentence, const std::vector<Action> &actions)
    {
        QTRY_COMPARE_WITH_TIMEOUT(problems().size(), std::size_t{1}, patience);
        showPanel();
        QVERIFY(card());
        QCOMPARE(card()->findChild<client::widgets::TextLabel *>(QStringLiteral("reason"))->text(), sentence);
        QVERIFY(problems().front().actions == actions);
        for (const auto action : actions)
            QVERIFY2(button(action), actionName(action).c_str());
    }

    client::desktop::Workbench &desk() { return *m_desk.desktop().workbench(); }
    client::desktop::DeskStores &stores() { return desk().stores(); }
    const std::vector<Problem> &problems() { return stores().problems.entries(); }
    client::widgets::Composer *box()
    {
        return m_desk.find<client::widgets::Composer>(QStringLiteral("composer"));
    }
    QWidget *card(std::size_t at = 0)
    {
        return m_desk.find(QStringLiteral("problem:") + QString::fromStdString(problems()[at].mid.text()));
    }
    QAbstractButton *button(Action action, std::size_t at = 0)
    {
        return card(at)->findChild<QAbstractButton *>(QString::fromStdString(actionName(action)));
    }
    void press(Action action, std::size_t at = 0) { button(action, at)->click(); }
    void showPanel() { desk().commands().run(QStringLiteral("go.outbox")); }

    void openIt()
    {
        desk().commands().run(QStringLiteral("go.inbox"));
        desk().openConversation(*stores().conversations.byNumber(m_number), false);
        m_desk.find(QStringLiteral("messages"))->setFocus();
    }
    void goOffline()
    {
        QTRY_COMPARE_WITH_TIMEOUT(stores().session.connection().queued, 0, patience);
        m_desk.close();
        QVERIFY(m_desk.open({}, true));
        openIt();
    }
    void comeBack()
    {
        m_desk.close();
        QVERIFY(m_desk.open({}));
        QTRY_VERIFY_WITH_TIMEOUT(
            stores().session.connection().kind == client::sync::ConnectionState::Kind::Live, patience);
        QTRY_COMPARE_WITH_TIMEOUT(stores().session.connection().queued, 0, patience);
    }
    void reply(const QString &text)
    {
        m_desk.press(Qt::Key_R);
        QTRY_COMPARE(QApplication::focusWidget(), box()->edit());
        m_desk.type(text);
        m_desk.press(Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(anyContains(m_desk.messages(), text));
    }

    // Each case has words of its own.
    QString mine() const { return QStringLiteral("Mine, late (%1)").arg(m_case); }
    QString hers() const { return QStringLiteral("Hers, first (%1)").arg(m_case); }
    bool holds(const QString &text)
    {
        const auto all = stores().session.reader().messages(*stores().conversations.byNumber(m_number));
        return std::any_of(all.begin(), all.end(), [&text](const auto &one) {
            return QString::fromStdString(one.message.body) == text;
        });
    }

    // No faster than the server lets a visitor write.
    bool customerWrites(const QString &text)
    {
        if (m_sinceWrite.isValid() && m_sinceWrite.elapsed() < 1200)
            QTest::qWait(1200 - static_cast<int>(m_sinceWrite.elapsed()));
        m_sinceWrite.start();
        return m_visitor->write(text);
    }

    client::storage::ConversationView view()
    {
        return *stores().conversations.find(*stores().conversations.byNumber(m_number));
    }
    domain::ConversationStatus status() { return view().conversation.status; }

    QString path(const QString &tail) const
    {
        return QStringLiteral("/conversations/%1").arg(m_number) + tail;
    }
    void say(const QString &text)
    {
        m_server.post(path(QStringLiteral("/messages")), {{QStringLiteral("content"), text}});
    }
    QJsonObject onServer() { return m_server.get(path({})); }
    qint64 assigneeOnServer()
    {
        const auto meta = onServer().value(QStringLiteral("meta")).toObject();
        return meta.value(QStringLiteral("assignee")).toObject().value(QStringLiteral("id")).toInteger();
    }
    QStringList notes()
    {
        QStringList all;
        const auto answer = m_server.get(path(QStringLiteral("/messages")));
        for (const auto &value : answer.value(QStringLiteral("payload")).toArray())
            if (value.toObject().value(QStringLiteral("private")).toBool())
                all << value.toObject().value(QStringLiteral("content")).toString();
        return all;
    }
    void stale(int minutes)
    {
        m_server.call("PATCH", {},
                      QByteArrayLiteral("{\"stale_after\":") + QByteArray::number(minutes) + '}');
    }
    void member(const char *method)
    {
        const auto inboxes =
            m_server.get(QStringLiteral("/inboxes")).value(QStringLiteral("payload")).toArray();
        const QJsonObject body{
            {QStringLiteral("inbox_id"), inboxes[0].toObject().value(QStringLiteral("id"))},
            {QStringLiteral("user_ids"), QJsonArray{m_omar}}};
        m_server.call(method, QStringLiteral("/inbox_members"),
                      QJsonDocument{body}.toJson(QJsonDocument::Compact));
    }

    RealServer m_server;
    std::unique_ptr<Visitor> m_visitor;
    GuiDesk m_desk;
    QElapsedTimer m_sinceWrite;
    qint64 m_omar = 0;
    qint64 m_sara = 1;
    qint64 m_case = 0;
    qint64 m_number = 1; // one conversation for all: visitors' sessions are limited by the minute
};

REGISTER_TEST(ConflictsTest);
#include "tst_conflicts.moc"
