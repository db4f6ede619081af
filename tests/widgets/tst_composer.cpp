#include "client/widgets/basic/buttons.h"
#include "client/widgets/composer/composer.h"
#include "client/widgets/composer/composer_edit.h"
#include "client/widgets/composer/emoji_model.h"
#include "client/widgets/composer/emoji_picker.h"
#include "client/widgets/house.h"
#include "tests/support/register_test.h"

#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QApplication>
#include <QLineEdit>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>
#include <QVBoxLayout>

#include <memory>

using namespace Qt::Literals::StringLiterals;
using namespace client::widgets;

namespace {

struct Desk {
    QWidget window;
    Composer composer{&window};

    Desk()
    {
        window.resize(700, 600);
        composer.setGeometry(0, 380, 700, 220);
        window.show();
        composer.edit()->setFocus();
        QApplication::processEvents();
    }

    ComposerEdit *edit() { return composer.edit(); }

    void preedit(const QString &text)
    {
        QInputMethodEvent event{text, {}};
        QApplication::sendEvent(edit(), &event);
    }

    void commit(const QString &text)
    {
        QInputMethodEvent event;
        event.setCommitString(text);
        QApplication::sendEvent(edit(), &event);
    }
};

} // namespace

class ComposerTest : public QObject {
    Q_OBJECT

    std::unique_ptr<House> m_house;

private Q_SLOTS:
    void initTestCase()
    {
        qRegisterMetaType<ComposerMode>();
        m_house = std::make_unique<House>(*qApp);
    }
    void cleanupTestCase() { m_house.reset(); }

    void controlEnterSendsAndEnterBreaksTheLine()
    {
        Desk desk;
        QSignalSpy sent{&desk.composer, &Composer::sendRequested};
        QTest::keyClick(desk.edit(), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(sent.count(), 0); // nothing to send
        QTest::keyClicks(desk.edit(), u"one"_s);
        QTest::keyClick(desk.edit(), Qt::Key_Return);
        QTest::keyClicks(desk.edit(), u"two"_s);
        QCOMPARE(desk.composer.text(), u"one\ntwo"_s);
        QTest::keyClick(desk.edit(), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(sent.count(), 1);
        QCOMPARE(sent.first().first().value<ComposerMode>(), ComposerMode::Reply);
        QCOMPARE(desk.composer.text(), u"one\ntwo"_s); // the owner clears
    }

    void enterSendsWhenAskedTo()
    {
        Desk desk;
        desk.composer.setEnterSends(true);
        QSignalSpy sent{&desk.composer, &Composer::sendRequested};
        QTest::keyClicks(desk.edit(), u"one"_s);
        QTest::keyClick(desk.edit(), Qt::Key_Return, Qt::ShiftModifier);
        QCOMPARE(desk.composer.text(), u"one\n"_s);
        QTest::keyClick(desk.edit(), Qt::Key_Return);
        QCOMPARE(sent.count(), 1);
    }

    void compositionIsNeverACommand()
    {
        Desk desk;
        desk.composer.setEnterSends(true);
        QSignalSpy sent{&desk.composer, &Composer::sendRequested};
        QSignalSpy left{&desk.composer, &Composer::left};
        QTest::keyClicks(desk.edit(), u"x"_s);
        desk.preedit(u"にほ"_s);
        QVERIFY(desk.edit()->isComposing());
        QTest::keyClick(desk.edit(), Qt::Key_Return);
        QTest::keyClick(desk.edit(), Qt::Key_Return, Qt::ControlModifier);
        QTest::keyClick(desk.edit(), Qt::Key_Escape);
        QCOMPARE(sent.count(), 0);
        QCOMPARE(left.count(), 0);
    }

    void committedCompositionIsText()
    {
        Desk desk;
        QSignalSpy edited{&desk.composer, &Composer::textEdited};
        desk.preedit(u"にほ"_s);
        desk.commit(u"日本"_s);
        QVERIFY(!desk.edit()->isComposing());
        QCOMPARE(desk.composer.text(), u"日本"_s);
        QCOMPARE(edited.last().first().toString(), u"日本"_s);
        QSignalSpy sent{&desk.composer, &Composer::sendRequested};
        QTest::keyClick(desk.edit(), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(sent.count(), 1);
    }

    void eachModeKeepsItsOwnText()
    {
        Desk desk;
        QSignalSpy modes{&desk.composer, &Composer::modeChanged};
        QTest::keyClicks(desk.edit(), u"reply"_s);
        desk.composer.setMode(ComposerMode::Note);
        QVERIFY(desk.composer.text().isEmpty());
        QTest::keyClicks(desk.edit(), u"note"_s);
        desk.composer.setMode(ComposerMode::Reply);
        QCOMPARE(desk.composer.text(), u"reply"_s);
        QCOMPARE(desk.composer.text(ComposerMode::Note), u"note"_s);
        QCOMPARE(modes.count(), 2);
        QTest::keySequence(desk.edit(), QKeySequence::Undo);
        QVERIFY(desk.composer.text() != u"reply"_s);
    }

    void namesFollowTheMode()
    {
        Desk desk;
        auto *send = desk.composer.findChild<SplitButton *>()->main();
        QCOMPARE(desk.edit()->accessibleName(), u"Reply"_s);
        QCOMPARE(QAccessible::queryAccessibleInterface(send)->text(QAccessible::Name), u"Send"_s);
        desk.composer.setMode(ComposerMode::Note);
        QCOMPARE(desk.edit()->accessibleName(), u"Private note"_s);
    }

    void setTextIsNotReportedAndIsNotAnUndoStep()
    {
        Desk desk;
        QSignalSpy edited{&desk.composer, &Composer::textEdited};
        desk.composer.setText(ComposerMode::Reply, u"draft"_s);
        QCOMPARE(edited.count(), 0);
        QTest::keySequence(desk.edit(), QKeySequence::Undo);
        QCOMPARE(desk.composer.text(), u"draft"_s);
    }

    void pastedFilesAndPicturesAreReported()
    {
        Desk desk;
        QSignalSpy files{&desk.composer, &Composer::filesGiven};
        QSignalSpy images{&desk.composer, &Composer::imageGiven};
        QMimeData local;
        local.setUrls({QUrl::fromLocalFile(u"/tmp/a.png"_s), QUrl{u"https://a.example/b.png"_s}});
        pasteInto(desk, local);
        QCOMPARE(files.count(), 1);
        QCOMPARE(files.first().first().value<QList<QUrl>>().size(), 1);
        QMimeData picture;
        QImage image{4, 4, QImage::Format_RGB32};
        image.fill(Qt::red);
        picture.setImageData(image);
        pasteInto(desk, picture);
        QCOMPARE(images.count(), 1);
        QMimeData rich;
        rich.setHtml(u"<b>bold</b>"_s);
        rich.setText(u"bold"_s);
        pasteInto(desk, rich);
        QCOMPARE(desk.composer.text(), u"bold"_s);
        QVERIFY(!desk.edit()->toHtml().contains(u"font-weight:7"_s));
    }

    void sendIsOffWithoutContentAndWhenForbidden()
    {
        Desk desk;
        auto *send = desk.composer.findChild<SplitButton *>();
        QVERIFY(!send->isEnabled());
        desk.composer.setText(ComposerMode::Reply, u"   "_s);
        QVERIFY(!send->isEnabled());
        desk.composer.setAttachments({{u"1"_s, u"a.pdf"_s, u"1 KB"_s}});
        QVERIFY(send->isEnabled());
        desk.composer.setSendAllowed(false);
        QVERIFY(!send->isEnabled());
    }

    void attachmentsCanBeRemovedAndRetried()
    {
        Desk desk;
        desk.composer.setAttachments(
            {{u"1"_s, u"a.pdf"_s, u"1 KB"_s, 40, false}, {u"2"_s, u"b.pdf"_s, u"Too large"_s, -1, true}});
        QSignalSpy removed{&desk.composer, &Composer::attachmentRemoved};
        QSignalSpy retried{&desk.composer, &Composer::attachmentRetried};
        for (auto *button : desk.composer.findChildren<IconButton *>()) {
            if (button->accessibleName() == u"Remove a.pdf"_s ||
                button->accessibleName() == u"Try b.pdf again"_s)
                button->click();
        }
        QCOMPARE(removed.count(), 1);
        QCOMPARE(removed.first().first().toString(), u"1"_s);
        QCOMPARE(retried.count(), 1);
    }

    void growsWithItsTextUpToTheLimit()
    {
        Desk desk;
        desk.composer.setHeightLimit(300);
        const int small = desk.composer.sizeHint().height();
        desk.composer.setText(ComposerMode::Reply, QString{u"line\n"_s}.repeated(5));
        QApplication::processEvents();
        const int more = desk.composer.sizeHint().height();
        QVERIFY(more > small);
        desk.composer.setText(ComposerMode::Reply, QString{u"line\n"_s}.repeated(100));
        QApplication::processEvents();
        QVERIFY(desk.composer.sizeHint().height() >= more);
        QVERIFY(desk.composer.sizeHint().height() <= 330);
    }

    void isNoTallerThanItsTextOnceShown()
    {
        QWidget window;
        window.resize(700, 600);
        auto *layout = new QVBoxLayout{&window};
        auto *composer = new Composer{&window};
        composer->setText(ComposerMode::Reply, QString{u"word "_s}.repeated(24));
        layout->addStretch();
        layout->addWidget(composer);
        window.show();
        QTRY_VERIFY(composer->edit()->height() < 80);
    }

    void upInAnEmptyEditorEditsTheLast()
    {
        Desk desk;
        QSignalSpy asked{&desk.composer, &Composer::editLastRequested};
        QTest::keyClick(desk.edit(), Qt::Key_Up);
        QCOMPARE(asked.count(), 1);
        QTest::keyClicks(desk.edit(), u"x"_s);
        QTest::keyClick(desk.edit(), Qt::Key_Up);
        QCOMPARE(asked.count(), 1);
    }

    void emojiAreFoundByNameAndInserted()
    {
        EmojiModel model;
        QAbstractItemModelTester tester{&model};
        model.filter({});
        QVERIFY(model.rowCount() > 1500);
        model.filter(u"birthday cake"_s);
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.emoji(model.index(0)), u"🎂"_s);
        QCOMPARE(model.data(model.index(0), Qt::AccessibleTextRole).toString(), u"birthday cake"_s);

        Desk desk;
        for (auto *button : desk.composer.findChildren<IconButton *>()) {
            if (button->accessibleName() == u"Insert an emoji"_s)
                button->click();
        }
        auto *picker = desk.window.findChild<EmojiPicker *>();
        QVERIFY(picker && picker->isVisible());
        auto *search = picker->findChild<QLineEdit *>();
        QTest::keyClicks(search, u"birthday"_s);
        QTest::keyClick(search, Qt::Key_Return);
        QVERIFY(!picker->isVisible());
        QCOMPARE(desk.composer.text(), u"🎂"_s);
    }

private:
    static void pasteInto(Desk &desk, const QMimeData &mime)
    {
        struct Open : ComposerEdit {
            using ComposerEdit::insertFromMimeData;
        };
        (desk.edit()->*&Open::insertFromMimeData)(&mime);
    }
};

REGISTER_TEST(ComposerTest);
#include "tst_composer.moc"
