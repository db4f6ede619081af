#include "server/platform/text_patterns.h"
#include "tests/support/register_test.h"

#include <QElapsedTimer>
#include <QTest>

/// Patterns that administrators write, held against answers that strangers write.
class TextPatternsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aPatternIsFoundOrNot()
    {
        const server::platform::LinearPatterns patterns;
        QVERIFY(patterns.matches("^[A-Z]{2}-\\d{4}$", "AB-1234") == true);
        QVERIFY(patterns.matches("^[A-Z]{2}-\\d{4}$", "AB-12345") == false);
        QVERIFY(patterns.matches("\\d", "has 1 digit") == true);
        QVERIFY(patterns.matches("^\\p{L}+$", "Zoë") == true);
        QVERIFY(patterns.matches("^a$", "a\nb") == false);
    }

    void whatCannotBeUsedIsSaidToBe()
    {
        const server::platform::LinearPatterns patterns;
        for (const auto *pattern : {"(", "[", "(?=a)b", "(a)\\1", "(?<!x)y", "a{1001}{1001}", "\\"})
            QVERIFY2(!patterns.matches(pattern, "ab"), pattern);
        QVERIFY(!patterns.matches(std::string(5000, 'a'), "a"));
    }

    void noPatternTakesLongForAnyText()
    {
        const server::platform::LinearPatterns patterns;
        auto text = std::string(4000, 'a');
        text.push_back('!');
        QElapsedTimer clock;
        clock.start();
        for (const auto *pattern : {"^(a+)+$", "^(a|aa)+$", "^(.*a){20}$", "^(([a-z])+.)+[A-Z]([a-z])+$",
                                    "(x+x+)+y", "^(\\w+\\s?)*$"})
            QVERIFY(patterns.matches(pattern, text) == false);
        QVERIFY2(clock.elapsed() < 5000, std::to_string(clock.elapsed()).c_str());
    }
};

REGISTER_TEST(TextPatternsTest);
#include "tst_text_patterns.moc"
