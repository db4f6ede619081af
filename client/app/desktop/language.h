#pragma once

#include <QString>
#include <QTranslator>

class QCoreApplication;

namespace client::desktop {

/// The language of the whole program: our strings, Qt's own, formats of numbers and dates.
class Language {
public:
    /// `language` is "de", "en", or empty for the system's. Replaces the one before; widgets made earlier
    /// keep theirs.
    void use(const QString &language, QCoreApplication &application);

private:
    QTranslator m_ours;
    QTranslator m_qt;
};

} // namespace client::desktop
