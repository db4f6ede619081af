#include "shared/base/crc32c.h"
#include "shared/base/error_code.h"
#include "shared/base/json.h"
#include "shared/base/text.h"
#include "shared/base/uuid.h"
#include "tests/support/fakes.h"
#include "tests/support/register_test.h"

#include <QTest>

#include <set>
#include <string>

class TstBase : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void crc32cGivesThePublishedValues()
    {
        QCOMPARE(base::crc32cText("123456789"), std::string{"e3069283"});
        QCOMPARE(base::crc32cText(std::string(32, '\0')), std::string{"8a9136aa"}); // RFC 3720, B.4
        QCOMPARE(base::crc32cText(std::string(32, '\xff')), std::string{"62a8ab43"});
        QCOMPARE(base::crc32cText(""), std::string{"00000000"});
        QVERIFY(base::crc32cFromText("e3069283") == 0xe3069283U);
        for (const char *odd : {"", "e306928", "e30692833", "e306928g", "-3069283", "0xe30692"})
            QVERIFY2(!base::crc32cFromText(odd), odd);
    }

    void hexComesBack()
    {
        const std::string bytes{"\0\x7f\x80\xff", 4};
        QVERIFY(base::fromHex(base::toHex(bytes)) == bytes);
        QVERIFY(base::fromHex("007F80fF") == bytes);
        for (const char *odd : {"0", "0g", "+1", " 1", "0x"})
            QVERIFY2(!base::fromHex(odd), odd);
    }

    void everyErrorCodeHasItsOwnName()
    {
        std::set<std::string> names;
        for (int i = 0; i <= static_cast<int>(base::ErrorCode::Unsupported); ++i) {
            const auto code = static_cast<base::ErrorCode>(i);
            const std::string name{base::toText(code)};
            QVERIFY2(names.insert(name).second, name.c_str());
            QVERIFY(base::errorCodeFromText(name) == code);
        }
    }

    void uuidsSortByMakingEvenWhenTheClockGoesBack()
    {
        tests::FakeClock clock;
        tests::SeededRandom random{7};
        base::UuidMaker maker{clock, random};
        auto last = maker.next();
        for (int i = 0; i < 20'000; ++i) {
            if (i % 5000 == 4999)
                clock.advance(base::Duration{-60'000});
            else if (i % 3 == 0)
                clock.advance(base::Duration{1});
            const auto next = maker.next();
            QVERIFY(last < next);
            QCOMPARE(next.raw()[6] >> 4, 7);
            QCOMPARE(next.raw()[8] >> 6, 2);
            last = next;
        }
    }

    void uuidTextIsReadBack()
    {
        const auto id = base::Uuid::parse("0198AA00-0000-7000-8000-0123456789ab");
        QVERIFY(id);
        QCOMPARE(id->text(), std::string{"0198aa00-0000-7000-8000-0123456789ab"});
        QVERIFY(base::Uuid::fromBytes(id->bytes()) == id);
        for (const auto *bad :
             {"", "0198aa00-0000-7000-8000-0123456789a", "0198aa0000007000-8000-0123456789abcd",
              "0198aa00-0000-7000-8000-0123456789ag"})
            QVERIFY2(!base::Uuid::parse(bad), bad);
    }

    void textIsCutBetweenCharacters_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("most");
        QTest::addColumn<QByteArray>("cut");
        QTest::newRow("ascii") << QByteArray{"hello"} << 3 << QByteArray{"hel"};
        QTest::newRow("two bytes") << QByteArray{"äöü"} << 2 << QByteArray{"äö"};
        QTest::newRow("emoji") << QByteArray{"a😀b"} << 2 << QByteArray{"a😀"};
        QTest::newRow("shorter") << QByteArray{"ab"} << 9 << QByteArray{"ab"};
    }

    void textIsCutBetweenCharacters()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, most);
        QFETCH(QByteArray, cut);
        QCOMPARE(base::truncated(text.toStdString(), static_cast<std::size_t>(most)), cut.toStdString());
    }

    void brokenUtf8IsSeen_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("good");
        QTest::newRow("plain") << QByteArray{"abc äöü 漢字 😀"} << true;
        QTest::newRow("overlong") << QByteArray{"\xc0\xaf"} << false;
        QTest::newRow("surrogate") << QByteArray{"\xed\xa0\x80"} << false;
        QTest::newRow("cut") << QByteArray{"\xe6\xbc"} << false;
        QTest::newRow("beyond") << QByteArray{"\xf4\x90\x80\x80"} << false;
        QTest::newRow("lone tail") << QByteArray{"a\x80"} << false;
    }

    void brokenUtf8IsSeen()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, good);
        QCOMPARE(base::isUtf8(text.toStdString()), good);
    }

    void cleaningKeepsLinesAndDropsControls()
    {
        QCOMPARE(base::cleaned(std::string_view{"a\r\nb\rc\0d\x1b[0m\te", 14}),
                 std::string{"a\nb\ncd[0m\te"});
        QCOMPARE(base::preview("  one\n\n two\tthree ", 9), std::string{"one two …"});
    }

    void base64UrlComesBack()
    {
        tests::SeededRandom random{3};
        for (std::size_t size = 0; size < 70; ++size) {
            std::string bytes(size, '\0');
            random.fill(bytes.data(), size);
            QCOMPARE(base::fromBase64Url(base::toBase64Url(bytes)), bytes);
        }
        QVERIFY(base::fromBase64Url("a+b").empty());
    }

    void secretsCompareWhole()
    {
        QVERIFY(base::equalSecrets("same", "same"));
        QVERIFY(!base::equalSecrets("same", "sama"));
        QVERIFY(!base::equalSecrets("same", "sames"));
        QVERIFY(!base::equalSecrets("x", ""));
        QVERIFY(base::equalSecrets("", ""));
    }

    void jsonIsBounded()
    {
        QVERIFY(base::parseJson("{\"a\":[1,2,{\"b\":\"" + std::string(40, '[') + "\"}]}"));
        QVERIFY(base::parseJson(std::string(33, '[') + std::string(33, ']')).error().code ==
                base::ErrorCode::Invalid);
        QVERIFY(!base::parseJson(std::string(100'000, '[')));
        QVERIFY(base::parseJson(R"({"a":1})", {.bytes = 3}).error().code == base::ErrorCode::TooLarge);
        for (const auto *bad : {"", "{", "{\"a\":}", "[1,]", "nul", "\"\xc0\"", "{\"a\":1} x", "NaN"})
            QVERIFY2(!base::parseJson(bad), bad);
    }

    void fieldReadersTakeOnlyTheirType()
    {
        const auto json = base::parseJson(
            R"({"n":9007199254740993,"big":18446744073709551615,"f":1.5,"s":"x","b":true,"z":null})");
        QVERIFY(json);
        QCOMPARE(base::integerField(*json, "n").value(), 9007199254740993LL);
        QVERIFY(!base::integerField(*json, "big"));
        QVERIFY(!base::integerField(*json, "f"));
        QVERIFY(!base::integerField(*json, "s"));
        QVERIFY(!base::textField(*json, "n"));
        QVERIFY(!base::textField(*json, "z"));
        QVERIFY(!base::flagField(base::Json::array(), "b"));
        QVERIFY(base::flagField(*json, "b").value());
    }
};

REGISTER_TEST(TstBase);
#include "tst_base.moc"
