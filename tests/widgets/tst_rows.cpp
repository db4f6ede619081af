#include "client/widgets/basic/avatar.h"
#include "client/widgets/basic/tab_track.h"
#include "client/widgets/basic/toast.h"
#include "client/widgets/house.h"
#include "client/widgets/list/row_list_view.h"
#include "client/widgets/navigation/sidebar_model.h"
#include "client/widgets/navigation/sidebar_view.h"
#include "tests/support/register_test.h"
#include "tests/widgets/samples.h"

#include <QAbstractButton>
#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QApplication>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace Qt::Literals::StringLiterals;
using namespace client::widgets;

class RowsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<House> m_house;

private Q_SLOTS:
    void initTestCase() { m_house = std::make_unique<House>(*qApp); }
    void cleanupTestCase() { m_house.reset(); }

    void initialsTakeFirstAndLastAndSurviveAnything_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("expected");
        QTest::newRow("two") << u"Mara Lindqvist"_s << u"ML"_s;
        QTest::newRow("three") << u"anna maria berg"_s << u"AB"_s;
        QTest::newRow("one") << u"cher"_s << u"C"_s;
        QTest::newRow("empty") << u""_s << u"?"_s;
        QTest::newRow("spaces") << u"   "_s << u"?"_s;
        QTest::newRow("surrogates") << u"😀 Joy"_s << u"😀J"_s;
        QTest::newRow("combining") << u"e\u0301mile zola"_s << u"E\u0301Z"_s;
        QTest::newRow("punctuation") << u"+46 70 123"_s << u"71"_s;
    }

    void initialsTakeFirstAndLastAndSurviveAnything()
    {
        QFETCH(QString, name);
        QFETCH(QString, expected);
        QCOMPARE(initials(name), expected);
    }

    void tintsAreStableAcrossRuns()
    {
        QCOMPARE(avatarTint(u"Mara Lindqvist"_s), avatarTint(u" Mara Lindqvist "_s));
        QSet<int> used;
        for (int i = 0; i < 200; ++i)
            used.insert(avatarTint(u"person %1"_s.arg(i)));
        QCOMPARE(used.size(), 7);
    }

    void rowsSayEverythingTheyShow()
    {
        SampleRows rows;
        QAbstractItemModelTester tester{&rows};
        const auto text = rows.index(0).data(Qt::AccessibleTextRole).toString();
        QCOMPARE(text,
                 u"Mara Lindqvist, unread 2, Order #4821 arrived damaged, website chat, reply due in 12m, "
                 u"label Refund, Mara is typing…, 2m"_s);
        QVERIFY(rows.index(3).data(Qt::AccessibleTextRole).toString().contains(u"sending failed"_s));
        QVERIFY(rows.index(4).data(Qt::AccessibleTextRole).toString().contains(u"snoozed until tomorrow"_s));
        QVERIFY(rows.index(7).data(Qt::AccessibleTextRole).toString().contains(u"assigned to Priya Raman"_s));
    }

    void theListIsReadableByAssistiveTechnology()
    {
        SampleRows rows;
        RowListView list{u"Conversations"_s};
        list.setModel(&rows);
        list.resize(352, 600);
        list.show();
        auto *tree = QAccessible::queryAccessibleInterface(&list);
        QCOMPARE(tree->text(QAccessible::Name), u"Conversations"_s);
        QCOMPARE(tree->childCount(), rows.rowCount());
        QVERIFY(tree->child(0)->text(QAccessible::Name).startsWith(u"Mara Lindqvist, unread 2"_s));
    }

    void heightsFollowDensityAndScale()
    {
        SampleRows rows;
        RowListView list{u"Conversations"_s};
        list.setModel(&rows);
        list.resize(352, 600);
        list.show();
        QCOMPARE(list.visualRect(rows.index(1)).height(), 88);
        list.setCompact(true);
        QCOMPARE(list.visualRect(rows.index(1)).height(), 56);
        m_house->theme().setTextScale(2);
        QApplication::processEvents();
        list.doItemsLayout();
        QCOMPARE(list.visualRect(rows.index(1)).height(), 112);
        m_house->theme().setTextScale(1);
    }

    void jAndKMoveAndEnterOpens()
    {
        SampleRows rows;
        RowListView list{u"Conversations"_s};
        list.setModel(&rows);
        list.show();
        QSignalSpy opened{&list, &RowListView::opened};
        list.setCurrentIndex(rows.index(0));
        QTest::keyClick(&list, Qt::Key_J);
        QTest::keyClick(&list, Qt::Key_J);
        QTest::keyClick(&list, Qt::Key_K);
        QCOMPARE(list.currentIndex().row(), 1);
        QTest::keyClick(&list, Qt::Key_K);
        QTest::keyClick(&list, Qt::Key_K);
        QCOMPARE(list.currentIndex().row(), 0);
        QTest::keyClick(&list, Qt::Key_Return);
        QCOMPARE(opened.count(), 1);
    }

    void theSidebarKeepsItsPlaceAndReportsChoices()
    {
        SidebarView sidebar{u"Views"_s};
        QAbstractItemModelTester tester{sidebar.model()};
        sidebar.setSections(sampleSections());
        sidebar.resize(236, 700);
        sidebar.show();
        QSignalSpy chosen{&sidebar, &SidebarView::chosen};
        QSignalSpy added{&sidebar, &SidebarView::addRequested};
        sidebar.setCurrent(u"inbox"_s);
        QCOMPARE(chosen.count(), 0);
        QTest::keyClick(&sidebar, Qt::Key_Down);
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen.last().first().toString(), u"mentions"_s);
        const auto index = [&](int row) { return sidebar.model()->index(row, 0); };
        QTest::mouseClick(sidebar.viewport(), Qt::LeftButton, {}, sidebar.visualRect(index(3)).center());
        QCOMPARE(chosen.count(), 2);
        QCOMPARE(chosen.last().first().toString(), u"snoozed"_s);
        // Titles are passed over.
        sidebar.setCurrent(u"sent"_s);
        QTest::keyClick(&sidebar, Qt::Key_Down);
        QCOMPARE(sidebar.current(), u"sla"_s);
        sidebar.setSections(sampleSections());
        QCOMPARE(sidebar.current(), u"sla"_s);
        const auto title = sidebar.visualRect(index(5));
        QTest::mouseClick(sidebar.viewport(), Qt::LeftButton, {}, {title.right() - 20, title.bottom() - 12});
        QCOMPARE(added.count(), 1);
        QCOMPARE(added.first().first().toString(), u"views"_s);
        sidebar.setCount(u"inbox"_s, 99);
        QCOMPARE(index(0).data(Qt::AccessibleTextRole).toString(), u"Inbox, 99"_s);
    }

    void tabsMoveByArrowsAndAreTabsForAssistiveTechnology()
    {
        TabTrack tabs;
        tabs.setTabs({{u"mine"_s, u"Mine"_s, 12}, {u"un"_s, u"Unassigned"_s, 8}, {u"all"_s, u"All"_s}});
        tabs.show();
        QSignalSpy changed{&tabs, &TabTrack::currentChanged};
        QCOMPARE(tabs.current(), u"mine"_s);
        QTest::keyClick(&tabs, Qt::Key_Right);
        QCOMPARE(tabs.current(), u"un"_s);
        QCOMPARE(changed.count(), 1);
        tabs.setCurrent(u"all"_s);
        QCOMPARE(changed.count(), 1);
        auto *tree = QAccessible::queryAccessibleInterface(&tabs);
        QCOMPARE(tree->role(), QAccessible::PageTabList);
        QCOMPARE(tree->childCount(), 3);
        QCOMPARE(tree->child(0)->role(), QAccessible::PageTab);
        QCOMPARE(tree->child(0)->text(QAccessible::Name), u"Mine, 12"_s);
    }

    void toastsExpirePauseAndUndo()
    {
        QWidget window;
        window.resize(800, 600);
        window.show();
        Toast toast{&window};
        QSignalSpy expired{&toast, &Toast::expired};
        QSignalSpy undone{&toast, &Toast::actionTriggered};
        toast.showMessage(u"Resolved"_s, u"Undo"_s, 60'000);
        QVERIFY(toast.isVisible());
        QVERIFY(!toast.hasFocus());
        toast.showMessage(u"Snoozed"_s, u"Undo"_s, 60'000);
        QCOMPARE(expired.count(), 1); // the first is final
        toast.findChild<QAbstractButton *>()->click();
        QCOMPARE(undone.count(), 1);
        QCOMPARE(expired.count(), 1);
        QVERIFY(!toast.isVisible());
        toast.showMessage(u"Short"_s, {}, 1);
        QTRY_COMPARE(expired.count(), 2);
    }
};

REGISTER_TEST(RowsTest);
#include "tst_rows.moc"
