#include "client/widgets/house.h"
#include "tests/support/register_test.h"

#include <QApplication>
#include <QTest>

#include <cmath>

using namespace client::widgets;

namespace {

double linear(float channel)
{
    const double c = static_cast<double>(channel);
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

double luminance(const QColor &colour)
{
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) +
           0.0722 * linear(colour.blueF());
}

double contrast(const QColor &a, const QColor &b)
{
    const double brighter = std::max(luminance(a), luminance(b));
    const double darker = std::min(luminance(a), luminance(b));
    return (brighter + 0.05) / (darker + 0.05);
}

struct Pair {
    const char *name;
    QColor Tokens::*text;
    QColor Tokens::*surface;
    double atLeast;
};

constexpr double readable = 4.5;
constexpr double outline = 3.0;

const Pair pairs[] = {
    {"text1 on app", &Tokens::text1, &Tokens::app, readable},
    {"text1 on surface", &Tokens::text1, &Tokens::surface, readable},
    {"text1 on raised", &Tokens::text1, &Tokens::raised, readable},
    {"text1 on sunken", &Tokens::text1, &Tokens::sunken, readable},
    {"text1 on hover", &Tokens::text1, &Tokens::hover, readable},
    {"text1 on navSel", &Tokens::text1, &Tokens::navSel, readable},
    {"text1 on sel", &Tokens::text1, &Tokens::sel, readable},
    {"text2 on app", &Tokens::text2, &Tokens::app, readable},
    {"text2 on surface", &Tokens::text2, &Tokens::surface, readable},
    {"text2 on raised", &Tokens::text2, &Tokens::raised, readable},
    {"text2 on sunken", &Tokens::text2, &Tokens::sunken, readable},
    {"text2 on hover", &Tokens::text2, &Tokens::hover, readable},
    {"text2 on navSel", &Tokens::text2, &Tokens::navSel, readable},
    {"text2 on sel", &Tokens::text2, &Tokens::sel, readable},
    {"text3 on app", &Tokens::text3, &Tokens::app, readable},
    {"text3 on surface", &Tokens::text3, &Tokens::surface, readable},
    {"text3 on raised", &Tokens::text3, &Tokens::raised, readable},
    {"text3 on sunken", &Tokens::text3, &Tokens::sunken, readable},
    {"text3 on hover", &Tokens::text3, &Tokens::hover, readable},
    {"text3 on sel", &Tokens::text3, &Tokens::sel, readable},
    {"text3 on bubbleIn", &Tokens::text3, &Tokens::bubbleIn, readable},
    {"accent on surface", &Tokens::accent, &Tokens::surface, readable},
    {"accent on sel", &Tokens::accent, &Tokens::sel, readable},
    {"accent on accentSoft", &Tokens::accent, &Tokens::accentSoft, readable},
    {"accent on bubbleOut", &Tokens::accent, &Tokens::bubbleOut, readable},
    {"accent on bubbleIn", &Tokens::accent, &Tokens::bubbleIn, readable},
    {"accent on noteBg", &Tokens::accent, &Tokens::noteBg, readable},
    {"onAccent on accentFill", &Tokens::onAccent, &Tokens::accentFill, readable},
    {"ok on surface", &Tokens::ok, &Tokens::surface, readable},
    {"ok on okSoft", &Tokens::ok, &Tokens::okSoft, readable},
    {"warn on surface", &Tokens::warn, &Tokens::surface, readable},
    {"warn on warnSoft", &Tokens::warn, &Tokens::warnSoft, readable},
    {"warn on noteBg", &Tokens::warn, &Tokens::noteBg, readable},
    {"bad on surface", &Tokens::bad, &Tokens::surface, readable},
    {"bad on badSoft", &Tokens::bad, &Tokens::badSoft, readable},
    {"bad on sel", &Tokens::bad, &Tokens::sel, readable},
    {"bubbleOutText", &Tokens::bubbleOutText, &Tokens::bubbleOut, readable},
    {"bubbleInText", &Tokens::bubbleInText, &Tokens::bubbleIn, readable},
    {"noteText", &Tokens::noteText, &Tokens::noteBg, readable},
    {"borderControl on surface", &Tokens::borderControl, &Tokens::surface, outline},
    {"borderControl on raised", &Tokens::borderControl, &Tokens::raised, outline},
    {"accentFill on surface", &Tokens::accentFill, &Tokens::surface, outline},
};

} // namespace

class TokensTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void textIsReadableOnEverySurfaceItStandsOn_data()
    {
        QTest::addColumn<double>("ratio");
        QTest::addColumn<double>("atLeast");
        for (const bool dark : {false, true}) {
            const auto tokens = dark ? darkTokens() : lightTokens();
            for (const auto &pair : pairs)
                QTest::addRow("%s %s", dark ? "dark" : "light", pair.name)
                    << contrast(tokens.*pair.text, tokens.*pair.surface) << pair.atLeast;
            for (std::size_t i = 0; i < tokens.avatars.size(); ++i)
                QTest::addRow("%s avatar %zu", dark ? "dark" : "light", i)
                    << contrast(tokens.avatars[i].text, tokens.avatars[i].background) << readable;
        }
    }

    void textIsReadableOnEverySurfaceItStandsOn()
    {
        QFETCH(double, ratio);
        QFETCH(double, atLeast);
        QVERIFY2(ratio >= atLeast, qPrintable(QString::number(ratio)));
    }

    void modeSwitchesPaletteAndTellsFollowers()
    {
        House house{*qApp};
        auto &theme = house.theme();
        theme.setMode(ThemeMode::Light);
        int updates = 0;
        QObject context;
        theme.follow(&context, [&] { ++updates; });
        QCOMPARE(updates, 1);
        theme.setMode(ThemeMode::Dark);
        QCOMPARE(updates, 2);
        QCOMPARE(qApp->palette().color(QPalette::Base), darkTokens().surface);
        theme.setMode(ThemeMode::Light);
        QCOMPARE(qApp->palette().color(QPalette::Base), lightTokens().surface);
    }

    void textScaleIsClampedAndMultipliesFontsAndLengths()
    {
        House house{*qApp};
        auto &theme = house.theme();
        theme.setTextScale(9);
        QCOMPARE(theme.textScale(), 2.0);
        QCOMPARE(theme.font(TextRole::Body).pixelSize(), 28);
        QCOMPARE(theme.px(88), 176);
        theme.setTextScale(0.1);
        QCOMPARE(theme.textScale(), 0.8);
    }

    void everyFontFallsBackToColourEmoji()
    {
        House house{*qApp};
        auto &theme = house.theme();
        for (std::size_t role = 0; role < textStyles.size(); ++role) {
            const auto families = theme.font(static_cast<TextRole>(role)).families();
            QVERIFY(families.contains(QStringLiteral("Noto Color Emoji")));
            QVERIFY(families.first().startsWith(QStringLiteral("Inter")));
        }
    }

    void iconsTakeTheColourAskedForAndTheDeviceRatio()
    {
        House house{*qApp};
        auto &theme = house.theme();
        const QColor red{200, 10, 20};
        const auto icon = theme.icon(QStringLiteral("inbox"), 16, red, 2);
        QCOMPARE(icon.size(), QSize(32, 32));
        const auto image = icon.toImage();
        int painted = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                const auto pixel = image.pixelColor(x, y);
                if (pixel.alpha() < 250)
                    continue;
                ++painted;
                QVERIFY(qAbs(pixel.red() - 200) < 6 && qAbs(pixel.green() - 10) < 6);
            }
        }
        QVERIFY(painted > 20);
    }
};

REGISTER_TEST(TokensTest);
#include "tst_tokens.moc"
