#include "server/features/attachments/upload_store.h"
#include "shared/base/crc32c.h"
#include "shared/protocol/limits.h"
#include "tests/rest/world.h"
#include "tests/support/register_test.h"

#include <QBuffer>
#include <QDir>
#include <QDirIterator>
#include <QImage>
#include <QTest>

#include <random>
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

std::string noise(std::size_t size, int seed)
{
    std::mt19937 chance{static_cast<unsigned>(seed)};
    std::string bytes(size, '\0');
    for (auto &byte : bytes)
        byte = static_cast<char>(chance());
    return bytes;
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
        QCOMPARE(answer.status, 200);
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
                             << QByteArray{"<svg xmlns=\"http:"
                                           "//www.w3.org/2000/svg\" onload=\"alert(1)\"/>"};
        QTest::newRow("text") << QByteArray{"a.html"} << QByteArray{"just words"};
        QTest::newRow("xml") << QByteArray{"a.xml"} << QByteArray{"<?xml version=\"1.0\"?><a/>"};
    }

    void dangerousKindsAreNeverShownInline()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, bytes);
        const auto answer = upload(name.toStdString(), bytes.toStdString());
        QCOMPARE(answer.status, 200);
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
        // Through the visitors' door, whose header can carry what JSON cannot.
        const tests::Visitor visitor{*m_world};
        const auto id = m_world->ids.next();
        const auto answer =
            m_world->upload("/w/v1/up", visitor.token, id.text(), given.toStdString(), "words");
        QCOMPARE(answer.status, 201);
        QCOMPARE(QByteArray::fromStdString(answer.body["name"].get<std::string>()), kept);
        const auto file = m_world->request("GET", m_world->links.path(id, false));
        QCOMPARE(file.status, 200);
        QVERIFY(file.head.find("Set-Cookie:") == std::string::npos);
    }

    void theSameIdIsTheSameFile()
    {
        const auto id = m_world->ids.next().text();
        QCOMPARE(m_world->uploadInPieces(m_token, id, "a.txt", "one").status, 200);
        const auto again = m_world->announce(m_token, id, "b.txt", "one");
        QCOMPARE(again.status, 200);
        QCOMPARE(again.body["name"].get<std::string>(), std::string{"a.txt"});
        QCOMPARE(again.body["complete"].get<bool>(), true);
        QCOMPARE(m_world->announce(m_token, id, "b.txt", "two").status, 409);
        QCOMPARE(get("/blob/" + id).body, std::string{"one"});
    }

    void manySendersOfOneIdStoreOneFile()
    {
        const auto before = blobFiles();
        const auto id = m_world->ids.next().text();
        const auto bytes = noise(200000, 7);
        std::vector<std::thread> senders;
        for (int i = 0; i < 8; ++i)
            senders.emplace_back([&] {
                for (int round = 0; round < 200; ++round) {
                    const auto stands = m_world->announce(m_token, id, "x.txt", bytes);
                    const auto offset = static_cast<std::size_t>(stands.body.value("offset", 0));
                    if (offset >= bytes.size())
                        return;
                    m_world->sendPiece(m_token, id, offset, bytes.substr(offset, 9000));
                }
            });
        for (auto &sender : senders)
            sender.join();
        QCOMPARE(blobFiles(), before + 1);
        QVERIFY(get("/blob/" + id).body == bytes);
    }

    void anUploadGoesOnWhereItStands()
    {
        const auto bytes = noise(50000, 1);
        const auto id = m_world->ids.next().text();
        const auto begun = m_world->announce(m_token, id, "n.bin", bytes);
        QCOMPARE(begun.status, 201);
        QCOMPARE(begun.body["offset"].get<int>(), 0);
        QCOMPARE(m_world->sendPiece(m_token, id, 0, bytes.substr(0, 20000)).body["offset"].get<int>(), 20000);
        QCOMPARE(get("/blob/" + id).status, 404);
        const auto stands = head(id);
        QCOMPARE(stands.status, 200);
        QCOMPARE(stands.header("Upload-Offset"), std::string{"20000"});
        QCOMPARE(stands.header("Upload-Length"), std::string{"50000"});
        m_world->attachments->recover(); // what a restart does
        const auto again = m_world->announce(m_token, id, "n.bin", bytes);
        QCOMPARE(again.status, 200);
        QCOMPARE(again.body["offset"].get<int>(), 20000);
        const auto done = m_world->sendPiece(m_token, id, 20000, bytes.substr(20000));
        QCOMPARE(done.status, 200);
        QCOMPARE(done.body["complete"].get<bool>(), true);
        QVERIFY(get("/blob/" + id).body == bytes);
        QCOMPARE(head(id).header("Upload-Offset"), std::string{"50000"});
        QCOMPARE(leftovers(), 0);
    }

    void aPieceMustFit()
    {
        const auto bytes = noise(1000, 2);
        const auto id = m_world->ids.next().text();
        m_world->announce(m_token, id, "n.bin", bytes);
        m_world->sendPiece(m_token, id, 0, bytes.substr(0, 400));
        for (const std::size_t wrong :
             {std::size_t{0}, std::size_t{399}, std::size_t{401}, std::size_t{5000}}) {
            const auto answer = m_world->sendPiece(m_token, id, wrong, bytes.substr(0, 100));
            QCOMPARE(answer.status, 409);
            QCOMPARE(answer.raw.header("Upload-Offset"), std::string{"400"});
        }
        const auto damaged = m_world->sendPiece(m_token, id, 400, bytes.substr(400, 100), "00000000");
        QCOMPARE(damaged.status, 460);
        const auto more = m_world->sendPiece(m_token, id, 400, bytes.substr(400) + "one too many");
        QCOMPARE(more.status, 413);
        for (const char *odd : {"-1", "+4", "4x", "", "99999999999999999999"}) {
            const auto answer =
                m_world->request("PATCH", "/sync/v1/up/" + id, "x",
                                 {"Authorization: Bearer " + m_token, "Upload-Offset: " + std::string{odd},
                                  "Content-CRC32C: " + base::crc32cText("x")});
            QVERIFY2(answer.status == 422 || answer.status == 400, odd);
        }
        QCOMPARE(m_world->sendPiece(m_token, id, 400, "x", "no hex!!").status, 422);
        QCOMPARE(m_world->sendPiece(m_token, id, 400, "").status, 422);
        QCOMPARE(m_world->sendPiece(m_token, id, 400, bytes.substr(400)).status, 200);
        QVERIFY(get("/blob/" + id).body == bytes);
    }

    void aFileThatIsNotTheAnnouncedOneBeginsAnew()
    {
        const auto bytes = noise(3000, 3);
        auto other = bytes;
        other[1500] = static_cast<char>(other[1500] ^ 1);
        const auto id = m_world->ids.next().text();
        m_world->announce(m_token, id, "n.bin", bytes);
        const auto lie = m_world->sendPiece(m_token, id, 0, other);
        QCOMPARE(lie.status, 422);
        QCOMPARE(lie.body["code"].get<std::string>(), std::string{"hash"});
        QCOMPARE(lie.raw.header("Upload-Offset"), std::string{"0"});
        QCOMPARE(head(id).header("Upload-Offset"), std::string{"0"});
        QCOMPARE(get("/blob/" + id).status, 404);
        QCOMPARE(m_world->sendPiece(m_token, id, 0, bytes).status, 200);
        QVERIFY(get("/blob/" + id).body == bytes);
    }

    void strangersSeeNothing()
    {
        const auto bytes = noise(1000, 4);
        const auto id = m_world->ids.next().text();
        m_world->announce(m_token, id, "n.bin", bytes);
        m_world->addAgent("mallory", true);
        const auto other = m_world->deviceTokenOf("mallory@example.com", m_world->password);
        QVERIFY(!other.empty());
        const auto unknown = m_world->ids.next().text();
        for (const auto &[bearer, which] : {std::pair{other, id}, std::pair{m_token, unknown}}) {
            QCOMPARE(m_world->sendPiece(bearer, which, 0, bytes).status, 410);
            QCOMPARE(m_world->request("HEAD", "/sync/v1/up/" + which, {}, {"Authorization: Bearer " + bearer})
                         .status,
                     410);
        }
        QCOMPARE(m_world->announce(other, id, "n.bin", bytes).status, 409);
        QCOMPARE(m_world->sendPiece("wrong", id, 0, bytes).status, 401);
        QCOMPARE(m_world->sendPiece(m_token, id, 0, bytes).status, 200);
        QCOMPARE(m_world->announce(other, id, "n.bin", bytes).status, 409); // nor does the hash open it
        QCOMPARE(m_world->sendPiece(other, id, 0, bytes).status, 410);
    }

    void aBackupOlderThanTheDatabaseBeginsAnew()
    {
        const auto bytes = noise(3000, 5);
        const auto id = m_world->ids.next();
        m_world->announce(m_token, id.text(), "n.bin", bytes);
        m_world->sendPiece(m_token, id.text(), 0, bytes.substr(0, 2000));
        m_world->database->read([&](server::storage::Transaction &tx) {
            const auto upload = server::attachments::UploadStore{tx}.find(id);
            QVERIFY(QFile::resize(m_world->data.path() + QStringLiteral("/blobs/arriving/") +
                                      QString::fromStdString(upload->fileName),
                                  500));
        });
        const auto answer = m_world->sendPiece(m_token, id.text(), 2000, bytes.substr(2000));
        QCOMPARE(answer.status, 409);
        QCOMPARE(answer.raw.header("Upload-Offset"), std::string{"0"});
        QCOMPARE(m_world->sendPiece(m_token, id.text(), 0, bytes).status, 200);
        QVERIFY(get("/blob/" + id.text()).body == bytes);
    }

    // Cuts at random bytes of random requests, with restarts of the server's half in between.
    void anyCutLeavesAFileThatCanBeFinished()
    {
        constexpr unsigned seed = 20260;
        std::mt19937 chance{seed};
        const auto below = [&chance](std::size_t most) {
            return std::uniform_int_distribution<std::size_t>{0, most - 1}(chance);
        };
        for (int run = 0; run < 12; ++run) {
            const auto bytes = noise(1 + below(120000), 100 + run);
            const auto id = m_world->ids.next().text();
            const auto before = blobFiles();
            QCOMPARE(m_world->announce(m_token, id, "cut.bin", bytes).status, 201);
            std::size_t offset = 0;
            for (int step = 0; offset < bytes.size(); ++step) {
                QVERIFY2(step < 400, qPrintable(QStringLiteral("seed %1, run %2").arg(seed).arg(run)));
                const auto piece = bytes.substr(offset, 1 + below(bytes.size()));
                const auto request =
                    "PATCH /sync/v1/up/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + m_token +
                    "\r\nUpload-Offset: " + std::to_string(offset) +
                    "\r\nContent-CRC32C: " + base::crc32cText(piece) +
                    "\r\nContent-Length: " + std::to_string(piece.size()) + "\r\n\r\n" + piece;
                {
                    tests::RawClient client{m_world->port()};
                    const bool whole = below(3) == 0;
                    client.write(request.substr(0, whole ? request.size() : below(request.size())));
                    client.finish();
                    if (below(2) == 0)
                        (void)client.answer();
                }
                if (below(5) == 0)
                    m_world->attachments->recover();
                const auto stands = head(id);
                QCOMPARE(stands.status, 200);
                offset = std::stoul(stands.header("Upload-Offset"));
            }
            QVERIFY2(get("/blob/" + id).body == bytes, qPrintable(QStringLiteral("seed %1").arg(seed)));
            QCOMPARE(blobFiles(), before + 1);
        }
        QCOMPARE(leftovers(), 0);
    }

    void theCapHolds()
    {
        const base::Json huge{{"id", m_world->ids.next().text()},
                              {"size", protocol::maxUploadBytes + 1},
                              {"sha256", std::string(64, '0')},
                              {"name", "huge"}};
        QCOMPARE(
            m_world->request("POST", "/sync/v1/up", base::toText(huge), {"Authorization: Bearer " + m_token})
                .status,
            413);
        const auto id = m_world->ids.next().text();
        m_world->announce(m_token, id, "n.bin", "words");
        tests::RawClient client{m_world->port()};
        client.write("PATCH /sync/v1/up/" + id + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + m_token +
                     "\r\nContent-Length: " + std::to_string(protocol::maxUploadPiece + 1) + "\r\n\r\n");
        const auto answer = client.answer();
        QVERIFY(answer.has_value());
        QCOMPARE(answer->status, 413);
        QCOMPARE(m_world->sendPiece(m_token, id, 0, "words").status, 200);
    }

    void badAnnouncementsAreNamed()
    {
        const auto announce = [&](base::Json json) {
            return m_world
                ->request("POST", "/sync/v1/up", base::toText(json), {"Authorization: Bearer " + m_token})
                .status;
        };
        const base::Json good{
            {"id", m_world->ids.next().text()}, {"size", 3}, {"sha256", std::string(64, 'a')}, {"name", "a"}};
        const std::vector<std::pair<const char *, base::Json>> wrong{{"id", "no-uuid"},
                                                                     {"id", ""},
                                                                     {"size", 0},
                                                                     {"size", -4},
                                                                     {"size", "3"},
                                                                     {"sha256", "abc"},
                                                                     {"sha256", std::string(64, 'g')}};
        for (const auto &[field, value] : wrong) {
            auto bad = good;
            bad[field] = value;
            QCOMPARE(announce(bad), 422);
            bad.erase(field);
            QCOMPARE(announce(bad), 422);
        }
        QCOMPARE(m_world->announce("wrong", m_world->ids.next().text(), "a", "x").status, 401);
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
        using std::chrono::hours;
        const auto ago = [&](hours time) { return base::toMs(m_world->clock.now() - time); };
        const auto age = [&](const base::Uuid &id, hours time) {
            m_world->write([&](server::sync::WriteContext &ctx) -> base::Status {
                ctx.tx().run("UPDATE attachments SET created_at = ? WHERE id = ?", {ago(time), id});
                ctx.tx().run("UPDATE uploads SET touched_at = ? WHERE id = ?", {ago(time), id});
                return base::Done{};
            });
        };
        const auto lives = [&](const base::Uuid &id) {
            m_world->attachments->expireUnused();
            return head(id.text()).status == 200;
        };
        const auto whole = *base::Uuid::parse(upload("old.txt", "old").body["id"].get<std::string>());
        const auto half = m_world->ids.next();
        m_world->announce(m_token, half.text(), "h.bin", noise(2000, 6));
        m_world->sendPiece(m_token, half.text(), 0, "words");
        const auto before = blobFiles();
        for (const auto &id : {whole, half}) {
            age(id, hours{6 * 24});
            QVERIFY(lives(id));
        }
        // The program was heard of since: nothing waits there.
        for (const auto &id : {whole, half}) {
            age(id, hours{8 * 24});
            QVERIFY(!lives(id));
        }
        QCOMPARE(blobFiles(), before - 2);
        QCOMPARE(m_world->sendPiece(m_token, half.text(), 5, "more").status, 410);
    }

    void uploadsOfAProgramThatIsAwayLiveLonger()
    {
        using std::chrono::hours;
        const auto seen = [&](hours time) {
            m_world->write([&](server::sync::WriteContext &ctx) -> base::Status {
                ctx.tx().run("UPDATE devices SET last_seen_at = ?",
                             {base::toMs(m_world->clock.now() - time)});
                return base::Done{};
            });
        };
        const auto id = *base::Uuid::parse(upload("away.txt", "away").body["id"].get<std::string>());
        const auto age = [&](hours time) {
            m_world->write([&](server::sync::WriteContext &ctx) -> base::Status {
                ctx.tx().run("UPDATE attachments SET created_at = ? WHERE id = ?",
                             {base::toMs(m_world->clock.now() - time), id});
                return base::Done{};
            });
        };
        seen(hours{29 * 24 + 1});
        age(hours{29 * 24});
        m_world->attachments->expireUnused();
        QVERIFY(m_world->attachments->find(id).has_value());
        seen(hours{31 * 24 + 1});
        age(hours{31 * 24});
        m_world->attachments->expireUnused();
        QVERIFY(!m_world->attachments->find(id).has_value());
    }

    void aStartSettlesWhatACrashLeft()
    {
        const auto known = *m_world->attachments->find(
            *base::Uuid::parse(upload("k.txt", "known").body["id"].get<std::string>()));
        const auto arriving = m_world->data.path() + QStringLiteral("/blobs/arriving/");
        const auto name = QString::fromStdString(known.fileName);
        QVERIFY(QFile::rename(m_world->data.path() + QStringLiteral("/blobs/") + name.left(2) +
                                  QStringLiteral("/") + name,
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
        return m_world->uploadInPieces(m_token, m_world->ids.next().text(), name, bytes);
    }
    tests::Answer head(const std::string &id)
    {
        return m_world->request("HEAD", "/sync/v1/up/" + id, {}, {"Authorization: Bearer " + m_token});
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
