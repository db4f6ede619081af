#include "client/widgets/theme/font_set.h"

#include <QDir>
#include <QFontDatabase>
#include <QtMath>

using namespace Qt::Literals::StringLiterals;

namespace client::widgets {

FontSet::FontSet() : m_systemFamily{QFontDatabase::systemFont(QFontDatabase::GeneralFont).family()}
{
    const QDir bundled{u":/deskbell/fonts"_s};
    for (const auto &file : bundled.entryList(QDir::Files))
        QFontDatabase::addApplicationFont(bundled.filePath(file));
    setScale(1);
}

void FontSet::setScale(double scale)
{
    m_fonts.clear();
    m_metrics.clear();
    for (const auto &style : textStyles) {
        QStringList families;
        if (style.display) {
            for (const char *family : displayFamilies)
                families << QString::fromLatin1(family);
        } else {
            for (const char *family : textFamilies)
                families << QString::fromLatin1(family);
        }
        families << m_systemFamily;
        // Named outright: otherwise the system may pick a monochrome fallback for emoji.
        for (const char *family : emojiFamilies)
            families << QString::fromLatin1(family);
        QFont font;
        font.setFamilies(families);
        font.setPixelSize(qMax(1, qRound(style.px * scale)));
        font.setWeight(static_cast<QFont::Weight>(style.weight));
        font.setHintingPreference(QFont::PreferNoHinting);
        m_metrics.emplace_back(font);
        m_fonts.push_back(font);
    }
}

} // namespace client::widgets
