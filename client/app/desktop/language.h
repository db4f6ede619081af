#pragma once

#include <QString>
#include <QTranslator>

class QCoreApplication;

namespace client::desktop {

/// Bundled strings by the bare names of their classes: lupdate does not read nested namespaces, so the
/// catalogue has none, and look-ups leave them out.
class Catalogue : public QTranslator {
    Q_OBJECT

public:
    using QTranslator::QTranslator;

    [[nodiscard]] QString translate(const char *context, const char *source, const char *disambiguation,
                                    int n) const override;
};

/// The language of the whole program: our strings, Qt's own, formats of numbers and dates.
class Language {
public:
    /// `language` is "de", "en", or empty for the system's. Replaces the one before; widgets made earlier
    /// keep theirs.
    void use(const QString &language, QCoreApplication &application);

private:
    Catalogue m_ours;
    QTranslator m_qt;
};

} // namespace client::desktop
