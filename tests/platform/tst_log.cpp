#include "server/platform/log.h"
#include "tests/support/register_test.h"

#include <Poco/Logger.h>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

using namespace server;
using platform::LogFormat;
using platform::logLine;

class LogTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void textQuotesWhatNeedsIt_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("shown");
        QTest::newRow("bare") << QByteArray{"abc/def:1"} << QByteArray{"abc/def:1"};
        QTest::newRow("empty") << QByteArray{""} << QByteArray{"\"\""};
        QTest::newRow("blank") << QByteArray{"a b"} << QByteArray{"\"a b\""};
        QTest::newRow("equals") << QByteArray{"a=b"} << QByteArray{"\"a=b\""};
        QTest::newRow("quote") << QByteArray{"a\"b"} << QByteArray{"\"a\\\"b\""};
        QTest::newRow("line break") << QByteArray{"a\r\nlevel=error x"}
                                    << QByteArray{"\"a\\r\\nlevel=error x\""};
        QTest::newRow("escape") << QByteArray{"\x1b[31m"} << QByteArray{"\"\\u001b[31m\""};
        QTest::newRow("C1 control") << QByteArray{"a\xc2\x9b\x33"} << QByteArray{"\"a\\u009b3\""};
        QTest::newRow("delete") << QByteArray{"\x7f"} << QByteArray{"\"\\u007f\""};
        QTest::newRow("letters") << QByteArray{"grüße"} << QByteArray{"\"grüße\""};
        QTest::newRow("no UTF-8") << QByteArray{"\xff"} << QByteArray{"\"\xef\xbf\xbd\""};
    }

    void textQuotesWhatNeedsIt()
    {
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, shown);
        QCOMPARE(logLine(LogFormat::Text, "event", {}, {{"key", value.toStdString()}}),
                 "event key=" + shown.toStdString());
    }

    void jsonParsesWhateverTheValues()
    {
        const std::string hostile{"\"},{\"level\":\"error\"\n\r\t\x01\x7f\xff", 24};
        const auto line = logLine(LogFormat::Json, "ev\"ent", {{"request_id", "r-1"}},
                                  {{"text", hostile}, {"number", 42}, {"flag", true}, {"k\"ey", 1.5}});
        QVERIFY(line.find('\n') == std::string::npos);
        const auto parsed = nlohmann::json::parse(line);
        QCOMPARE(parsed.at("event").get<std::string>(), std::string{"ev\"ent"});
        QCOMPARE(parsed.at("request_id").get<std::string>(), std::string{"r-1"});
        QCOMPARE(parsed.at("number").get<int>(), 42);
        QCOMPARE(parsed.at("flag").get<bool>(), true);
        QCOMPARE(parsed.size(), std::size_t{6});
    }

    void endlessValuesAreCut()
    {
        QVERIFY(logLine(LogFormat::Text, "e", {}, {{"k", std::string(1'000'000, 'x')}}).size() < 5000);
    }

    void linesReachTheFileByLevelAndScope()
    {
        QTemporaryDir folder;
        platform::LogOptions options;
        options.file = folder.filePath(QStringLiteral("log")).toStdString();
        options.format = LogFormat::Json;
        {
            const ports::Log log{platform::makeLogSink(options)};
            log.debug("hidden");
            log.info("seen", {{"n", 1}});
            log.with({"request_id", "r-7"}).error("scoped", {{"n", 2}});
            Poco::Logger::root().error("from poco\nsecond");
            ports::Log{}.error("silent");
        }
        std::ifstream file{options.file};
        std::vector<nlohmann::json> lines;
        for (std::string line; std::getline(file, line);)
            lines.push_back(nlohmann::json::parse(line));
        QCOMPARE(lines.size(), std::size_t{3});
        QCOMPARE(lines[0].at("event").get<std::string>(), std::string{"seen"});
        QCOMPARE(lines[0].at("level").get<std::string>(), std::string{"info"});
        QVERIFY(lines[0].at("at").get<std::string>().ends_with("Z"));
        QCOMPARE(lines[1].at("request_id").get<std::string>(), std::string{"r-7"});
        QCOMPARE(lines[2].at("text").get<std::string>(), std::string{"from poco\nsecond"});
        options.file = "/dev/null/log";
        QVERIFY_EXCEPTION_THROWN(platform::makeLogSink(options), std::runtime_error);
    }

    void levelsHaveNames()
    {
        for (const auto level : {ports::LogLevel::Trace, ports::LogLevel::Warning, ports::LogLevel::Off})
            QVERIFY(platform::logLevelFromText(platform::toText(level)) == level);
        QVERIFY(!platform::logLevelFromText("loud"));
    }
};

REGISTER_TEST(LogTest);
#include "tst_log.moc"
