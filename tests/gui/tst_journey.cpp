#include "client/app/desktop/main_window.h"
#include "client/app/desktop/workbench.h"
#include "client/features/conversations/ui/conversation_list_view.h"
#include "client/shell/commands/command_table.h"
#include "client/widgets/basic/text_label.h"
#include "client/widgets/composer/composer.h"
#include "client/widgets/composer/composer_edit.h"
#include "tests/gui/gui_desk.h"
#include "tests/gui/real_server.h"
#include "tests/gui/visitor.h"
#include "tests/support/register_test.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QApplication>
#include <QLineEdit>
#include <QListView>
#include <QTest>

using client::sync::ConnectionState;
using tests::GuiDesk;
using tests::RealServer;
using tests::Visitor;

namespace {

constexpr int patience = 40'000;

bool anyContains(const QStringList &texts, const QString &wanted)
{
    return !texts.filter(wanted).isEmpty();
}

} // namespace

/// The main job in the window, by keyboard, against the real server.
class JourneyTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        tests::theme();
        QVERIFY2(m_server.start(), qPrintable(m_server.why()));
        m_visitor = std::make_unique<Visitor>(m_server.url(), m_server.websiteToken());
        QVERIFY2(m_visitor->write(QStringLiteral("Where is my order 4821?")), qPrintable(m_visitor->why()));
    }

    void cleanupTestCase() { m_desk.close(); }

    void wrongPasswordsAreToldAtTheField()
    {
        QVERIFY(m_desk.open(m_server.url()));
        auto *email = m_desk.find<QLineEdit>(QStringLiteral("emailField"));
        QVERIFY(email);
        email->setText(RealServer::email);
        auto *password = m_desk.find<QLineEdit>(QStringLiteral("passwordField"));
        password->setFocus();
        m_desk.type(QStringLiteral("wrong"));
        m_desk.press(Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(m_desk.find(QStringLiteral("signInError")), patience);
        QVERIFY(!m_desk.find(QStringLiteral("signInError"))->accessibleName().isEmpty());
        password->clear();
        email->clear();
    }

    void aVisitorsMessageIsAnsweredByKeyboard()
    {
        QVERIFY(m_desk.signIn());
        QTRY_VERIFY_WITH_TIMEOUT(anyContains(m_desk.rows(), QStringLiteral("Where is my order 4821?")),
                                 patience);
        auto *list = m_desk.find<QListView>(QStringLiteral("conversationList"));
        QCOMPARE(list->accessibleName(), QStringLiteral("Conversations"));
        QCOMPARE(QApplication::focusWidget(), list);
        QVERIFY(!desk().list().open()); // the focus alone opens nothing
        m_desk.press(Qt::Key_Home);
        m_desk.press(Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(anyContains(m_desk.messages(), QStringLiteral("Where is my order 4821?")),
                                 patience);

        m_desk.press(Qt::Key_R);
        QTRY_COMPARE(QApplication::focusWidget(), box()->edit());
        QCOMPARE(box()->edit()->accessibleName(), QStringLiteral("Reply"));
        m_desk.type(QStringLiteral("It left the warehouse this morning."));
        m_desk.press(Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY_WITH_TIMEOUT(
            m_visitor->received().contains(QStringLiteral("It left the warehouse this morning.")), patience);
        QTRY_VERIFY(box()->text().isEmpty());
        QTRY_VERIFY(anyContains(m_desk.messages(), QStringLiteral("It left the warehouse")));
        QVERIFY(list->selectionModel()->isSelected(list->model()->index(0, 0)));
    }

    void whatIsOnScreenIsMarkedAsRead()
    {
        QVERIFY(m_visitor->write(QStringLiteral("One more question.")));
        QTRY_VERIFY_WITH_TIMEOUT(anyContains(m_desk.messages(), QStringLiteral("One more question.")),
                                 patience);
        QTRY_COMPARE_WITH_TIMEOUT(desk().stores().conversations.unreadCount(), 0, patience);
    }

    void typingShows()
    {
        m_visitor->setTyping(true);
        QTRY_VERIFY_WITH_TIMEOUT(anyContains(m_desk.rows(), QStringLiteral("typing")), patience);
        m_visitor->setTyping(false);
    }

    void keysChangeTheConversationAndUndoPutsItBack()
    {
        const auto id = desk().list().open();
        QVERIFY(id);
        const auto now = [&] { return desk().stores().conversations.find(*id)->conversation; };
        m_desk.press(Qt::Key_Escape);
        m_desk.press(Qt::Key_A, Qt::ShiftModifier);
        QTRY_VERIFY(now().assignee == desk().stores().users.me());
        m_desk.press(Qt::Key_P);
        m_desk.press(Qt::Key_4);
        QTRY_COMPARE(now().priority, domain::Priority::Urgent);
        m_desk.press(Qt::Key_Z, Qt::ControlModifier);
        QTRY_COMPARE(now().priority, domain::Priority::None);
        m_desk.press(Qt::Key_E);
        QTRY_COMPARE(now().status, domain::ConversationStatus::Resolved);
        m_desk.press(Qt::Key_E, Qt::ShiftModifier);
        QTRY_COMPARE(now().status, domain::ConversationStatus::Open);
        QTRY_COMPARE_WITH_TIMEOUT(desk().stores().session.connection().queued, 0, patience);
    }

    void withoutAServerWorkGoesOnAndIsSentOnce()
    {
        m_server.kill();
        QTRY_COMPARE_WITH_TIMEOUT(desk().stores().session.connection().kind, ConnectionState::Kind::Offline,
                                  patience);
        m_desk.press(Qt::Key_R);
        m_desk.type(QStringLiteral("Written while the line is down."));
        m_desk.press(Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(anyContains(m_desk.messages(), QStringLiteral("Written while the line is down.")));
        QTRY_VERIFY(desk().stores().connection.state().queued > 0);
        QTRY_VERIFY(anyContains(stripTexts(), QStringLiteral("Offline")));
        m_desk.shot(QStringLiteral("journey-offline"));

        QVERIFY(m_server.restart());
        desk().stores().session.wake();
        QTRY_COMPARE_WITH_TIMEOUT(desk().stores().session.connection().queued, 0, patience);
        QTRY_COMPARE_WITH_TIMEOUT(m_server.texts(1).filter(QStringLiteral("line is down")).size(), 1,
                                  patience);
    }

    void draftsAndScreensSurviveARestartWithoutAServer()
    {
        m_desk.press(Qt::Key_Escape);
        m_desk.press(Qt::Key_N);
        QTRY_COMPARE(box()->edit()->accessibleName(), QStringLiteral("Private note"));
        m_desk.type(QStringLiteral("Ask the depot"));
        m_desk.close();
        m_server.kill();

        QVERIFY(m_desk.open({}));
        QVERIFY(m_desk.desktop().workbench());
        QVERIFY(anyContains(m_desk.rows(), QStringLiteral("#1")));
        QTRY_VERIFY(anyContains(m_desk.messages(), QStringLiteral("Written while the line is down.")));
        QTRY_COMPARE(box()->text(client::widgets::ComposerMode::Note), QStringLiteral("Ask the depot"));
        QTRY_VERIFY_WITH_TIMEOUT(anyContains(stripTexts(), QStringLiteral("Offline")), patience);
    }

    void assistiveTechnologyFocusesTheListAndChoosesARow()
    {
        auto *list = m_desk.find<QListView>(QStringLiteral("conversationList"));
        m_desk.find(QStringLiteral("jumpButton"))->setFocus();
        auto *interface = QAccessible::queryAccessibleInterface(list);
        QVERIFY(interface);
        QCOMPARE(interface->role(), QAccessible::List);
        QVERIFY(interface->actionInterface());
        interface->actionInterface()->doAction(QAccessibleActionInterface::setFocusAction());
        QVERIFY(list->hasFocus());
        auto *row = interface->child(0);
        QVERIFY(row);
        QCOMPARE(row->role(), QAccessible::ListItem);
        QCOMPARE(interface->indexOfChild(row), 0);
        QVERIFY(list->viewport()->rect().contains(list->viewport()->mapFromGlobal(row->rect().center())));
        row->actionInterface()->doAction(QAccessibleActionInterface::pressAction());
        QVERIFY(row->state().selected);
        QVERIFY(row->state().focused);
    }

    void everyPaneIsReachedByKeyboard()
    {
        QSet<QString> seen;
        m_desk.find(QStringLiteral("conversationList"))->setFocus();
        for (int i = 0; i < 8; ++i) {
            for (auto *at = QApplication::focusWidget(); at; at = at->parentWidget())
                if (!at->objectName().isEmpty())
                    seen << at->objectName();
            m_desk.press(Qt::Key_F6);
        }
        for (const auto &pane : {QStringLiteral("sidebar"), QStringLiteral("listPane"),
                                 QStringLiteral("threadPane"), QStringLiteral("contactPane")})
            QVERIFY2(seen.contains(pane), qPrintable(pane));
    }

    void everyCommandHasATitleAndItsKeysAreItsOwn()
    {
        QSet<QString> keys;
        for (const auto &command : desk().commands().all()) {
            QVERIFY2(!command.title.isEmpty() && !command.group.isEmpty(), qPrintable(command.id));
            for (const auto &key : command.keys) {
                QVERIFY2(!keys.contains(key), qPrintable(command.id + key));
                keys << key;
            }
        }
        for (const auto *wanted : {"J", "K", "R", "N", "E", "Shift+E", "S", "A", "Shift+A", "P, 0", "P, 4",
                                   "Ctrl+K", "Ctrl+B", "Ctrl+\\", "F6", "[", "]", "?"})
            QVERIFY2(keys.contains(QString::fromLatin1(wanted)), wanted);
    }

    void signingOutShowsTheFirstPageAndForgetsTheSignIn()
    {
        desk().commands().run(QStringLiteral("window.signOut"));
        QTRY_VERIFY(m_desk.find(QStringLiteral("signOutSheet")));
        const auto *focused = qobject_cast<QAbstractButton *>(QApplication::focusWidget());
        QVERIFY(focused);
        QCOMPARE(focused->text(), QStringLiteral("Sign out"));
        m_desk.press(Qt::Key_Space);
        QTRY_VERIFY(!m_desk.desktop().workbench());
        QTRY_VERIFY(m_desk.find(QStringLiteral("signInPage")));
        auto *email = m_desk.find<QLineEdit>(QStringLiteral("emailField"));
        QVERIFY(email);
        QCOMPARE(email->text(), RealServer::email); // remembered
        QCOMPARE(QApplication::focusWidget()->objectName(), QStringLiteral("passwordField"));
    }

private:
    client::desktop::Workbench &desk() { return *m_desk.desktop().workbench(); }
    client::widgets::Composer *box()
    {
        return m_desk.find<client::widgets::Composer>(QStringLiteral("composer"));
    }
    QStringList stripTexts()
    {
        QStringList texts;
        for (const auto *label : box()->findChildren<client::widgets::TextLabel *>())
            if (label->isVisible())
                texts << label->text();
        return texts;
    }

    RealServer m_server;
    std::unique_ptr<Visitor> m_visitor;
    GuiDesk m_desk;
};

REGISTER_TEST(JourneyTest);
#include "tst_journey.moc"
