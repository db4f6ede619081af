#include "server/features/pictures/picture_routes.h"
#include "server/platform/image_tools.h"
#include "server/platform/rate_limiter.h"
#include "tests/server_features/desk.h"
#include "tests/support/register_test.h"

#include <QTemporaryDir>
#include <QTest>

#include <map>

using server::ports::CallOutcome;
using server::ports::HttpRequest;
using server::ports::HttpResponse;
using server::ports::OutgoingCall;
using tests::Desk;

namespace {

const std::string png{"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89", 33};

/// Answers at once, as the address says.
class Web : public server::ports::WaitingClient {
public:
    std::optional<CallOutcome> get(OutgoingCall call) override
    {
        asked.push_back(call);
        CallOutcome outcome;
        if (const auto known = pages.find(call.url); known != pages.end()) {
            outcome.status = 200;
            outcome.body = known->second;
        } else {
            outcome.failure = "address_forbidden";
        }
        return outcome;
    }

    std::map<std::string, std::string> pages;
    std::vector<OutgoingCall> asked;
};

class OneRoute : public server::ports::Router {
public:
    void add(server::ports::Route route) override { m_route = std::move(route); }
    void addWebSocket(std::string, std::shared_ptr<server::ports::WebSocketEndpoint>) override {}
    /// "/proxy/a/b"
    HttpResponse get(const std::string &path)
    {
        HttpRequest request;
        request.remoteNetwork = "192.0.2.1";
        const auto cut = path.find('/', 7);
        request.params = {{"signature", path.substr(7, cut - 7)}, {"address", path.substr(cut + 1)}};
        return m_route.handler(request);
    }

private:
    server::ports::Route m_route;
};

} // namespace

class PicturesTest : public QObject {
    Q_OBJECT

    struct Stage {
        Stage() { routes.add(router); }
        [[nodiscard]] HttpResponse get(const std::string &address) { return router.get(links.path(address)); }

        Desk desk;
        QTemporaryDir folder;
        server::platform::ImageTools media;
        server::platform::MemoryRateLimiter limiter{desk.clock};
        Web web;
        server::pictures::PictureLink links{desk.crypto};
        server::pictures::PictureCache cache{folder.path().toStdString(), desk.clock, desk.random};
        OneRoute router;
        server::pictures::PictureRoutes routes{{links, web, cache, media, limiter, {}}};
    };

private Q_SLOTS:
    void onlyAddressesThatThisServerMadeAreFetched()
    {
        Stage stage;
        stage.web.pages["http://a.example/1.png"] = png;
        const auto path = stage.links.path("http://a.example/1.png");
        QVERIFY(path.starts_with("/proxy/"));
        const auto other = stage.links.path("http://a.example/2.png");
        const auto address = path.substr(path.rfind('/'));
        const auto foreign = other.substr(0, other.rfind('/')) + address;
        QCOMPARE(stage.router.get(foreign).status, 404);
        QCOMPARE(stage.router.get("/proxy/" + address).status, 404);
        QCOMPARE(stage.router.get(path + "A").status, 404);
        QVERIFY(stage.web.asked.empty());
        QCOMPARE(stage.links.path("javascript:alert(1)"), std::string{});
        QCOMPARE(stage.links.path("file:///etc/passwd"), std::string{});
    }

    void aPictureIsFetchedOnceADayAndShownInert()
    {
        Stage stage;
        stage.web.pages["http://a.example/1.png"] = png;
        const auto first = stage.get("http://a.example/1.png");
        QCOMPARE(first.status, 200);
        QCOMPARE(first.body, png);
        QCOMPARE(first.headers.get("Content-Type"), "image/png");
        QCOMPARE(first.headers.get("X-Content-Type-Options"), "nosniff");
        QVERIFY(first.headers.get("Content-Security-Policy").find("sandbox") != std::string_view::npos);
        QVERIFY(first.headers.get("Cache-Control").find("max-age=86400") != std::string_view::npos);
        const auto second = stage.get("http://a.example/1.png");
        QVERIFY(!second.file.empty());
        QCOMPARE(second.headers.get("Content-Type"), "image/png");
        QCOMPARE(stage.web.asked.size(), std::size_t{1});
        QVERIFY(stage.web.asked[0].headers.get("Cookie").empty());
        QVERIFY(stage.web.asked[0].headers.get("Referer").empty());
        QCOMPARE(stage.web.asked[0].method, OutgoingCall::Method::Get);

        stage.desk.clock.advance(std::chrono::hours{25});
        QCOMPARE(stage.get("http://a.example/1.png").status, 200);
        QCOMPARE(stage.web.asked.size(), std::size_t{2});
        stage.web.pages.clear();
        stage.desk.clock.advance(std::chrono::hours{25});
        QVERIFY(!stage.get("http://a.example/1.png").file.empty()); // an old one rather than none
        QCOMPARE(stage.web.asked.size(), std::size_t{3});
        QVERIFY(!stage.get("http://a.example/1.png").file.empty());
        QCOMPARE(stage.web.asked.size(), std::size_t{3});
    }

    void whatIsNoPictureIsRefusedForAMinute_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("a page") << QByteArray{"<html><script>alert(1)</script></html>"};
        QTest::newRow("drawn") << QByteArray{"<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>"};
        QTest::newRow("nothing") << QByteArray{};
        QTest::newRow("a document") << QByteArray{"%PDF-1.4\n"};
    }
    void whatIsNoPictureIsRefusedForAMinute()
    {
        QFETCH(QByteArray, bytes);
        Stage stage;
        stage.web.pages["https://a.example/x.png"] = bytes.toStdString();
        QCOMPARE(stage.get("https://a.example/x.png").status, 502);
        QCOMPARE(stage.get("https://a.example/x.png").status, 502);
        QCOMPARE(stage.web.asked.size(), std::size_t{1});
        QCOMPARE(stage.cache.trim(1 << 20), std::int64_t{0});
        stage.web.pages["https://a.example/x.png"] = png;
        stage.desk.clock.advance(std::chrono::minutes{2});
        QCOMPARE(stage.get("https://a.example/x.png").status, 200);
    }

    void theCacheKeepsToItsRoomAndOutlivesARestart()
    {
        Stage stage;
        for (const auto *name : {"aa", "bb", "cc"}) {
            stage.cache.store(name, png);
            stage.desk.clock.advance(std::chrono::minutes{1});
        }
        QCOMPARE(stage.cache.trim(70), std::int64_t{66});
        QVERIFY(!stage.cache.find("aa")); // the longest held
        server::pictures::PictureCache later{stage.folder.path().toStdString(), stage.desk.clock,
                                             stage.desk.random};
        QVERIFY(later.find("cc") && later.find("cc")->isFresh);
        stage.desk.clock.advance(std::chrono::hours{25});
        QVERIFY(later.find("cc") && !later.find("cc")->isFresh);
    }
};

REGISTER_TEST(PicturesTest);
#include "tst_pictures.moc"
