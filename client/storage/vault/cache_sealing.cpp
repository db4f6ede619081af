#include "client/storage/vault/cache_sealing.h"

#include "client/storage/connection.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace client::storage {

namespace {

// All of it, or the words of the log would be missing.
bool emptyLog(const QString &file)
{
    try {
        Connection connection{file, Connection::Mode::Relaxed};
        return connection.number("PRAGMA wal_checkpoint(TRUNCATE)") == 0;
    } catch (const StorageError &) {
        return false;
    }
}

void removeLike(const QString &file, const QString &except)
{
    const QFileInfo cache{file};
    const QDir folder{cache.absolutePath()};
    for (const auto &name : folder.entryList({cache.fileName() + QLatin1Char{'*'}}, QDir::Files))
        if (const auto path = folder.filePath(name);
            name != except && !QFile::remove(path) && QFile::exists(path))
            throw StorageError{14, "cannot remove the old cache: " + path.toStdString()};
}

} // namespace

void makeReadyFor(const Vault &vault, const QString &cacheFile)
{
    const auto kind = vault.kindOf(cacheFile);
    if (kind == Vault::Kind::Missing || kind == Vault::Kind::Mine)
        return;
    const bool whole = kind == Vault::Kind::Plain && emptyLog(cacheFile);
    removeLike(cacheFile, whole ? QFileInfo{cacheFile}.fileName() : QString{});
    if (whole && !vault.seal(cacheFile, cacheFile))
        removeLike(cacheFile, {});
}

} // namespace client::storage
