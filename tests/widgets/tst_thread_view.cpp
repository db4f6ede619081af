#include "client/widgets/house.h"
#include "client/widgets/thread/jump_pill.h"
#include "client/widgets/thread/link_finder.h"
#include "client/widgets/thread/thread_layout.h"
#include "client/widgets/thread/thread_view.h"
#include "tests/support/register_test.h"
#include "tests/widgets/samples.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QMenu>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace Qt::Literals::StringLiterals;
using namespace client::widgets;

namespace {

ThreadItem message(const QString &id, ThreadItemKind kind, const QString &text)
{
    return {.id = id,
            .kind = kind,
            .author = kind == ThreadItemKind::Incoming ? u"Mara"_s : u"You"_s,
            .text = text,
            .time = u"10:36"_s};
}

// One thread view over a vector, on screen.
struct Desk {
    ThreadItems items;
    ThreadView view;

    explicit Desk(std::vector<ThreadItem> initial, QSize size = {600, 500})
    {
        items.setItems(std::move(initial));
        view.resize(size);
        view.setModel(&items);
        view.show();
        QApplication::processEvents();
    }

    const MessageBox &box(int index) const { return *view.layoutState().box(index); }

    // Where a character is, in viewport coordinates.
    QPoint at(int item, int offset) const
    {
        const auto &laid = box(item);
        const auto line = laid.layout->lineForTextPosition(offset);
        return view.itemRect(item).topLeft() + laid.textAt +
               QPoint{qRound(line.cursorToX(offset)), qRound(line.y() + line.height() / 2)};
    }

    void dragSelect(const QPoint &from, const QPoint &to)
    {
        QTest::mousePress(view.viewport(), Qt::LeftButton, {}, from);
        QMouseEvent move{QEvent::MouseMove, to, view.viewport()->mapToGlobal(to), Qt::LeftButton,
                         Qt::LeftButton,    {}};
        QApplication::sendEvent(view.viewport(), &move);
        QTest::mouseRelease(view.viewport(), Qt::LeftButton, {}, to);
    }
};

} // namespace

class ThreadViewTest : public QObject {
    Q_OBJECT

    std::unique_ptr<House> m_house;

private Q_SLOTS:
    void initTestCase() { m_house = std::make_unique<House>(*qApp); }
    void cleanupTestCase() { m_house.reset(); }

    void aLongThreadLaysOutNoMoreThanAShortOne()
    {
        const Desk small{longThread(30)};
        const Desk large{longThread(1000)};
        const auto few = small.view.layoutState().layoutsDone();
        const auto many = large.view.layoutState().layoutsDone();
        QVERIFY(few > 0);
        QVERIFY2(many <= few + 5, qPrintable(u"%1 layouts for 30, %2 for 1000"_s.arg(few).arg(many)));
    }

    void appendingLaysOutTheSameHoweverLongTheThread()
    {
        for (const int count : {30, 1000}) {
            Desk desk{longThread(count)};
            const auto before = desk.view.layoutState().layoutsDone();
            for (int i = 0; i < 20; ++i)
                desk.items.append(message(u"x%1"_s.arg(i), ThreadItemKind::Incoming, u"one more"_s));
            const auto done = desk.view.layoutState().layoutsDone() - before;
            // The new one, and the one above it, whose time may move.
            QVERIFY2(done <= 40, qPrintable(u"%1 layouts at %2"_s.arg(done).arg(count)));
        }
    }

    void farBoxesAreFreed()
    {
        Desk desk{longThread(1000)};
        auto *bar = desk.view.verticalScrollBar();
        for (int value = bar->maximum(); value > 0; value -= 900)
            bar->setValue(value);
        QVERIFY(desk.view.layoutState().boxesKept() < 200);
    }

    void opensAtTheEndAndStaysThere()
    {
        Desk desk{longThread(200)};
        auto *bar = desk.view.verticalScrollBar();
        QCOMPARE(bar->value(), bar->maximum());
        QVERIFY(desk.view.isAtEnd());
        desk.items.append(message(u"x"_s, ThreadItemKind::Incoming, u"new"_s));
        QCOMPARE(bar->value(), bar->maximum());
        desk.view.resize(400, 380);
        QCOMPARE(bar->value(), bar->maximum());
    }

    void opensAtTheNewLine()
    {
        auto items = longThread(200);
        items.insert(items.begin() + 150, ThreadItem{.id = u"new"_s, .kind = ThreadItemKind::NewLine});
        const Desk desk{std::move(items)};
        const auto line = desk.view.itemRect(150);
        QVERIFY(desk.view.viewport()->rect().contains(line));
        QVERIFY(line.top() < desk.view.viewport()->height() / 2);
    }

    void olderMessagesDoNotMoveWhatIsRead()
    {
        Desk desk{longThread(100)};
        auto *bar = desk.view.verticalScrollBar();
        bar->setValue(bar->maximum() / 2);
        QVERIFY(!desk.view.isAtEnd());
        int watched = 0;
        while (desk.view.itemRect(watched).bottom() < desk.view.viewport()->height() / 2)
            ++watched;
        const auto before = desk.view.itemRect(watched);
        auto older = longThread(50);
        for (auto &item : older)
            item.id.prepend(u"old"_s);
        desk.items.insert(0, std::move(older));
        QCOMPARE(desk.view.itemRect(watched + 50), before);
        desk.items.append(message(u"x"_s, ThreadItemKind::Incoming, u"new"_s));
        QCOMPARE(desk.view.itemRect(watched + 50), before);
    }

    void correctedHeightsKeepTheBottomEdge()
    {
        Desk desk{longThread(400)};
        auto *bar = desk.view.verticalScrollBar();
        // A jump into the unknown, then small steps up: what is at the bottom edge only moves by the step.
        bar->setValue(bar->maximum() / 3);
        for (int step = 0; step < 40; ++step) {
            int last = 0;
            while (desk.view.itemRect(last + 1).top() < desk.view.viewport()->height())
                ++last;
            const int before = desk.view.itemRect(last).bottom();
            const int value = bar->value();
            bar->setValue(value - 40);
            QCOMPARE(desk.view.itemRect(last).bottom(), before + 40);
        }
    }

    void newMessagesAwayFromTheEndShowOnThePill()
    {
        Desk desk{longThread(100)};
        auto *bar = desk.view.verticalScrollBar();
        bar->setValue(0);
        desk.items.append(message(u"x"_s, ThreadItemKind::Incoming, u"new"_s));
        desk.items.append(message(u"y"_s, ThreadItemKind::Incoming, u"newer"_s));
        auto *pill = desk.view.findChild<JumpPill *>();
        QVERIFY(pill && pill->isVisible());
        QVERIFY(pill->accessibleName().contains(u'2'));
        pill->click();
        QVERIFY(desk.view.isAtEnd());
        QVERIFY(!pill->isVisible());
    }

    void mouseSelectsAcrossMessages()
    {
        Desk desk{{message(u"a"_s, ThreadItemKind::Incoming, u"first message"_s),
                   message(u"b"_s, ThreadItemKind::Outgoing, u"second message"_s)}};
        desk.dragSelect(desk.at(0, 6), desk.at(1, 6));
        QCOMPARE(desk.view.selectedText(), u"Mara, 10:36\nmessage\n\nYou, 10:36\nsecond"_s);
        desk.dragSelect(desk.at(0, 0), desk.at(0, 5));
        QCOMPARE(desk.view.selectedText(), u"first"_s);
        desk.view.copy();
        QCOMPARE(QGuiApplication::clipboard()->text(), u"first"_s);
    }

    void doubleClickSelectsAWord()
    {
        Desk desk{{message(u"a"_s, ThreadItemKind::Incoming, u"first message here"_s)}};
        QTest::mouseDClick(desk.view.viewport(), Qt::LeftButton, {}, desk.at(0, 8));
        QCOMPARE(desk.view.selectedText(), u"message"_s);
    }

    void keysSelectAndCopy()
    {
        Desk desk{{message(u"a"_s, ThreadItemKind::Incoming, u"one two"_s),
                   message(u"b"_s, ThreadItemKind::Outgoing, u"three"_s)}};
        QTest::keyClick(&desk.view, Qt::Key_Up, Qt::AltModifier);
        QCOMPARE(desk.view.currentItem(), 1);
        QTest::keyClick(&desk.view, Qt::Key_Up, Qt::AltModifier);
        QCOMPARE(desk.view.currentItem(), 0);
        for (int i = 0; i < 3; ++i)
            QTest::keyClick(&desk.view, Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(desk.view.selectedText(), u"one"_s);
        QTest::keyClick(&desk.view, Qt::Key_End, Qt::ShiftModifier | Qt::ControlModifier);
        QCOMPARE(desk.view.selectedText(), u"Mara, 10:36\none two\n\nYou, 10:36\nthree"_s);
        QTest::keySequence(&desk.view, QKeySequence::Copy);
        QVERIFY(QGuiApplication::clipboard()->text().endsWith(u"three"_s));
        QTest::keyClick(&desk.view, Qt::Key_Escape);
        QVERIFY(desk.view.selectedText().isEmpty());
        QTest::keySequence(&desk.view, QKeySequence::SelectAll);
        QVERIFY(desk.view.selectedText().contains(u"one two"_s));
    }

    void onlyWebAndMailAddressesAreLinks_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("urls");
        QTest::newRow("https") << u"see https://a.example/b?c=d#e."_s
                               << QStringList{u"https://a.example/b?c=d#e"_s};
        QTest::newRow("brackets") << u"(http://a.example/x_(y))"_s
                                  << QStringList{u"http://a.example/x_(y)"_s};
        QTest::newRow("mail") << u"mailto:a@b.example, thanks"_s << QStringList{u"mailto:a@b.example"_s};
        QTest::newRow("two") << u"http://a.example\nHTTPS://b.example"_s
                             << QStringList{u"http://a.example"_s, u"https://b.example"_s};
        QTest::newRow("script") << u"javascript:alert(1) file:///etc/passwd ftp://x.example"_s
                                << QStringList{};
        QTest::newRow("hidden in a word") << u"xhttps://a.example"_s << QStringList{};
        QTest::newRow("no host") << u"https:// and http://"_s << QStringList{};
        QTest::newRow("direction override ends it")
            << u"https://a.example/\u202Efdp.exe"_s << QStringList{u"https://a.example/"_s};
    }

    void onlyWebAndMailAddressesAreLinks()
    {
        QFETCH(QString, text);
        QFETCH(QStringList, urls);
        QStringList found;
        for (const auto &link : findLinks(text))
            found << link.url.toString();
        QCOMPARE(found, urls);
    }

    void aClickOnALinkReportsIt()
    {
        const auto text = u"please see https://a.example/x now"_s;
        Desk desk{{message(u"a"_s, ThreadItemKind::Incoming, text)}};
        QSignalSpy spy{&desk.view, &ThreadView::linkActivated};
        QTest::mouseClick(desk.view.viewport(), Qt::LeftButton, {}, desk.at(0, 3));
        QCOMPARE(spy.count(), 0);
        QTest::mouseClick(desk.view.viewport(), Qt::LeftButton, {},
                          desk.at(0, static_cast<int>(text.indexOf(u"a.ex"))));
        QCOMPARE(spy.count(), 1);
        QCOMPARE(spy.first().first().toUrl(), QUrl{u"https://a.example/x"_s});
    }

    void attachmentsAndRetryAreClickable()
    {
        auto failed = message(u"a"_s, ThreadItemKind::Outgoing, u"text"_s);
        failed.state = SendState::Failed;
        failed.attachments = {{u"f"_s, u"a.pdf"_s, u"1 KB"_s, u"application/pdf"_s}};
        Desk desk{{failed}};
        QSignalSpy opened{&desk.view, &ThreadView::attachmentOpened};
        QSignalSpy saved{&desk.view, &ThreadView::attachmentSaved};
        QSignalSpy retried{&desk.view, &ThreadView::actionRequested};
        const auto origin = desk.view.itemRect(0).topLeft();
        const auto click = [&](const QRect &rect) {
            QTest::mouseClick(desk.view.viewport(), Qt::LeftButton, {}, origin + rect.center());
        };
        click(desk.box(0).attachments[0].save);
        click(desk.box(0).attachments[0].card.adjusted(0, 0, -60, 0));
        click(desk.box(0).action);
        QCOMPARE(saved.count(), 1);
        QCOMPARE(opened.count(), 1);
        QCOMPARE(opened.first(), (QVariantList{u"a"_s, u"f"_s}));
        QCOMPARE(retried.count(), 1);
        desk.view.setCurrentItem(0);
        QTest::keyClick(&desk.view, Qt::Key_Return);
        QCOMPARE(retried.count(), 2);
    }

    void theContextMenuIsOfferedToTheScreen()
    {
        Desk desk{{message(u"a"_s, ThreadItemKind::Incoming, u"hello"_s)}};
        QStringList offered;
        connect(&desk.view, &ThreadView::contextMenuAboutToShow, this, [&](QMenu *menu, const QString &id) {
            for (const auto *action : menu->actions())
                offered << action->text();
            offered << id;
            menu->clear();
        });
        const auto point = desk.at(0, 2);
        QContextMenuEvent event{QContextMenuEvent::Mouse, point, desk.view.viewport()->mapToGlobal(point)};
        QApplication::sendEvent(desk.view.viewport(), &event);
        QCOMPARE(offered, (QStringList{u"Copy message"_s, u"a"_s}));
    }

    void rightToLeftTextStandsAtTheRightOfItsBubble()
    {
        Desk desk{{message(u"a"_s, ThreadItemKind::Incoming, u"שלום\nמה שלומך היום חבר יקר"_s)}};
        const auto &box = desk.box(0);
        const auto first = box.layout->lineAt(0).naturalTextRect();
        const auto inner = box.bubble.width() - 28;
        QVERIFY(qAbs(first.right() - inner) <= 2);
        QVERIFY(first.left() > inner / 3.0);
    }

    void rightToLeftLayoutMirrorsBubbles()
    {
        Desk desk{{message(u"a"_s, ThreadItemKind::Incoming, u"hello"_s),
                   message(u"b"_s, ThreadItemKind::Outgoing, u"hello"_s)}};
        const auto incoming = desk.box(0).bubble;
        desk.view.setLayoutDirection(Qt::RightToLeft);
        QApplication::processEvents();
        const int width = desk.view.viewport()->width();
        QCOMPARE(desk.box(0).bubble.right(), width - 1 - incoming.left());
        QVERIFY(desk.box(1).bubble.left() < width / 4);
        desk.dragSelect(desk.at(1, 0), desk.at(1, 4));
        QCOMPARE(desk.view.selectedText(), u"hell"_s);
    }

    void bubblesAreNoWiderThanTheDesignAllows()
    {
        Desk narrow{{message(u"a"_s, ThreadItemKind::Incoming, QString{u"word "_s}.repeated(80))},
                    {500, 400}};
        QVERIFY(narrow.box(0).bubble.width() <= 350);
        Desk wide{{message(u"a"_s, ThreadItemKind::Incoming, QString{u"word "_s}.repeated(80))}, {1400, 400}};
        QVERIFY(wide.box(0).bubble.width() <= 520);
    }

    void assistiveTechnologySeesOneChildAMessage()
    {
        auto read = message(u"a"_s, ThreadItemKind::Outgoing, u"I'm so sorry"_s);
        read.state = SendState::Read;
        Desk desk{{read, message(u"b"_s, ThreadItemKind::Incoming, u"thanks"_s)}};
        auto *list = QAccessible::queryAccessibleInterface(&desk.view);
        QVERIFY(list);
        QCOMPARE(list->role(), QAccessible::List);
        auto *first = list->child(0);
        QCOMPARE(first->role(), QAccessible::ListItem);
        QCOMPARE(first->text(QAccessible::Name), u"You, 10:36, read: I'm so sorry"_s);
        QCOMPARE(list->indexOfChild(first), 0);
        QCOMPARE(first->parent(), list);
        const auto centre = first->rect().center();
        QCOMPARE(list->childAt(centre.x(), centre.y()), first);

        // The child follows its message, not its place.
        desk.items.insert(0, {message(u"0"_s, ThreadItemKind::Incoming, u"older"_s)});
        QCOMPARE(list->indexOfChild(first), 1);
        QCOMPARE(list->child(1), first);
        desk.items.remove(1);
        QVERIFY(!first->isValid());
        QCOMPARE(list->child(0)->text(QAccessible::Name), u"Mara, 10:36: older"_s);
        QVERIFY(list->childCount() >= 2);
    }

    void changesOfOneMessageShow()
    {
        auto item = message(u"a"_s, ThreadItemKind::Outgoing, u"text"_s);
        item.state = SendState::Sending;
        Desk desk{{item}};
        QCOMPARE(desk.box(0).item.state, SendState::Sending);
        item.state = SendState::Delivered;
        desk.items.replace(0, item);
        QCOMPARE(desk.box(0).item.state, SendState::Delivered);
    }

    void selectionFollowsItsMessages()
    {
        Desk desk{longThread(20)};
        const int last = 19;
        desk.dragSelect(desk.at(last, 0), desk.at(last, 5));
        const auto selected = desk.view.selectedText();
        QVERIFY(!selected.isEmpty());
        desk.items.insert(0, {message(u"old"_s, ThreadItemKind::Incoming, u"older"_s)});
        QCOMPARE(desk.view.selectedText(), selected);
        desk.items.remove(20);
        QVERIFY(desk.view.selectedText().isEmpty());
    }

    void hostileTextStaysText()
    {
        const auto text = u"<b>bold</b> \u0007\u0000 <img src=x>"_s;
        Desk desk{{message(u"a"_s, ThreadItemKind::Incoming, text),
                   message(u"b"_s, ThreadItemKind::Incoming, QString{u"a"_s}.repeated(300'000))}};
        desk.view.verticalScrollBar()->setValue(0);
        QVERIFY(desk.box(0).text.contains(u"<b>bold</b>"_s));
        QVERIFY(!desk.box(0).text.contains(QChar{7}));
        desk.view.verticalScrollBar()->setValue(desk.view.verticalScrollBar()->maximum());
        QVERIFY(desk.box(1).text.size() <= 100'000);
    }

    void olderMessagesAreAskedForOncePerPage()
    {
        Desk desk{longThread(100)};
        QSignalSpy spy{&desk.view, &ThreadView::topApproached};
        auto *bar = desk.view.verticalScrollBar();
        bar->setValue(10);
        bar->setValue(0);
        QCOMPARE(spy.count(), 1);
        auto older = longThread(30);
        for (auto &item : older)
            item.id.prepend(u"old"_s);
        desk.items.insert(0, std::move(older));
        bar->setValue(0);
        QCOMPARE(spy.count(), 2);
    }

    void whatWasSeenIsReportedOnce()
    {
        ThreadItems items;
        items.setItems(longThread(5));
        ThreadView view;
        view.resize(900, 1600);
        view.setModel(&items);
        QSignalSpy spy{&view, &ThreadView::itemSeen};
        view.show();
        QApplication::processEvents();
        QCOMPARE(spy.count(), 1);
        QCOMPARE(spy.first().first().toString(), u"4"_s);
        items.append(message(u"x"_s, ThreadItemKind::Incoming, u"new"_s));
        QCOMPARE(spy.count(), 2);
        QCOMPARE(spy.last().first().toString(), u"x"_s);
    }

    void aModelThatGoesFirstLeavesAnEmptyView()
    {
        ThreadView view;
        view.resize(400, 300);
        view.show();
        {
            ThreadItems items;
            items.setItems(longThread(30));
            view.setModel(&items);
            QApplication::processEvents();
        }
        QVERIFY(!view.model());
        QApplication::processEvents();
        QTest::keyClick(&view, Qt::Key_Up, Qt::AltModifier);
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, {50, 50});
        QCOMPARE(view.layoutState().count(), 0);
    }

    void textScaleRelaysOutAndStaysAtTheEnd()
    {
        Desk desk{longThread(60)};
        const int before = desk.view.layoutState().totalHeight();
        m_house->theme().setTextScale(1.5);
        QVERIFY(desk.view.layoutState().totalHeight() > before * 5 / 4);
        QVERIFY(desk.view.isAtEnd());
        m_house->theme().setTextScale(1);
    }
};

REGISTER_TEST(ThreadViewTest);
#include "tst_thread_view.moc"
