#include "client/shell/commands/command_table.h"
#include "client/widgets/list/row_list_view.h"
#include "tests/gui/gui_desk.h"
#include "tests/support/register_test.h"

#include <QLineEdit>
#include <QMenu>
#include <QTest>
#include <QVBoxLayout>

using client::shell::Command;
using client::shell::CommandTable;
using client::shell::KeyScope;

/// One table feeds keys, menus and the palette.
class CommandsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { tests::theme(); }

    void lettersAreCommandsInAListAndTextInAField()
    {
        QWidget window;
        QVBoxLayout layout{&window};
        client::widgets::RowListView list{QStringLiteral("Rows")};
        QLineEdit field;
        layout.addWidget(&list);
        layout.addWidget(&field);
        CommandTable table{window};
        int ran = 0;
        table.add({.id = QStringLiteral("a"),
                   .title = QStringLiteral("Reply"),
                   .keys = {QStringLiteral("R")},
                   .scope = KeyScope::Panes,
                   .run = [&ran] { ++ran; }});
        window.show();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));

        list.setFocus();
        QTest::keyClick(&list, Qt::Key_R);
        QCOMPARE(ran, 1);
        field.setFocus();
        QTest::keyClick(&field, Qt::Key_R);
        QCOMPARE(ran, 1);
        QCOMPARE(field.text(), QStringLiteral("r"));
    }

    void aSequenceRunsAtItsSecondKey()
    {
        QWidget window;
        CommandTable table{window};
        QString ran;
        for (const auto *key : {"0", "4"})
            table.add({.id = QString::fromLatin1(key),
                       .title = QStringLiteral("Priority"),
                       .keys = {QStringLiteral("P, ") + QString::fromLatin1(key)},
                       .scope = KeyScope::Panes,
                       .run = [&ran, key] { ran += QString::fromLatin1(key); }});
        window.show();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        window.setFocus();
        QTest::keyClick(&window, Qt::Key_P);
        QCOMPARE(ran, QString{});
        QTest::keyClick(&window, Qt::Key_4);
        QCOMPARE(ran, QStringLiteral("4"));
    }

    void whatIsNotAvailableNeitherRunsNorShowsAsPossible()
    {
        QWidget window;
        CommandTable table{window};
        bool possible = false;
        int ran = 0;
        table.add({.id = QStringLiteral("x"),
                   .title = QStringLiteral("Resolve"),
                   .keys = {QStringLiteral("E")},
                   .run = [&ran] { ++ran; },
                   .isAvailable = [&possible] { return possible; }});
        QMenu menu;
        const auto *action = table.addTo(menu, QStringLiteral("x"));
        QVERIFY(!action->isEnabled());
        QVERIFY(action->text().startsWith(QStringLiteral("Resolve\t")));
        QVERIFY(!table.run(QStringLiteral("x")));
        possible = true;
        QVERIFY(table.run(QStringLiteral("x")));
        QCOMPARE(ran, 1);
        QVERIFY(!table.run(QStringLiteral("unknown")));
    }
};

REGISTER_TEST(CommandsTest);
#include "tst_commands.moc"
