#include "server/platform/time_zones.h"
#include "tests/support/register_test.h"

#include <QTest>

class TimeZonesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void clocksOfTheWorld_data()
    {
        QTest::addColumn<QString>("local");
        QTest::addColumn<QString>("zone");
        QTest::addColumn<qint64>("ms"); // -1: nothing
        QTest::newRow("winter") << "2026-01-15T09:00"
                                << "Europe/Berlin" << qint64{1768464000000};
        QTest::newRow("summer") << "2026-07-15T09:00"
                                << "Europe/Berlin" << qint64{1784098800000};
        QTest::newRow("half an hour") << "2026-01-15T09:00"
                                      << "Asia/Kolkata" << qint64{1768447800000};
        QTest::newRow("skipped") << "2026-03-29T02:30"
                                 << "Europe/Berlin" << qint64{1774746000000};
        QTest::newRow("twice: the first") << "2026-10-25T02:30"
                                          << "Europe/Berlin" << qint64{1792888200000};
        QTest::newRow("an old name") << "2026-01-15T09:00"
                                     << "Asia/Calcutta" << qint64{1768447800000};
        QTest::newRow("no such zone") << "2026-01-15T09:00"
                                      << "Europe/Atlantis" << qint64{-1};
        QTest::newRow("a path") << "2026-01-15T09:00"
                                << "../../etc/passwd" << qint64{-1};
        QTest::newRow("empty zone") << "2026-01-15T09:00"
                                    << "" << qint64{-1};
        QTest::newRow("no such day") << "2026-02-30T09:00"
                                     << "Europe/Berlin" << qint64{-1};
        QTest::newRow("not a date") << "tomorrow at nine"
                                    << "Europe/Berlin" << qint64{-1};
        QTest::newRow("seconds") << "2026-01-15T09:00:00"
                                 << "Europe/Berlin" << qint64{-1};
        QTest::newRow("nothing") << ""
                                 << "Europe/Berlin" << qint64{-1};
    }

    void clocksOfTheWorld()
    {
        QFETCH(QString, local);
        QFETCH(QString, zone);
        QFETCH(qint64, ms);
        const auto moment =
            server::platform::SystemTimeZones{}.moment(local.toStdString(), zone.toStdString());
        QCOMPARE(moment ? base::toMs(*moment) : -1, ms);
    }
};

REGISTER_TEST(TimeZonesTest);
#include "tst_time_zones.moc"
