#include "client/app/desktop/language.h"
#include "client/shell/notify/notification_center.h"
#include "client/shell/pages/settings_page.h"
#include "client/widgets/thread/thread_gestures.h"
#include "tests/support/register_test.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

/// Every sentence of the program is there in every language.
class TranslationsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void germanIsComplete()
    {
        const auto source = qEnvironmentVariable("DESKBELL_SOURCE");
        QVERIFY(!source.isEmpty());
        QTemporaryDir work;
        const auto copy = work.filePath(QStringLiteral("deskbell_de.ts"));
        QVERIFY(QFile::copy(source + QStringLiteral("/translations/deskbell_de.ts"), copy));
        QProcess lupdate;
        lupdate.start(QStringLiteral(DESKBELL_LUPDATE),
                      {QStringLiteral("-silent"), QStringLiteral("-locations"), QStringLiteral("none"),
                       QStringLiteral("-no-obsolete"), source + QStringLiteral("/client"),
                       QStringLiteral("-ts"), copy});
        QVERIFY(lupdate.waitForFinished(120'000));
        QCOMPARE(lupdate.exitCode(), 0);

        QStringList missing;
        int complete = 0;
        QFile file{copy};
        QVERIFY(file.open(QIODevice::ReadOnly));
        QXmlStreamReader xml{&file};
        QString sentence;
        QString translation;
        bool isUnfinished = false;
        while (!xml.atEnd()) {
            xml.readNext();
            if (xml.isStartElement() && xml.name() == QStringLiteral("source"))
                sentence = xml.readElementText();
            if (xml.isStartElement() && xml.name() == QStringLiteral("translation")) {
                isUnfinished = xml.attributes().value(QStringLiteral("type")) == QStringLiteral("unfinished");
                translation = xml.readElementText(QXmlStreamReader::IncludeChildElements);
                if (isUnfinished || translation.trimmed().isEmpty()) {
                    missing << sentence;
                } else if (places(sentence) != places(translation)) {
                    missing << sentence + QStringLiteral(" (its places differ)");
                } else {
                    ++complete;
                }
            }
        }
        QVERIFY(!xml.hasError());
        QVERIFY2(missing.isEmpty(), qPrintable(missing.join(QLatin1Char{'\n'})));
        QVERIFY(complete > 200);
    }

    void theProgramSpeaksGermanAndCountsInEnglish()
    {
        using client::shell::NotificationCenter;
        client::desktop::Language language;
        language.use(QStringLiteral("de"), *qApp);
        QCOMPARE(client::shell::SettingsPage::tr("Settings"), QStringLiteral("Einstellungen"));
        QCOMPARE(client::widgets::ThreadGestures::tr("Copy message"), QStringLiteral("Nachricht kopieren"));
        QCOMPARE(NotificationCenter::tr("%n new message(s)", nullptr, 1), QStringLiteral("1 neue Nachricht"));
        language.use(QStringLiteral("en"), *qApp);
        QCOMPARE(NotificationCenter::tr("%n new message(s)", nullptr, 1), QStringLiteral("1 new message"));
        QCOMPARE(NotificationCenter::tr("%n new message(s)", nullptr, 2), QStringLiteral("2 new messages"));
    }

private:
    /// The %1, %2 of a sentence. A form for one thing may do without its %n.
    static QStringList places(const QString &sentence)
    {
        QStringList found;
        static const QRegularExpression place{QStringLiteral("%L?[1-9]")};
        for (auto at = place.globalMatch(sentence); at.hasNext();)
            found << at.next().captured();
        found.sort();
        found.removeDuplicates();
        return found;
    }
};

REGISTER_TEST(TranslationsTest);
#include "tst_translations.moc"
