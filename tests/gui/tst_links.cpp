#include "client/app/desktop/deep_link.h"
#include "client/app/desktop/single_instance.h"
#include "tests/support/register_test.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>
#include <QUrl>

using client::desktop::DeepLink;
using client::desktop::SingleInstance;

/// Links come from web pages and mails, second starts from anything on this computer: both are heard with
/// care.
class LinksTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aLinkIsWhatItSays_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("number");
        QTest::addColumn<QString>("server");
        const auto row = [](const char *text, qint64 number, const char *server) {
            QTest::newRow(text) << QString::fromLatin1(text) << number << QString::fromLatin1(server);
        };
        row("deskbell://conversation/18204", 18204, "");
        row("deskbell://conversation/18204/", 18204, "");
        row("deskbell://conversation/1?server=desk.example.com", 1, "desk.example.com");
        row("DESKBELL://conversation/1?server=Desk.Example.com:8443", 1, "desk.example.com:8443");
        row("deskbell://conversation/7?server=[::1]:8080", 7, "[::1]:8080");
    }

    void aLinkIsWhatItSays()
    {
        QFETCH(QString, text);
        QFETCH(qint64, number);
        QFETCH(QString, server);
        const auto link = DeepLink::parse(text);
        QVERIFY(link);
        QCOMPARE(qint64{link->conversation}, number);
        QCOMPARE(link->server, server);
        QVERIFY(DeepLink::parse(link->text()) == link);
    }

    void everythingElseIsNone_data()
    {
        QTest::addColumn<QString>("text");
        for (const auto *text : {"",
                                 "deskbell:",
                                 "deskbell://",
                                 "deskbell://conversation",
                                 "deskbell://conversation/",
                                 "deskbell://conversation/0",
                                 "deskbell://conversation/-1",
                                 "deskbell://conversation/1.5",
                                 "deskbell://conversation/12345678901234567890",
                                 "deskbell://conversation/1/2",
                                 "deskbell://conversation/1#x",
                                 "deskbell://conversation/1?server=",
                                 "deskbell://conversation/1?",
                                 "deskbell://conversation/1?server=a&server=b",
                                 "deskbell://conversation/1?run=rm",
                                 "deskbell://conversation/1?server=user@host",
                                 "deskbell://conversation/1?server=host/path",
                                 "deskbell://conversation/1?server=%2e%2e",
                                 "deskbell://conversation/1?server=host:99999999",
                                 "deskbell://user@conversation/1",
                                 "deskbell://settings/1",
                                 "https://conversation/1",
                                 "javascript:alert(1)",
                                 "deskbell://conversation/1\n",
                                 "deskbell://conversation/1 --offline",
                                 "--profile=/tmp",
                                 "deskbell://conversation/\u0661"})
            QTest::newRow(text) << QString::fromUtf8(text);
        QTest::newRow("long") << QStringLiteral("deskbell://conversation/1?server=") +
                                     QString{600, QLatin1Char{'a'}};
        QTest::newRow("null") << QStringLiteral("deskbell://conversation/1") + QChar{0};
    }

    void everythingElseIsNone()
    {
        QFETCH(QString, text);
        QVERIFY(!DeepLink::parse(text));
    }

    void aLinkIsForItsServerOnly()
    {
        const QUrl desk{QStringLiteral("https://desk.example.com")};
        const auto link = DeepLink::to(5, desk);
        QCOMPARE(link.text(), QStringLiteral("deskbell://conversation/5?server=desk.example.com"));
        QVERIFY(link.isFor(desk));
        QVERIFY(!link.isFor(QUrl{QStringLiteral("https://desk.example.com:8443")}));
        QVERIFY(!link.isFor(QUrl{QStringLiteral("https://desk.example.com.evil.example")}));
        QVERIFY(DeepLink::parse(QStringLiteral("deskbell://conversation/5"))->isFor(desk));
        const QUrl local{QStringLiteral("http://[::1]:8080")};
        QVERIFY(DeepLink::parse(DeepLink::to(5, local).text())->isFor(local));
    }

    void aSecondStartHandsItsLinkToTheFirst()
    {
        QTemporaryDir profile;
        SingleInstance first{profile.path()};
        first.listen();
        QSignalSpy asked{&first, &SingleInstance::asked};
        const auto second = [&](const QString &link) {
            bool heard = false;
            // On a thread of its own, as another program would be.
            auto *thread = QThread::create([&] { heard = SingleInstance{profile.path()}.wakeOther(link); });
            thread->start();
            QTRY_VERIFY_WITH_TIMEOUT(thread->isFinished(), 20000);
            delete thread;
            QVERIFY(heard);
        };
        second({});
        QTRY_COMPARE(asked.size(), 1);
        QCOMPARE(asked.takeFirst().front().toString(), QString{});
        const auto link = QStringLiteral("deskbell://conversation/5");
        second(link);
        QTRY_COMPARE(asked.size(), 1);
        QCOMPARE(asked.takeFirst().front().toString(), link);
    }

    void whoeverSaysTooMuchOrNothingIsNotHeard()
    {
        QTemporaryDir profile;
        SingleInstance first{profile.path()};
        first.listen();
        QSignalSpy asked{&first, &SingleInstance::asked};
        QLocalSocket silent;
        silent.connectToServer(nameOf(profile.path()));
        QTRY_COMPARE(silent.state(), QLocalSocket::ConnectedState);
        QLocalSocket loud;
        loud.connectToServer(nameOf(profile.path()));
        QTRY_COMPARE(loud.state(), QLocalSocket::ConnectedState);
        loud.write(QByteArray{100000, 'x'});
        QTRY_COMPARE_WITH_TIMEOUT(loud.state(), QLocalSocket::UnconnectedState, 20000);
        QTRY_COMPARE_WITH_TIMEOUT(silent.state(), QLocalSocket::UnconnectedState, 20000);
        QCOMPARE(asked.size(), 0);

        QLocalSocket slow; // a line in two pieces is one line
        slow.connectToServer(nameOf(profile.path()));
        QTRY_COMPARE(slow.state(), QLocalSocket::ConnectedState);
        slow.write("deskbell://conver");
        slow.flush();
        QTest::qWait(50);
        slow.write("sation/5\nand more");
        QTRY_COMPARE(asked.size(), 1);
        QCOMPARE(asked.front().front().toString(), QStringLiteral("deskbell://conversation/5"));
    }

    void theDesktopFileTakesLinks()
    {
        QFile file{qEnvironmentVariable("DESKBELL_SOURCE") +
                   QStringLiteral("/installers/linux/deskbell.desktop")};
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto text = file.readAll();
        QVERIFY(text.contains("\nMimeType=x-scheme-handler/deskbell;\n"));
        QVERIFY(text.contains("\nExec=deskbell %u\n"));
    }

private:
    static QString nameOf(const QString &profile)
    {
        return QStringLiteral("deskbell-") +
               QString::fromLatin1(
                   QCryptographicHash::hash(QDir{profile}.absolutePath().toUtf8(), QCryptographicHash::Sha256)
                       .toHex()
                       .left(24));
    }
};

REGISTER_TEST(LinksTest);
#include "tst_links.moc"
