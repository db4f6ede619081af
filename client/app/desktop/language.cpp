#include "client/app/desktop/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>

// Outside of a namespace: the macro declares a function of the resource compiler.
static void loadTranslations()
{
    Q_INIT_RESOURCE(deskbell_translations);
}

namespace client::desktop {

void Language::use(const QString &language, QCoreApplication &application)
{
    loadTranslations();
    // Somebody who chooses the language the system speaks keeps the system's formats.
    const auto system = QLocale::system();
    const auto wanted = language.isEmpty() ? system : QLocale{language};
    const auto locale = wanted.language() == system.language() ? system : wanted;
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
