#include "client/app/desktop/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>

#include <string>
#include <string_view>

// Outside of a namespace: the macro declares a function of the resource compiler.
static void loadTranslations()
{
    Q_INIT_RESOURCE(deskbell_translations);
}

namespace client::desktop {

QString Catalogue::translate(const char *context, const char *source, const char *disambiguation, int n) const
{
    if (const auto text = QTranslator::translate(context, source, disambiguation, n); !text.isNull())
        return text;
    const std::string_view full{context ? context : ""};
    const auto colons = full.rfind("::");
    const std::string bare{colons == std::string_view::npos ? full : full.substr(colons + 2)};
    return QTranslator::translate(bare.c_str(), source, disambiguation, n);
}

void Language::use(const QString &language, QCoreApplication &application)
{
    loadTranslations();
    // Somebody who chooses the language the system speaks keeps the system's formats.
    const auto system = QLocale::system();
    const auto wanted = language.isEmpty() ? system : QLocale{language};
    auto locale = wanted.language() == system.language() ? system : wanted;
    if (locale.language() == QLocale::C)
        locale = QLocale{QLocale::English,
                         QLocale::UnitedKingdom}; // no language was set: readable dates, at least
    QLocale::setDefault(locale);
    application.removeTranslator(&m_ours);
    application.removeTranslator(&m_qt);
    if (m_qt.load(locale, QStringLiteral("qtbase"), QStringLiteral("_"),
                  QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        application.installTranslator(&m_qt);
    if (m_ours.load(locale, QStringLiteral("deskbell"), QStringLiteral("_"), QStringLiteral(":/i18n")))
        application.installTranslator(&m_ours);
}

} // namespace client::desktop
