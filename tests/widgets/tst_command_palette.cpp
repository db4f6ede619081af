#include "client/widgets/house.h"
#include "client/widgets/palette/command_palette.h"
#include "client/widgets/palette/palette_model.h"
#include "tests/support/register_test.h"
#include "tests/widgets/samples.h"

#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QApplication>
#include <QLineEdit>
#include <QListView>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace Qt::Literals::StringLiterals;
using namespace client::widgets;

namespace {

struct Desk {
    QWidget window;
    QLineEdit before{&window};
    SampleCommands commands;
    CommandPalette palette{&window};

    Desk()
    {
        window.resize(1000, 700);
        window.show();
        QApplication::setActiveWindow(&window);
        before.setFocus();
    }

    QLineEdit *field() const { return palette.findChild<QLineEdit *>(); }
    QString current() const { return palette.findChild<QListView *>()->currentIndex().data().toString(); }
    void key(int key, Qt::KeyboardModifiers modifiers = {}) const
    {
        QTest::keyClick(field(), static_cast<Qt::Key>(key), modifiers);
    }
};

class People : public PaletteSource {
public:
    std::vector<PaletteEntry> entries(QChar, const QString &) const override
    {
        return {{.id = u"priya"_s, .group = u"People"_s, .title = u"Priya Raman"_s}};
    }
};

} // namespace

class CommandPaletteTest : public QObject {
    Q_OBJECT

    std::unique_ptr<House> m_house;

private Q_SLOTS:
    void initTestCase() { m_house = std::make_unique<House>(*qApp); }
    void cleanupTestCase() { m_house.reset(); }

    void scoresPreferStartsAndRuns()
    {
        QCOMPARE(fuzzyScore(u"xyz"_s, u"Assign to me"_s), 0.0);
        QVERIFY(fuzzyScore(u"asme"_s, u"Assign to me"_s) > 0);
        QVERIFY(fuzzyScore(u"assign"_s, u"Assign to me"_s) > fuzzyScore(u"assign"_s, u"Reassign later"_s));
        QVERIFY(fuzzyScore(u"assign"_s, u"Unassign"_s) > 0);
        QVERIFY(fuzzyScore(u"lea"_s, u"Léa Fontaine"_s) > 0);
        QVERIFY(fuzzyScore(u"me assign"_s, u"Assign to me"_s) > 0);
        QVERIFY(fuzzyScore(u""_s, u"anything"_s) > 0);
        QCOMPARE(fuzzyScore(u"a"_s, u""_s), 0.0);
    }

    void recencyLiftsEqualMatches()
    {
        PaletteModel model;
        QAbstractItemModelTester tester{&model};
        model.show(
            {{.id = u"1"_s, .title = u"Label one"_s}, {.id = u"2"_s, .title = u"Label two"_s, .recency = 1}},
            u"label"_s);
        QCOMPARE(model.entry(model.index(0))->id, u"2"_s);
    }

    void groupsAreTitlesThatCannotBeChosen()
    {
        PaletteModel model;
        QAbstractItemModelTester tester{&model};
        model.show(SampleCommands{}.entries({}, {}), u"assign"_s);
        QVERIFY(!model.entry(model.index(0)));
        QVERIFY(!(model.flags(model.index(0)) & Qt::ItemIsSelectable));
        QCOMPARE(model.data(model.index(1), Qt::AccessibleTextRole).toString().section(u',', 0, 0),
                 u"Assign to…"_s);
    }

    void theKeyboardDoesEverything()
    {
        Desk desk;
        QSignalSpy activated{&desk.palette, &CommandPalette::activated};
        QSignalSpy dismissed{&desk.palette, &CommandPalette::dismissed};
        desk.palette.open(desk.commands);
        QVERIFY(desk.field()->hasFocus());
        QTest::keyClicks(desk.field(), u"assign"_s);
        const auto first = desk.current();
        QCOMPARE(first, u"Assign to…"_s);
        desk.key(Qt::Key_Down);
        QVERIFY(desk.current() != first);
        desk.key(Qt::Key_Up);
        QCOMPARE(desk.current(), first);
        desk.key(Qt::Key_Up); // the title above is not a stop
        QCOMPARE(desk.current(), first);
        desk.key(Qt::Key_N, Qt::ControlModifier);
        desk.key(Qt::Key_Return);
        QCOMPARE(activated.count(), 1);
        QCOMPARE(dismissed.count(), 1);
        QVERIFY(desk.before.hasFocus());
    }

    void walkingDownCrossesGroups()
    {
        Desk desk;
        desk.palette.open(desk.commands, {}, u"assign"_s);
        QStringList seen{desk.current()};
        for (int i = 0; i < 20; ++i) {
            desk.key(Qt::Key_Down);
            if (desk.current() != seen.last())
                seen << desk.current();
        }
        QVERIFY(seen.contains(u"Assignment hand-over"_s));
        QVERIFY(seen.contains(u"Assignment deadline question"_s));
    }

    void prefixesGoToTheSource()
    {
        Desk desk;
        desk.palette.open(desk.commands);
        QTest::keyClicks(desk.field(), u"> res"_s);
        QCOMPARE(desk.commands.lastPrefix, QChar{u'>'});
        QCOMPARE(desk.commands.lastQuery, u"res"_s);
        QCOMPARE(desk.current(), u"Resolve and next"_s);
    }

    void tabDrillsInAndBackspaceReturns()
    {
        Desk desk;
        const People people;
        connect(&desk.palette, &CommandPalette::drilled, this,
                [&](const QString &id) { desk.palette.drillInto(people, id); });
        desk.palette.open(desk.commands, {}, u"assign"_s);
        desk.key(Qt::Key_Tab);
        QCOMPARE(desk.current(), u"Priya Raman"_s);
        QVERIFY(desk.field()->text().isEmpty());
        desk.key(Qt::Key_Backspace);
        QCOMPARE(desk.field()->text(), u"assign"_s);
        QCOMPARE(desk.current(), u"Assign to…"_s);
    }

    void escapeAndTheScrimClose()
    {
        Desk desk;
        desk.palette.open(desk.commands);
        desk.key(Qt::Key_Escape);
        QVERIFY(!desk.palette.isOpen());
        desk.palette.open(desk.commands);
        QTest::mouseClick(&desk.palette, Qt::LeftButton, {}, {5, 5});
        QVERIFY(!desk.palette.isOpen());
    }

    void aClickRuns()
    {
        Desk desk;
        QSignalSpy activated{&desk.palette, &CommandPalette::activated};
        desk.palette.open(desk.commands, {}, u"resolve"_s);
        auto *list = desk.palette.findChild<QListView *>();
        const auto index = list->currentIndex();
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(index).center());
        QCOMPARE(activated.count(), 1);
        QCOMPARE(activated.first().first().toString(), u"resolve"_s);
    }

    void noMatchShowsNothingAndDoesNothing()
    {
        Desk desk;
        QSignalSpy activated{&desk.palette, &CommandPalette::activated};
        desk.palette.open(desk.commands, {}, u"qqqq"_s);
        desk.key(Qt::Key_Down);
        desk.key(Qt::Key_Return);
        QCOMPARE(activated.count(), 0);
        QVERIFY(desk.palette.isOpen());
    }
};

REGISTER_TEST(CommandPaletteTest);
#include "tst_command_palette.moc"
