#include "server/ports/assets.h"
#include "tests/support/register_test.h"

#include <QRegularExpression>
#include <QTest>

namespace {

QByteArray toBytes(std::string_view text)
{
    return QByteArray(text.data(), qsizetype(text.size()));
}

} // namespace

/// The files that the server carries: complete, typed, and linked to each other by names that exist.
class AssetsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knowsTheLoader()
    {
        const auto *asset = server::ports::findAsset("/w.js");
        QVERIFY(asset);
        QCOMPARE(toBytes(asset->path), QByteArray("/w.js"));
        QCOMPARE(toBytes(asset->mime), QByteArray("text/javascript; charset=utf-8"));
        QVERIFY(!asset->immutable);
        QVERIFY(asset->etag.size() > 10 && asset->etag.front() == '"' && asset->etag.back() == '"');
        QVERIFY(asset->gzip.size() <= 3 * 1024);
        QVERIFY(asset->gzip.size() > 2 && asset->gzip[0] == '\x1f' && asset->gzip[1] == '\x8b');
    }

    void theFrameNamesFilesThatExist()
    {
        const auto *frame = server::ports::findAsset("/widget/index.html");
        QVERIFY(frame);
        const auto html = QString::fromUtf8(toBytes(frame->bytes));
        QVERIFY(!html.contains(QStringLiteral("{{")));
        static const QRegularExpression reference(QStringLiteral("(?:src|href)=\"(widget/[^\"]+)\""));
        auto matches = reference.globalMatch(html);
        int found = 0;
        for (; matches.hasNext(); ++found) {
            const auto path = "/" + matches.next().captured(1).toStdString();
            const auto *asset = server::ports::findAsset(path);
            QVERIFY2(asset, path.c_str());
            QVERIFY(asset->immutable);
            QVERIFY(!asset->gzip.empty() && asset->gzip.size() < asset->bytes.size());
        }
        QCOMPARE(found, 2);
    }

    void theDemoPageWaitsForItsSnippet()
    {
        const auto *demo = server::ports::findAsset("/demo/index.html");
        QVERIFY(demo);
        QCOMPARE(toBytes(demo->mime), QByteArray("text/html; charset=utf-8"));
        QCOMPARE(toBytes(demo->bytes).count("{{script}}"), 1);
    }

    void knowsNothingElse()
    {
        for (const char *path : {"", "/", "w.js", "/w.js/", "/W.JS", "/widget", "/widget/", "/../w.js",
                                 "/widget/app.js", "/zzz"}) {
            QVERIFY2(!server::ports::findAsset(path), path);
        }
    }
};

REGISTER_TEST(AssetsTest);
#include "tst_assets.moc"
