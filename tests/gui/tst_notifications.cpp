#include "client/features/conversations/ui/file_access.h"
#include "client/features/conversations/ui/snooze_choices.h"
#include "client/shell/notify/notification_center.h"
#include "tests/support/fakes.h"
#include "tests/support/register_test.h"

#include <QSignalSpy>
#include <QTest>

#include <chrono>

using namespace std::chrono_literals;
using client::shell::Notice;
using client::shell::NotificationCenter;

namespace {

class FakeChannel : public client::shell::NoticeChannel {
public:
    void show(const Notice &notice) override
    {
        shown << notice.title + QLatin1Char{'|'} + notice.text;
        keys << notice.key;
    }
    void withdraw(const QString &key) override { withdrawn << key; }

    QStringList shown;
    QStringList keys;
    QStringList withdrawn;
};

Notice from(const QString &who)
{
    return {.key = who, .title = who, .text = QStringLiteral("Hello")};
}

} // namespace

/// When the person is told, and when not.
class NotificationsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingForTheConversationInView()
    {
        tests::FakeClock clock;
        FakeChannel channel;
        NotificationCenter center{channel, clock};
        center.setInView(QStringLiteral("mara"));
        center.post(from(QStringLiteral("mara")), 1);
        QVERIFY(channel.shown.isEmpty());
        center.setInView({});
        center.post(from(QStringLiteral("mara")), 1);
        QCOMPARE(channel.shown, QStringList{QStringLiteral("mara|Hello")});
        center.setInView(QStringLiteral("mara"));
        QCOMPARE(channel.withdrawn, QStringList{QStringLiteral("mara")});
    }

    void oneAConversationWithItsCount()
    {
        tests::FakeClock clock;
        FakeChannel channel;
        NotificationCenter center{channel, clock};
        center.post(from(QStringLiteral("mara")), 1);
        center.post(from(QStringLiteral("mara")), 2);
        QCOMPARE(channel.keys, (QStringList{QStringLiteral("mara"), QStringLiteral("mara")}));
        QVERIFY(channel.shown.last().contains(QStringLiteral("2")));
    }

    void manyAtOnceBecomeADigest()
    {
        tests::FakeClock clock;
        FakeChannel channel;
        NotificationCenter center{channel, clock};
        for (int i = 0; i < 8; ++i)
            center.post(from(QString::number(i)), 1);
        QCOMPARE(channel.keys.mid(0, 5),
                 (QStringList{QStringLiteral("0"), QStringLiteral("1"), QStringLiteral("2"),
                              QStringLiteral("3"), QStringLiteral("4")}));
        QCOMPARE(channel.keys.last(), NotificationCenter::digestKey);
        QVERIFY(channel.shown.last().contains(QStringLiteral("3")));

        QSignalSpy opened{&center, &NotificationCenter::openRequested};
        Q_EMIT channel.opened(NotificationCenter::digestKey);
        QCOMPARE(opened.size(), 1);
        clock.advance(31s);
        center.post(from(QStringLiteral("late")), 1);
        QCOMPARE(channel.keys.last(), QStringLiteral("late"));
    }

    void withoutPreviewNothingIsTold()
    {
        tests::FakeClock clock;
        FakeChannel channel;
        NotificationCenter center{channel, clock};
        center.setPreview(false);
        center.post(from(QStringLiteral("mara")), 1);
        QVERIFY(!channel.shown.first().contains(QStringLiteral("mara")));
        QVERIFY(!channel.shown.first().contains(QStringLiteral("Hello")));
        center.setPaused(true);
        center.post(from(QStringLiteral("tomasz")), 1);
        QCOMPARE(channel.shown.size(), 1);
    }

    void snoozePresetsLieAhead_data()
    {
        QTest::addColumn<QDateTime>("now");
        QTest::newRow("monday morning") << QDateTime{{2025, 6, 2}, {9, 0}};
        QTest::newRow("friday evening") << QDateTime{{2025, 6, 6}, {21, 30}};
        QTest::newRow("sunday before midnight") << QDateTime{{2025, 6, 8}, {23, 59}};
        QTest::newRow("end of the year") << QDateTime{{2025, 12, 31}, {16, 0}};
    }

    void snoozePresetsLieAhead()
    {
        QFETCH(QDateTime, now);
        const auto choices = client::conversations::snoozeChoices(now);
        QVERIFY(choices.size() >= 3);
        QVERIFY(!choices.back().until.isValid());
        for (std::size_t i = 0; i + 1 < choices.size(); ++i)
            QVERIFY2(choices[i].until > now, qPrintable(choices[i].text));
    }

    void namesOfFilesCannotLeaveTheFolderOrLie_data()
    {
        QTest::addColumn<QString>("given");
        QTest::addColumn<QString>("safe");
        QTest::newRow("path") << QStringLiteral("../../etc/passwd") << QStringLiteral("passwd");
        QTest::newRow("windows path") << QStringLiteral("C:\\x\\plan.pdf") << QStringLiteral("plan.pdf");
        QTest::newRow("hidden") << QStringLiteral("..bashrc") << QStringLiteral("bashrc");
        QTest::newRow("turned round") << QStringLiteral("cod\u202Efdp.exe") << QStringLiteral("cod_fdp.exe");
        QTest::newRow("empty") << QString{} << QStringLiteral("file");
        QTest::newRow("other scripts")
            << QStringLiteral("Rechnung März.pdf") << QStringLiteral("Rechnung März.pdf");
    }

    void namesOfFilesCannotLeaveTheFolderOrLie()
    {
        QFETCH(QString, given);
        QFETCH(QString, safe);
        QCOMPARE(client::conversations::safeFileName(given), safe);
    }
};

REGISTER_TEST(NotificationsTest);
#include "tst_notifications.moc"
