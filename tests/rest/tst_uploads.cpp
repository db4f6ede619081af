#include "shared/protocol/limits.h"
#include "tests/rest/world.h"
#include "tests/support/register_test.h"

#include <QBuffer>
#include <QDir>
#include <QDirIterator>
#include <QImage>
#include <QTest>

#include <thread>

using base::Json;
using tests::World;

namespace {

std::string picture(int width, int height)
{
    QImage image{width, height, QImage::Format_RGB32};
    image.fill(Qt::darkCyan);
    QByteArray bytes;
    QBuffer buffer{&bytes};
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes.toStdString();
}

} // namespace

/// Files in and out, over real sockets (docs/protocol.md A.9).
class UploadsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_world = std::make_unique<World>();
        m_token = m_world->deviceToken();
        QVERIFY(!m_token.empty());
    }
    void cleanupTestCase() { m_world.reset(); }

    void aPictureIsMeasuredAndMadeSmall()
    {
        const auto bytes = picture(1200, 600);
        const auto answer = upload("holiday.png", bytes);
        QCOMPARE(answer.status, 201);
        QCOMPARE(answer.body["mime"].get<std::string>(), std::string{"image/png"});
        QCOMPARE(answer.body["w"].get<int>(), 1200);
        QCOMPARE(answer.body["h"].get<int>(), 600);
        const auto path = "/blob/" + answer.body["id"].get<std::string>();
        const auto whole = get(path);
        QCOMPARE(whole.status, 200);
        QVERIFY(whole.body == bytes);
        QVERIFY(whole.header("Content-Disposition").starts_with("inline"));
        QCOMPARE(whole.header("X-Content-Type-Options"), std::string{"nosniff"});
        QVERIFY(whole.header("Content-Security-Policy").find("sandbox") != std::string::npos);
        QCOMPARE(get(path, {"If-None-Match: " + whole.header("ETag")}).status, 304);
        const auto part = get(path, {"Range: bytes=1-3"});
        QCOMPARE(part.status, 206);
        QCOMPARE(part.body, std::string{"PNG"});
        if (!m_world->media.canMakeThumbnails())
            QSKIP("no thumbnail program on this machine");
        QCOMPARE(answer.body["thumb"].get<bool>(), true);
        const auto thumbnail = get(path + "/thumb");
        QCOMPARE(thumbnail.status, 200);
        const auto small = QImage::fromData(QByteArray::fromStdString(thumbnail.body));
        QVERIFY(!small.isNull() && small.width() <= 480 && small.height() <= 480);
    }

    void dangerousKindsAreNeverShownInline_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("html") << QByteArray{"a.png"}
                              << QByteArray{"<!doctype html><script>alert(1)</script>"};
        QTest::newRow("svg") << QByteArray{"a.svg"}
                             << QByteArray{
                                    "<svg xmlns=\"http:" "//www.w3.org/2000/svg\" onload=\"alert(1)\"/>"};
        QTest::newRow("text") << QByteArray{"a.html"} << QByteArray{"just words"};
        QTest::newRow("xml") << QByteArray{"a.xml"} << QByteArray{"<?xml version=\"1.0\"?><a/>"};
    }

    void dangerousKindsAreNeverShownInline()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, bytes);
        const auto answer = upload(name.toStdString(), bytes.toStdString());
        QCOMPARE(answer.status, 201);
        const auto file = get("/blob/" + answer.body["id"].get<std::string>());
        QCOMPARE(file.status, 200);
        QVERIFY(file.header("Content-Disposition").starts_with("attachment"));
    }

    void programsAreRefused()
    {
        QFile self{QCoreApplication::applicationFilePath()};
        QVERIFY(self.open(QIODevice::ReadOnly));
        const auto answer = upload("tool.png", self.read(64 * 1024).toStdString());
        QCOMPARE(answer.status, 415);
        QCOMPARE(answer.body["code"].get<std::string>(), std::string{"type_refused"});
        QCOMPARE(leftovers(), 0);
    }

    void namesAreMadeSafe_data()
    {
        QTest::addColumn<QByteArray>("given");
        QTest::addColumn<QByteArray>("kept");
        QTest::newRow("climbing") << QByteArray{"..%2F..%2Fetc%2Fpasswd"} << QByteArray{"passwd"};
        QTest::newRow("backslashes") << QByteArray{"C:%5CUsers%5Cme%5Cplan.txt"} << QByteArray{"plan.txt"};
        QTest::newRow("dots") << QByteArray{"..."} << QByteArray{"file"};
        QTest::newRow("empty") << QByteArray{""} << QByteArray{"file"};
        QTest::newRow("header") << QByteArray{"a%0D%0ASet-Cookie%3A%20x.txt"}
                                << QByteArray{"a Set-Cookie_ x.txt"};
        QTest::newRow("quotes") << QByteArray{"a%22b.txt"} << QByteArray{"a_b.txt"};
        QTest::newRow("direction") << QByteArray{"a%E2%80%AEgnp.exe"} << QByteArray{"agnp.exe"};
        QTest::newRow("umlauts") << QByteArray{"Pl%C3%A4ne.txt"} << QByteArray{"Pl\xC3\xA4ne.txt"};
        QTest::newRow("not UTF-8") << QByteArray{"a%FF.txt"} << QByteArray{"file"};
        QTest::newRow("nul") << QByteArray{"a%00b.txt"} << QByteArray{"ab.txt"};
    }

    void namesAreMadeSafe()
    {
        QFETCH(QByteArray, given);
        QFETCH(QByteArray, kept);
        const auto answer = upload(given.toStdString(), "words");
        QCOMPARE(answer.status, 201);
        QCOMPARE(QByteArray::fromStdString(answer.body["name"].get<std::string>()), kept);
        const auto file = get("/blob/" + answer.body["id"].get<std::string>());
        QCOMPARE(file.status, 200);
        QVERIFY(file.head.find("Set-Cookie:") == std::string::npos);
    }

    void theSameIdIsTheSameFile()
    {
        const auto id = m_world->ids.next().text();
        QCOMPARE(m_world->upload("/sync/v1/up", m_token, id, "a.txt", "one").status, 201);
        const auto again = m_world->upload("/sync/v1/up", m_token, id, "b.txt", "two");
        QCOMPARE(again.status, 200);
        QCOMPARE(again.body["name"].get<std::string>(), std::string{"a.txt"});
        QCOMPARE(get("/blob/" + id).body, std::string{"one"});
    }

    void manySendersOfOneIdStoreOneFile()
    {
        const auto before = blobFiles();
        const auto id = m_world->ids.next().text();
        std::vector<std::thread> senders;
        std::atomic<int> created{0};
        std::atomic<int> repeated{0};
        for (int i = 0; i < 8; ++i)
            senders.emplace_back([&, i] {
                const auto bytes = std::string(200000, static_cast<char>('a' + i));
                const auto status = m_world->upload("/sync/v1/up", m_token, id, "x.txt", bytes).status;
                created += status == 201 ? 1 : 0;
                repeated += status == 200 ? 1 : 0;
            });
        for (auto &sender : senders)
            sender.join();
        QCOMPARE(created.load(), 1);
        QCOMPARE(repeated.load(), 7);
        QCOMPARE(blobFiles(), before + 1);
        const auto body = get("/blob/" + id).body;
        QCOMPARE(body, std::string(200000, body.front()));
    }

    void theCapHolds()
    {
        tests::RawClient client{m_world->port()};
        client.write("POST /sync/v1/up HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + m_token +
                     "\r\nX-Upload-Id: " + m_world->ids.next().text() +
                     "\r\nContent-Length: " + std::to_string(protocol::maxUploadBytes + 1) + "\r\n\r\n");
        const auto answer = client.answer();
        QVERIFY(answer.has_value());
        QCOMPARE(answer->status, 413);
        QCOMPARE(leftovers(), 0);
    }

    void aBodyCutShortLeavesNothing()
    {
        const auto before = blobFiles();
        const auto id = m_world->ids.next().text();
        {
            tests::RawClient client{m_world->port()};
            client.write("POST /sync/v1/up HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + m_token +
                         "\r\nX-Upload-Id: " + id + "\r\nContent-Length: 300000\r\n\r\n" +
                         std::string(200000, 'x'));
            client.finish();
            const auto answer = client.answer();
            QVERIFY(!answer || answer->status >= 400);
        }
        QTRY_COMPARE(leftovers(), 0);
        QCOMPARE(blobFiles(), before);
        QCOMPARE(get("/blob/" + id).status, 404);
    }

    void badRequestsAreNamed()
    {
        QCOMPARE(m_world->upload("/sync/v1/up", m_token, "no-uuid", "a", "x").status, 422);
        QCOMPARE(m_world->upload("/sync/v1/up", m_token, "", "a", "x").status, 422);
        QCOMPARE(m_world->upload("/sync/v1/up", "wrong", m_world->ids.next().text(), "a", "x").status, 401);
        QCOMPARE(m_world->upload("/sync/v1/up", m_token, m_world->ids.next().text(), "a", "").status, 422);
        for (const char *path : {"/blob/zzz", "/blob/00000000-0000-7000-8000-000000000000", "/blob/..%2Fx"}) {
            const auto status = get(path).status;
            QVERIFY2(status == 404 || status == 400, path);
        }
    }

    void linksEndAndCannotBeMade()
    {
        const auto id = *base::Uuid::parse(upload("a.txt", "linked").body["id"].get<std::string>());
        const auto link = m_world->links.path(id, false);
        QCOMPARE(m_world->request("GET", link).body, std::string{"linked"});
        QCOMPARE(m_world->request("GET", "/blob/" + id.text()).status, 401);
        auto wrong = link;
        wrong.back() = wrong.back() == 'A' ? 'B' : 'A';
        wrong[wrong.size() - 5] = wrong[wrong.size() - 5] == 'A' ? 'B' : 'A';
        QCOMPARE(m_world->request("GET", wrong).status, 403);
        auto longer = link;
        longer.replace(longer.find("exp=") + 4, 1, "9");
        QCOMPARE(m_world->request("GET", longer).status, 403);
        QCOMPARE(m_world->request("GET", "/blob/" + id.text() + "?exp=&sig=").status, 401);
    }

    void onlyTheInboxsAgentsRead()
    {
        tests::Visitor visitor{*m_world};
        const auto id = m_world->ids.next().text();
        QCOMPARE(m_world->upload("/w/v1/up", visitor.token, id, "secret.txt", "for the inbox").status, 201);
        QCOMPARE(get("/blob/" + id).status, 404); // nobody's yet
        visitor.say("here", m_world->ids.next().text(), {id});
        QCOMPARE(get("/blob/" + id).status, 200); // an administrator sees every inbox
        QCOMPARE(
            m_world->request("GET", "/blob/" + id, {}, {"Authorization: Bearer " + visitor.token}).status,
            401);
    }

    void unusedUploadsExpire()
    {
        tests::RawClient unused{m_world->port()};
        const auto id = *base::Uuid::parse(upload("old.txt", "old").body["id"].get<std::string>());
        m_world->attachments->expireUnused();
        QVERIFY(m_world->attachments->find(id).has_value());
        m_world->write([&](server::sync::WriteContext &ctx) -> base::Status {
            ctx.tx().run("UPDATE attachments SET created_at = 1 WHERE id = ?", {id});
            return base::Done{};
        });
        const auto before = blobFiles();
        m_world->attachments->expireUnused();
        QVERIFY(!m_world->attachments->find(id).has_value());
        QCOMPARE(blobFiles(), before - 1);
    }

    void aStartSettlesWhatACrashLeft()
    {
        const auto known = *m_world->attachments->find(
            *base::Uuid::parse(upload("k.txt", "known").body["id"].get<std::string>()));
        const auto arriving = m_world->data.path() + QStringLiteral("/blobs/arriving/");
        const auto name = QString::fromStdString(known.fileName);
        QVERIFY(QFile::rename(m_world->data.path() + QStringLiteral("/blobs/") + name.left(2) + QStringLiteral("/") + name,
                              arriving + name));
        QFile orphan{arriving + QStringLiteral("feedfeedfeedfeedfeedfeedfeedfeed")};
        QVERIFY(orphan.open(QIODevice::WriteOnly));
        orphan.write("half");
        orphan.close();
        QCOMPARE(get("/blob/" + known.file.id.text()).body, std::string{"known"});
        m_world->attachments->recover();
        QCOMPARE(leftovers(), 0);
        QCOMPARE(get("/blob/" + known.file.id.text()).body, std::string{"known"});
    }

    void multipartMessagesCarryFiles()
    {
        tests::Visitor visitor{*m_world};
        const auto conversation = openConversation(visitor);
        const std::string boundary = "----x7";
        const auto part = [&](const std::string &head, const std::string &value) {
            return "--" + boundary + "\r\nContent-Disposition: form-data; " + head + "\r\n\r\n" + value +
                   "\r\n";
        };
        const auto body = part("name=\"content\"", "See both") + part("name=\"private\"", "false") +
                          part("name=\"attachments[]\"; filename=\"a.txt\"", "alpha") +
                          part("name=\"attachments[]\"; filename=\"b.png\"", picture(20, 10));
        const auto path = World::inAccount("/conversations/" + conversation + "/messages");
        const auto send = [&](const std::string &bytes) {
            return m_world->request("POST", path, bytes, {"api_access_token: " + m_world->token},
                                    "multipart/form-data; boundary=" + boundary);
        };
        const auto answer = send(body + "--" + boundary + "--\r\n");
        QCOMPARE(answer.status, 200);
        const auto message = Json::parse(answer.body);
        QCOMPARE(message["content"].get<std::string>(), std::string{"See both"});
        QCOMPARE(message["attachments"].size(), std::size_t{2});
        QCOMPARE(message["attachments"][1]["file_type"].get<std::string>(), std::string{"image"});
        QCOMPARE(message["attachments"][1]["width"].get<int>(), 20);
        const auto url = message["attachments"][0]["data_url"].get<std::string>();
        QCOMPARE(m_world->request("GET", url.substr(url.find("/blob/"))).body, std::string{"alpha"});

        QCOMPARE(send(body).status, 422); // never closed
        QCOMPARE(send("no parts at all").status, 422);
        QCOMPARE(send(part("noname=\"x\"", "y") + "--" + boundary + "--\r\n").status, 422);
        const auto plain = m_world->request("POST", path, body, {"api_access_token: " + m_world->token},
                                            "multipart/form-data");
        QCOMPARE(plain.status, 422); // no boundary named
    }

private:
    tests::JsonAnswer upload(const std::string &name, const std::string &bytes)
    {
        return m_world->upload("/sync/v1/up", m_token, m_world->ids.next().text(), name, bytes);
    }
    tests::Answer get(const std::string &path, std::vector<std::string> headers = {})
    {
        headers.push_back("Authorization: Bearer " + m_token);
        return m_world->request("GET", path, {}, headers);
    }
    int leftovers() const
    {
        return static_cast<int>(
            QDir{m_world->data.path() + QStringLiteral("/blobs/arriving")}.entryList(QDir::Files).size());
    }
    int blobFiles() const
    {
        int count = 0;
        QDirIterator all{m_world->data.path() + QStringLiteral("/blobs"), QDir::Files,
                         QDirIterator::Subdirectories};
        while (all.hasNext()) {
            all.next();
            count += all.filePath().endsWith(QStringLiteral(".thumb")) ? 0 : 1;
        }
        return count;
    }
    std::string openConversation(tests::Visitor &visitor)
    {
        const auto id = visitor.say("Hello", m_world->ids.next().text())["conv"].get<std::string>();
        std::int64_t display = 0;
        m_world->database->read([&](server::storage::Transaction &tx) {
            display = server::conversations::ConversationStore{tx}
                          .find(1, *base::Uuid::parse(id))
                          ->conversation.number;
        });
        return std::to_string(display);
    }

    std::unique_ptr<World> m_world;
    std::string m_token;
};

REGISTER_TEST(UploadsTest);
#include "tst_uploads.moc"
