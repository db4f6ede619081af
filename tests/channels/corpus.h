#pragma once

#include "shared/base/json.h"

#include <QDir>
#include <QFile>

#include <string>

/// Material made elsewhere: looked for in DESKBELL_SHARED, else beside the sources.
namespace tests {

inline QString corpusFolder()
{
    const auto named = qEnvironmentVariable("DESKBELL_SHARED");
    const auto shared =
        named.isEmpty() ? qEnvironmentVariable("DESKBELL_SOURCE") + QStringLiteral("/../shared") : named;
    return shared + QStringLiteral("/testdata/email");
}

inline bool hasCorpus()
{
    return QDir{corpusFolder()}.exists();
}

/// Empty when there is no such file.
inline std::string corpusFile(const QString &name)
{
    QFile file{corpusFolder() + QLatin1Char('/') + name};
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string{};
}

/// Every mail, as names for corpusFile().
inline QStringList corpusMails()
{
    QStringList result;
    QDir top{corpusFolder()};
    for (const auto &folder : top.entryList(QDir::Dirs | QDir::NoDotAndDotDot))
        for (const auto &file : QDir{top.filePath(folder)}.entryList({QStringLiteral("*.eml")}, QDir::Files))
            result << folder + QLatin1Char('/') + file;
    return result;
}

} // namespace tests
