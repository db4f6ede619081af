#include "client/features/conversations/ui/file_access.h"

#include <QLocale>

namespace client::conversations {

QString sizeText(std::int64_t bytes)
{
    return QLocale{}.formattedDataSize(bytes, bytes < 10'000'000 ? 1 : 0, QLocale::DataSizeSIFormat);
}

QString safeFileName(const QString &name)
{
    QString safe;
    for (const auto letter : name.section(QLatin1Char{'/'}, -1).section(QLatin1Char{'\\'}, -1)) {
        const bool isFormat = letter.category() == QChar::Other_Format; // turns text round, hides an ending
        safe += !letter.isPrint() || isFormat || QStringLiteral("<>:\"|?*").contains(letter)
                    ? QLatin1Char{'_'}
                    : letter;
    }
    while (safe.startsWith(QLatin1Char{'.'}))
        safe.remove(0, 1);
    safe = safe.trimmed().right(120);
    return safe.isEmpty() ? QStringLiteral("file") : safe;
}

} // namespace client::conversations
