#include "server/platform/descriptor.h"
#include "server/platform/image_size.h"
#include "server/platform/image_tools.h"
#include "tests/platform/loopback.h"
#include "tests/support/register_test.h"

#include <QBuffer>
#include <QImage>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <fstream>
#include <random>

using namespace server;
using platform::imageSizeOf;
using ports::ImageSize;

namespace {

std::string picture(const char *format, int width, int height)
{
    QImage image{width, height, QImage::Format_RGB32};
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            image.setPixelColor(x, y, QColor{x % 256, y % 256, (x * y) % 256});
    QByteArray bytes;
    QBuffer buffer{&bytes};
    buffer.open(QIODevice::WriteOnly);
    return image.save(&buffer, format) ? bytes.toStdString() : std::string{};
}

/// A JPEG whose Exif says how it is turned.
std::string turnedJpeg(int width, int height, char orientation)
{
    const auto plain = picture("JPG", width, height);
    std::string exif{"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0", 24};
    exif += orientation;
    exif += std::string(7, '\0');
    const auto length = exif.size() + 2;
    return plain.substr(0, 2) + "\xff\xe1" + static_cast<char>(length >> 8) +
           static_cast<char>(length & 0xff) + exif + plain.substr(2);
}

struct Folder {
    std::string put(const std::string &name, const std::string &bytes)
    {
        const auto path = folder.filePath(QString::fromStdString(name)).toStdString();
        std::ofstream{path, std::ios::binary} << bytes;
        return path;
    }
    QTemporaryDir folder;
};

} // namespace

class ImageToolsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sizesAreRead()
    {
        QVERIFY(imageSizeOf(picture("PNG", 320, 200)) == (ImageSize{320, 200}));
        QVERIFY(imageSizeOf(picture("JPG", 33, 7)) == (ImageSize{33, 7}));
        QVERIFY(imageSizeOf(turnedJpeg(33, 7, 1)) == (ImageSize{33, 7}));
        QVERIFY(imageSizeOf(turnedJpeg(33, 7, 6)) == (ImageSize{7, 33}));
        QVERIFY(imageSizeOf(std::string{"GIF89a\x0a\0\x14\0\0\0\0", 13}) == (ImageSize{10, 20}));
        QVERIFY(imageSizeOf(std::string{"RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\x09\xc0\x04\0\0\0\0\0", 30}) ==
                (ImageSize{10, 20}));
        QVERIFY(!imageSizeOf(picture("BMP", 5, 5)));
        QVERIFY(!imageSizeOf(""));
        QVERIFY(!imageSizeOf("<svg width='5' height='5'/>"));
    }

    void brokenPicturesHaveNoSizeAndHarmNothing()
    {
        const auto seed = std::random_device{}();
        qInfo("seed %u", seed);
        std::mt19937 random{seed};
        const std::vector<std::string> good{picture("PNG", 9, 9), turnedJpeg(9, 9, 8)};
        for (int i = 0; i < 20'000; ++i) {
            auto bytes = good[static_cast<std::size_t>(i) % good.size()].substr(0, random() % 200);
            for (auto n = random() % 8; n > 0 && !bytes.empty(); --n)
                bytes[random() % bytes.size()] = static_cast<char>(random());
            const auto size = imageSizeOf(bytes);
            QVERIFY(!size || (size->width > 0 && size->height > 0));
        }
    }

    void typesAreToldByContent()
    {
        Folder folder;
        const platform::ImageTools tools;
        QCOMPARE(tools.typeOf(folder.put("a.txt", picture("PNG", 4, 4))), std::string{"image/png"});
        QCOMPARE(tools.typeOf(folder.put("b.png", "%PDF-1.4\n%")), std::string{"application/pdf"});
        QCOMPARE(tools.typeOf(folder.put("c.png", "just text\n")), std::string{"text/plain"});
        QCOMPARE(tools.typeOf(folder.put("d.png", "")), std::string{"application/octet-stream"});
        QCOMPARE(tools.typeOf(
                     folder.put("e.png", "<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>")),
                 std::string{"image/svg+xml"});
        QCOMPARE(tools.typeOf("/nonexistent"), std::string{"application/octet-stream"});
        QCOMPARE(tools.typeOfBytes(picture("JPG", 4, 4)), std::string{"image/jpeg"});
        QVERIFY(tools.imageSize(folder.put("f", picture("PNG", 12, 34))) == (ImageSize{12, 34}));
        QVERIFY(!tools.imageSize("/nonexistent"));
    }

    void thumbnailsFitTheirBox()
    {
        Folder folder;
        const platform::ImageTools tools;
        if (!tools.canMakeThumbnails())
            QSKIP("vipsthumbnail is not installed");
        const auto photo = tools.thumbnail(folder.put("[a b]%s.jpg", picture("JPG", 1200, 600)), 300);
        QVERIFY2(photo, photo ? "" : photo.error().detail.c_str());
        QCOMPARE(photo->mime, std::string{"image/jpeg"});
        QVERIFY(photo->size == (ImageSize{300, 150}));
        QVERIFY(imageSizeOf(photo->bytes) == photo->size);
        const auto drawing = tools.thumbnail(folder.put("b", picture("PNG", 100, 400)), 200);
        QVERIFY(drawing);
        QCOMPARE(drawing->mime, std::string{"image/png"});
        QVERIFY(drawing->size == (ImageSize{50, 200}));
        const auto small = tools.thumbnail(folder.put("c", picture("PNG", 20, 10)), 200);
        QVERIFY(small && small->size == (ImageSize{20, 10})); // never made larger
        const auto turned = tools.thumbnail(folder.put("d", turnedJpeg(400, 200, 6)), 100);
        QVERIFY(turned && turned->size == (ImageSize{50, 100}));
    }

    void dangerousOrBrokenFilesAreRefused()
    {
        Folder folder;
        const platform::ImageTools tools;
        using base::ErrorCode;
        const auto code = [&](const std::string &path) { return tools.thumbnail(path, 100).error().code; };
        QCOMPARE(code(folder.put("a.png", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")),
                 ErrorCode::Unsupported);
        QCOMPARE(code(folder.put("b.png", "%PDF-1.4\n")), ErrorCode::Unsupported);
        QCOMPARE(code(folder.put("c.png", std::string{"\0\0\0\x18"
                                                      "ftypheic\0\0\0\0mif1heic",
                                                      24})),
                 ErrorCode::Unsupported);
        QCOMPARE(code(folder.put("d.png", "text")), ErrorCode::Unsupported);
        QCOMPARE(code("/nonexistent.png"), ErrorCode::NotFound);
        QCOMPARE(code("/dev/zero"), ErrorCode::Unsupported);
        auto bomb = picture("PNG", 16, 16);
        bomb.replace(16, 8, std::string{"\0\0\xff\xff\0\0\xff\xff", 8});
        QCOMPARE(code(folder.put("e.png", bomb)), ErrorCode::TooLarge);
        if (tools.canMakeThumbnails())
            QCOMPARE(code(folder.put("f.png", picture("PNG", 64, 64).substr(0, 40))), ErrorCode::Unavailable);
    }

    void withoutTheToolThereIsNoThumbnail()
    {
        Folder folder;
        platform::ImageToolsOptions options;
        options.searchPath = folder.folder.path().toStdString();
        const platform::ImageTools tools{options};
        QVERIFY(!tools.canMakeThumbnails());
        QCOMPARE(tools.thumbnail(folder.put("a", picture("PNG", 64, 64)), 32).error().code,
                 base::ErrorCode::Unavailable);
        QVERIFY(tools.imageSize(folder.put("a", picture("PNG", 64, 64))) == (ImageSize{64, 64}));
    }

    void aChildIsHeldToItsLimits()
    {
        Folder folder;
        const platform::Descriptor input{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
        const auto shell = platform::findProgram("sh", "/nonexistent:/bin:/usr/bin");
        QVERIFY(!shell.empty());
        platform::ChildLimits limits;
        limits.output = 100'000;
        const auto run = [&](const std::string &script) {
            return platform::runChild(shell, {"-c", script}, {"ONLY=this"}, input.get(), limits);
        };
        const auto good = run("echo $ONLY $HOME");
        QVERIFY(good.succeeded);
        QCOMPARE(good.output, std::string{"this\n"});
        QVERIFY(!run("exit 3").succeeded);
        limits.time = std::chrono::milliseconds{300};
        QVERIFY(!run("while :; do :; done").succeeded);
        QVERIFY(!run("exec 1>&-; while :; do :; done").succeeded);
        limits.time = tests::patience;
        QVERIFY(!run("while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done").succeeded);
        const auto file = folder.folder.filePath(QStringLiteral("written")).toStdString();
        QVERIFY(!run("echo much > " + file).succeeded);
        QVERIFY(!platform::runChild("/nonexistent", {}, {}, input.get(), limits).succeeded);
    }
};

REGISTER_TEST(ImageToolsTest);
#include "tst_image_tools.moc"
