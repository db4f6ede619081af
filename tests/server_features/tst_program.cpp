#include "server/app/foundation.h"
#include "server/app/journal_check.h"
#include "shared/base/json.h"
#include "tests/support/register_test.h"

#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <random>
#include <sys/stat.h>

namespace {

constexpr int patience = 30'000;

QString program()
{
    return QString::fromLocal8Bit(qgetenv("DESKBELL_BIN")) + QStringLiteral("/deskbelld");
}

struct Ended {
    int code = -1;
    std::string out;
    std::string err;
};

Ended run(const QStringList &arguments, const QByteArray &input = {})
{
    QProcess process;
    process.start(program(), arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(patience))
        process.kill();
    return {process.exitCode(), process.readAllStandardOutput().toStdString(),
            process.readAllStandardError().toStdString()};
}

/// A server as a process of its own; killed when it goes.
class Serving {
public:
    explicit Serving(const QString &data, const QStringList &more = {})
    {
        m_process.start(program(), QStringList{QStringLiteral("serve"), QStringLiteral("--data"), data,
                                               QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"),
                                               QStringLiteral("--log.level"), QStringLiteral("error")} +
                                       more);
        while (m_port == 0 && (m_process.canReadLine() || m_process.waitForReadyRead(patience))) {
            const auto line = m_process.readLine().trimmed();
            if (line.startsWith("listening on "))
                m_port = line.mid(line.lastIndexOf(':') + 1).toUShort();
            else if (!line.isEmpty())
                lines.push_back(line.toStdString());
        }
    }
    ~Serving() { kill(); }

    void kill()
    {
        m_process.kill();
        m_process.waitForFinished(patience);
    }
    void askToEnd() { m_process.terminate(); }
    bool isRunning() { return !m_process.waitForFinished(0) && m_process.state() == QProcess::Running; }
    int terminate()
    {
        m_process.terminate();
        return m_process.waitForFinished(patience) && m_process.exitStatus() == QProcess::NormalExit
                   ? m_process.exitCode()
                   : -1;
    }
    [[nodiscard]] quint16 port() const { return m_port; }

    std::vector<std::string> lines; ///< printed before it listened

private:
    QProcess m_process;
    quint16 m_port = 0;
};

/// An agents' socket without a library: text up, and what comes down as bytes.
class RawSocket {
public:
    explicit RawSocket(quint16 port)
    {
        m_socket.connectToHost(QStringLiteral("127.0.0.1"), port);
        m_socket.waitForConnected(patience);
        m_socket.write(
            "GET /sync/v1/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Protocol: desk-sync.v1\r\n\r\n");
        hears("\r\n\r\n");
    }
    void say(const QByteArray &text)
    {
        QByteArray frame("\x81\xfe", 2); // whole text message; masked with zeros, 16 bits of length
        frame += static_cast<char>(text.size() >> 8 & 0xff);
        frame += static_cast<char>(text.size() & 0xff);
        m_socket.write(frame + QByteArray(4, '\0') + text);
    }
    /// Waits until this has come.
    bool hears(const QByteArray &what)
    {
        while (!m_heard.contains(what))
            if (!m_socket.waitForReadyRead(patience))
                return false;
            else
                m_heard += m_socket.readAll();
        return true;
    }

private:
    QTcpSocket m_socket;
    QByteArray m_heard;
};

struct Reply {
    int status = 0;
    QByteArray body;
};

QByteArray head(const char *method, const QByteArray &path, const QByteArray &token, const QByteArray &body)
{
    return QByteArray{method} + " " + path +
           " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\napi_access_token: " + token +
           "\r\nContent-Type: application/json\r\nContent-Length: " + QByteArray::number(body.size()) +
           "\r\n\r\n" + body;
}

Reply ask(quint16 port, const char *method, const QByteArray &path, const QByteArray &token = {},
          const QByteArray &body = {})
{
    QTcpSocket socket;
    socket.connectToHost(QStringLiteral("127.0.0.1"), port);
    if (!socket.waitForConnected(patience))
        return {};
    socket.write(head(method, path, token, body));
    QByteArray answer;
    while (socket.waitForReadyRead(patience))
        answer += socket.readAll();
    answer += socket.readAll();
    const auto blank = answer.indexOf("\r\n\r\n");
    return blank < 0 ? Reply{} : Reply{answer.mid(9, 3).toInt(), answer.mid(blank + 4)};
}

base::Json parsed(const std::string &text)
{
    auto json = base::parseJson(text);
    return json ? std::move(*json) : base::Json{};
}

} // namespace

class Program : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    int m_next = 0;

    QString freshData() { return m_folder.filePath(QStringLiteral("data%1").arg(++m_next)); }

    static base::Json init(const QString &data)
    {
        const auto ended =
            run({QStringLiteral("init"), QStringLiteral("--data"), data, QStringLiteral("--account"),
                 QStringLiteral("Acme"), QStringLiteral("--name"), QStringLiteral("Ada"),
                 QStringLiteral("--email"), QStringLiteral("ada@example.com")},
                "correct horse battery\n");
        return parsed(ended.out);
    }

private Q_SLOTS:
    void initMakesAnAccountThatCanBeServed()
    {
        const auto data = freshData();
        const auto made = init(data);
        QVERIFY(made["account_id"] == 1);
        QVERIFY(made["user_id"] == 1);
        struct stat status {};
        QCOMPARE(::stat(data.toLocal8Bit().constData(), &status), 0);
        QCOMPARE(status.st_mode & 0777, mode_t{0700});

        Serving server{data};
        QVERIFY(server.port() != 0);
        const auto token = QByteArray::fromStdString(made["access_token"]);
        const auto profile = ask(server.port(), "GET", "/api/v1/profile", token);
        QCOMPARE(profile.status, 200);
        QVERIFY(parsed(profile.body.toStdString())["email"] == "ada@example.com");
        QCOMPARE(ask(server.port(), "GET", "/healthz").status, 200);
        QCOMPARE(ask(server.port(), "GET", "/readyz").status, 200);
        QVERIFY(
            ask(server.port(), "GET", "/metrics").body.contains("deskbell_build_info{version=\"0.1.0\"} 1"));
        QCOMPARE(ask(server.port(), "GET", "/nothing/here").status, 404);
        QCOMPARE(server.terminate(), 0);
    }

    void anOlderDatabasePutInItsPlaceIsNoticed()
    {
        const auto data = freshData();
        init(data);
        const auto file = data + QStringLiteral("/deskbell.db");
        const auto epochOf = [&file] {
            const auto opened = server::storage::Database::open(QFileInfo{file}.path().toStdString(),
                                                                server::app::allMigrations(), {});
            std::int64_t epoch = 0;
            (*opened)->read([&epoch](server::storage::Transaction &tx) {
                epoch = tx.one("SELECT value FROM sync_meta WHERE key = 'epoch'")->integer(0);
            });
            return epoch;
        };
        const auto serveOnce = [&data] {
            Serving server{data};
            QVERIFY(server.port() != 0);
            QCOMPARE(server.terminate(), 0);
        };
        QVERIFY(QFile::copy(file, file + QStringLiteral(".older")));
        const auto before = epochOf();
        QCOMPARE(
            run({QStringLiteral("seed"), QStringLiteral("--data"), data, QStringLiteral("--conversations"),
                 QStringLiteral("3"), QStringLiteral("--messages"), QStringLiteral("9")})
                .code,
            0);
        serveOnce(); // remembers how far it came
        serveOnce();
        QCOMPARE(epochOf(), before);
        for (const auto *ending : {"", "-wal", "-shm"})
            QFile::remove(file + QLatin1String{ending});
        QVERIFY(QFile::rename(file + QStringLiteral(".older"), file));
        serveOnce();
        const auto after = epochOf();
        QVERIFY(after > before);
        serveOnce();
        QCOMPARE(epochOf(), after); // once
    }

    void nobodyIsWaitedForWhenNobodyIsConnected()
    {
        const auto data = freshData();
        init(data);
        Serving server{data, {QStringLiteral("--drain"), QStringLiteral("600")}};
        QVERIFY(server.port() != 0);
        QCOMPARE(server.terminate(), 0);
    }

    void whoIsConnectedIsGivenTimeUntilASecondSignal()
    {
        const auto data = freshData();
        init(data);
        Serving server{data, {QStringLiteral("--drain"), QStringLiteral("600")}};
        const QByteArray device = "0198c1a0-0000-7000-8000-000000000001";
        const auto signedIn =
            ask(server.port(), "POST", "/auth/device", {},
                "{\"device\":\"" + device +
                    "\",\"name\":\"n\",\"os\":\"o\",\"app\":\"a\",\"email\":\"ada@example.com\","
                    "\"password\":\"correct horse battery\"}");
        QCOMPARE(signedIn.status, 200);
        const auto access = parsed(signedIn.body.toStdString()).value("access", "");
        RawSocket agent{server.port()};
        agent.say(QByteArray::fromStdString(base::toText({{"k", "hello"},
                                                          {"proto", {1, 1}},
                                                          {"device", device.toStdString()},
                                                          {"token", access},
                                                          {"codecs", {0}},
                                                          {"epoch", 0},
                                                          {"q", 0}})));
        QVERIFY(agent.hears("\"welcome\""));
        server.askToEnd();
        QVERIFY(agent.hears("\"drain\""));
        QVERIFY(server.isRunning());
        QCOMPARE(ask(server.port(), "GET", "/readyz").status, 503);
        QCOMPARE(server.terminate(), 0);
    }

    void aFirstStartMakesNobody()
    {
        const auto data = freshData();
        Serving server{data};
        QVERIFY(server.port() != 0);
        QVERIFY(server.lines.empty());
        server.kill();
        const auto opened =
            server::storage::Database::open(data.toStdString(), server::app::allMigrations(), {});
        QVERIFY(opened);
        (*opened)->read([](server::storage::Transaction &tx) {
            QCOMPARE(tx.one("SELECT count(*) FROM users")->integer(0), std::int64_t{0});
        });
    }

    void theDemoTellsItsSignInOnce()
    {
        const auto data = freshData();
        {
            Serving server{data, {QStringLiteral("--demo")}};
            QCOMPARE(server.lines.size(), std::size_t{1});
            const auto demo = parsed(server.lines[0])["demo"];
            QVERIFY(demo["email"] == "demo@deskbell.local");
            const std::string url = demo["demo_url"];
            QVERIFY(url.ends_with(":" + std::to_string(server.port()) + "/demo"));
            QCOMPARE(ask(server.port(), "GET", "/demo").status, 200);
            const auto frame = "/widget?website_token=" + QByteArray::fromStdString(demo["website_token"]);
            QCOMPARE(ask(server.port(), "GET", frame).status, 200);
        }
        Serving again{data, {QStringLiteral("--demo")}};
        QVERIFY(again.port() != 0);
        QVERIFY(again.lines.empty());
    }

    void mistakesAreSentencesAndExitCodes()
    {
        const auto data = freshData();
        const auto shortPassword =
            run({QStringLiteral("init"), QStringLiteral("--data"), data, QStringLiteral("--account"),
                 QStringLiteral("A"), QStringLiteral("--name"), QStringLiteral("B"),
                 QStringLiteral("--email"), QStringLiteral("c@example.com")},
                "short\n");
        QCOMPARE(shortPassword.code, 2);
        QVERIFY(shortPassword.err.find("8 to 128") != std::string::npos);
        QCOMPARE(run({QStringLiteral("serve"), QStringLiteral("--nonsense")}).code, 2);
        QCOMPARE(run({}).code, 2);
        const auto config = run({QStringLiteral("serve"), QStringLiteral("--data"), data,
                                 QStringLiteral("--listen"), QStringLiteral("nowhere")});
        QCOMPARE(config.code, 2);
        QVERIFY(config.err.find("listen") != std::string::npos);
        const auto unusable =
            run({QStringLiteral("serve"), QStringLiteral("--data"), QStringLiteral("/proc/deskbell")});
        QCOMPARE(unusable.code, 3);
        QVERIFY(unusable.err.find("/proc/deskbell") != std::string::npos);
        const auto version = run({QStringLiteral("--version")});
        QCOMPARE(version.code, 0);
        QCOMPARE(version.out, std::string{"deskbelld 0.1.0\n"});
    }

    void aBusyPortAndABusyDirectoryAreTold()
    {
        const auto data = freshData();
        Serving server{data};
        const auto sameData = run({QStringLiteral("serve"), QStringLiteral("--data"), data,
                                   QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0")});
        QCOMPARE(sameData.code, 3);
        QVERIFY(sameData.err.find("in use") != std::string::npos);
        const auto samePort =
            run({QStringLiteral("serve"), QStringLiteral("--data"), freshData(), QStringLiteral("--listen"),
                 QStringLiteral("127.0.0.1:%1").arg(server.port())});
        QCOMPARE(samePort.code, 4);
        QVERIFY(samePort.err.find(std::to_string(server.port())) != std::string::npos);
    }

    void aDamagedDatabaseIsTold()
    {
        const auto data = freshData();
        init(data);
        QFile file{data + QStringLiteral("/deskbell.db")};
        QVERIFY(file.open(QIODevice::ReadWrite));
        file.write(QByteArray(4096, 'x'));
        file.close();
        const auto ended = run({QStringLiteral("serve"), QStringLiteral("--data"), data,
                                QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0")});
        QCOMPARE(ended.code, 3);
        QVERIFY2(ended.err.find("damaged") != std::string::npos, ended.err.c_str());
        const auto doctor =
            run({QStringLiteral("doctor"), QStringLiteral("--data"), data, QStringLiteral("--json")});
        QCOMPARE(doctor.code, 1);
    }

    void theDoctorFindsWhatIsWrongAndSaysWhatToDo()
    {
        const auto data = freshData();
        init(data);
        const QStringList call{
            QStringLiteral("doctor"), QStringLiteral("--data"),   data,
            QStringLiteral("--json"), QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0")};
        const auto healthy = run(call);
        QVERIFY2(healthy.code == 0, healthy.out.c_str());
        QVERIFY(parsed(healthy.out)["healthy"] == true);

        const auto find = [](const std::string &text, const std::string &check) {
            const auto answer = parsed(text);
            for (const auto &finding : answer["checks"])
                if (finding["check"] == check && finding["state"] == "fault")
                    return finding["fix"].get<std::string>();
            return std::string{};
        };
        const auto key = (data + QStringLiteral("/secret.key")).toLocal8Bit();
        ::chmod(key.constData(), 0644);
        const auto openKey = run(call);
        QCOMPARE(openKey.code, 1);
        QVERIFY(find(openKey.out, "secret_key").find("chmod 600") != std::string::npos);
        ::chmod(key.constData(), 0600);

        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost, 0));
        auto busy = call;
        busy.back() = QStringLiteral("127.0.0.1:%1").arg(other.serverPort());
        const auto busyPort = run(busy);
        QCOMPARE(busyPort.code, 1);
        QVERIFY(!find(busyPort.out, "address").empty());

        {
            const auto opened =
                server::storage::Database::open(data.toStdString(), server::app::allMigrations(), {});
            auto &writer = (*opened)->writer();
            writer.begin();
            writer.transaction().run("DELETE FROM sync_journal WHERE etype = 14 OR seq = 1");
            writer.transaction().run("UPDATE sync_head SET head = 0");
            writer.commit();
        }
        const auto journal = run(call);
        QCOMPARE(journal.code, 1);
        QVERIFY(!find(journal.out, "journal").empty());
    }

    /// Nothing acknowledged is lost, nothing is stored twice, whenever the process is killed.
    void killedAtAnyMomentNothingAcknowledgedIsLost()
    {
        const auto data = freshData();
        const auto made = init(data);
        const auto token = QByteArray::fromStdString(made["access_token"]);
        const unsigned seed = std::random_device{}();
        qInfo("seed %u", seed);
        std::mt19937 random{seed};
        QByteArray messages;
        int next = 0;
        std::vector<int> acknowledged;
        for (int round = 0; round < 8; ++round) {
            Serving server{data};
            QVERIFY(server.port() != 0);
            if (messages.isEmpty()) {
                const auto inbox = ask(server.port(), "POST", "/api/v1/accounts/1/inboxes", token,
                                       "{\"name\":\"Site\",\"channel\":{\"type\":\"web_widget\",\"website_"
                                       "url\":\"https://a.example\"}}");
                QCOMPARE(inbox.status, 200);
                const auto contact = ask(server.port(), "POST", "/api/v1/accounts/1/contacts", token,
                                         "{\"inbox_id\":1,\"name\":\"Lena\"}");
                QCOMPARE(contact.status, 200);
                const auto conversation =
                    ask(server.port(), "POST", "/api/v1/accounts/1/conversations", token,
                        "{\"source_id\":\"s1\",\"inbox_id\":1,\"contact_id\":1}");
                QCOMPARE(conversation.status, 200);
                messages = "/api/v1/accounts/1/conversations/1/messages";
            }
            const int before = 1 + int(random() % 12);
            for (int i = 0; i < before; ++i, ++next) {
                const auto body = "{\"content\":\"" + QByteArray::number(next) + "\"}";
                if (ask(server.port(), "POST", messages, token, body).status == 200)
                    acknowledged.push_back(next);
            }
            QCOMPARE(acknowledged.back(), next - 1);
            // Killed while some more are under way, which may or may not be stored.
            std::vector<std::unique_ptr<QTcpSocket>> underWay;
            for (int i = 0; i < 4; ++i, ++next) {
                underWay.push_back(std::make_unique<QTcpSocket>());
                underWay.back()->connectToHost(QStringLiteral("127.0.0.1"), server.port());
                QVERIFY(underWay.back()->waitForConnected(patience));
                underWay.back()->write(
                    head("POST", messages, token, "{\"content\":\"" + QByteArray::number(next) + "\"}"));
                underWay.back()->flush();
            }
            QTest::qWait(int(random() % 8));
            server.kill();
        }

        const auto opened =
            server::storage::Database::open(data.toStdString(), server::app::allMigrations(), {});
        QVERIFY(opened);
        (*opened)->read([&](server::storage::Transaction &tx) {
            std::vector<int> stored;
            for (const auto &row : tx.all("SELECT body FROM messages WHERE kind = 0 ORDER BY n"))
                stored.push_back(std::stoi(row.text(0)));
            for (const auto number : acknowledged)
                QCOMPARE(std::count(stored.begin(), stored.end(), number), 1);
            std::vector<int> ordered;
            for (const auto number : stored)
                if (std::find(acknowledged.begin(), acknowledged.end(), number) != acknowledged.end())
                    ordered.push_back(number);
            QVERIFY(std::is_sorted(ordered.begin(), ordered.end()));
            const auto broken = server::app::brokenInvariants(tx);
            QVERIFY2(broken.empty(), broken.empty() ? "" : broken.front().c_str());
        });
    }
};

REGISTER_TEST(Program);
#include "tst_program.moc"
