#include "server/platform/config.h"
#include "tests/support/register_test.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace server::platform;

namespace {

/// A file in a folder that goes with it.
struct File {
    explicit File(const std::string &text) { std::ofstream{path} << text; }
    QTemporaryDir folder;
    std::string path = folder.filePath(QStringLiteral("deskbell.toml")).toStdString();
};

} // namespace

class ConfigTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void defaultsHold()
    {
        const auto loaded = loadConfig({});
        QVERIFY(loaded);
        QCOMPARE(loaded->values.listen, std::string{"127.0.0.1:8080"});
        QCOMPARE(loaded->values.uploadBytes, std::int64_t{41'943'040});
        QCOMPARE(loaded->sources.find("listen")->second, std::string{"default"});
        QCOMPARE(loaded->sources.size(), configKeys().size());
    }

    void laterPlacesWin()
    {
        const File file{"listen = \"0.0.0.0:1\"\ntrusted_proxies = [\"10.0.0.0/8\", \"::1\"]\n\n[limits]\n"
                        "upload_bytes = 5\nheader_bytes = 2048\n[log]\nlevel = \"debug\"\n"};
        ConfigInput input;
        input.file = file.path;
        input.environment = {
            {"DESKBELL_LISTEN", "0.0.0.0:2"}, {"DESKBELL_LIMITS_UPLOAD_BYTES", "6"}, {"HOME", "/x"}};
        input.flags = {{"listen", "0.0.0.0:3"}};
        const auto loaded = loadConfig(input);
        QVERIFY(loaded);
        QCOMPARE(loaded->values.listen, std::string{"0.0.0.0:3"});
        QCOMPARE(loaded->values.uploadBytes, std::int64_t{6});
        QCOMPARE(loaded->values.headerBytes, std::int64_t{2048});
        QCOMPARE(loaded->values.trustedProxies, (std::vector<std::string>{"10.0.0.0/8", "::1"}));
        QCOMPARE(loaded->sources.find("listen")->second, std::string{"--listen"});
        QCOMPARE(loaded->sources.find("limits.upload_bytes")->second,
                 std::string{"DESKBELL_LIMITS_UPLOAD_BYTES"});
        QCOMPARE(loaded->sources.find("limits.header_bytes")->second, file.path + ":6");
        QVERIFY(loaded->explain().find("limits.header_bytes = 2048  # " + file.path + ":6\n") !=
                std::string::npos);
    }

    void listsComeFromOneText()
    {
        ConfigInput input;
        input.environment = {{"DESKBELL_TRUSTED_PROXIES", " 10.0.0.1 ,192.0.2.0/24,, "}};
        QCOMPARE(loadConfig(input)->values.trustedProxies,
                 (std::vector<std::string>{"10.0.0.1", "192.0.2.0/24"}));
    }

    void mistakesAreNamed_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("error");
        QTest::newRow("unknown key") << QByteArray{"\nlisten_on = \"x\""}
                                     << QByteArray{
                                            ":2: unknown key listen_on; the nearest known one is listen"};
        QTest::newRow("unknown in a section")
            << QByteArray{"[limits]\nupload_byte = 1"}
            << QByteArray{":2: unknown key limits.upload_byte; the nearest known one is limits.upload_bytes"};
        QTest::newRow("unknown section")
            << QByteArray{"[lgo]\nlevel = \"info\""} << QByteArray{":1: unknown key lgo; "};
        QTest::newRow("value for a section") << QByteArray{"log = 1"} << QByteArray{":1: unknown key log; "};
        QTest::newRow("number as text") << QByteArray{"[limits]\nheader_bytes = \"2048\""}
                                        << QByteArray{":2: limits.header_bytes must be a whole number"};
        QTest::newRow("text as number")
            << QByteArray{"listen = 80"} << QByteArray{":1: listen must be a text in quotes"};
        QTest::newRow("mixed list") << QByteArray{"trusted_proxies = [\"::1\", 5]"}
                                    << QByteArray{":1: trusted_proxies must be a list of texts in quotes"};
        QTest::newRow("no TOML") << QByteArray{"listen = \n"} << QByteArray{":1: "};
        QTest::newRow("bad range") << QByteArray{"trusted_proxies = [\"10.0.0.0/99\"]"}
                                   << QByteArray{":1: trusted_proxies no address range: 10.0.0.0/99"};
        QTest::newRow("bad port") << QByteArray{"listen = \"127.0.0.1:70000\""}
                                  << QByteArray{":1: listen must be"};
        QTest::newRow("bad level") << QByteArray{"[log]\nlevel = \"loud\""}
                                   << QByteArray{":2: log.level must be one of"};
        QTest::newRow("half of TLS") << QByteArray{"[tls]\nkey = \"k.pem\""}
                                     << QByteArray{"needs tls.key as well"};
        QTest::newRow("bad url") << QByteArray{"public_url = \"support.example.com\""}
                                 << QByteArray{":1: public_url must"};
        QTest::newRow("out of range") << QByteArray{"[limits]\nheader_bytes = 5"}
                                      << QByteArray{":2: limits.header_bytes must be between 1024 and 65536"};
    }

    void mistakesAreNamed()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, error);
        if (error == "needs tls.key as well")
            error = "tls.certificate needs tls.key as well";
        const File written{file.toStdString()};
        ConfigInput input;
        input.file = written.path;
        const auto loaded = loadConfig(input);
        QVERIFY(!loaded);
        QVERIFY2(loaded.error().detail.find(error.toStdString()) != std::string::npos,
                 loaded.error().detail.c_str());
        QCOMPARE(loaded.error().code, base::ErrorCode::Invalid);
    }

    void unknownVariablesAndFlagsAreErrors()
    {
        ConfigInput variables;
        variables.environment = {{"DESKBELL_LISTN", "x"}};
        QCOMPARE(
            loadConfig(variables).error().detail,
            std::string{
                "environment: unknown variable DESKBELL_LISTN; the nearest known one is DESKBELL_LISTEN"});
        variables.environment = {{"DESKBELL_LIMITS_UPLOAD_BYTES", "many"}};
        QCOMPARE(loadConfig(variables).error().detail,
                 std::string{"environment: DESKBELL_LIMITS_UPLOAD_BYTES must be a number"});
        variables.environment = {{"DESKBELL_SOURCE", "/src"}};
        QVERIFY(loadConfig(variables));
        ConfigInput flags;
        flags.flags = {{"log.levle", "x"}};
        QCOMPARE(loadConfig(flags).error().detail,
                 std::string{"unknown flag --log.levle; the nearest known one is --log.level"});
        ConfigInput missing;
        missing.file = "/nonexistent/deskbell.toml";
        QVERIFY(!loadConfig(missing));
    }
};

REGISTER_TEST(ConfigTest);
#include "tst_config.moc"
