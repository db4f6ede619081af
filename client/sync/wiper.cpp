#include "client/sync/wiper.h"

#include "client/platform/profile.h"
#include "client/platform/sealing.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

namespace client::sync {

namespace {

bool erase(const QString &path)
{
    if (QFile::remove(path) || !QFile::exists(path))
        return true;
    QFile::resize(path, 0); // somebody holds it open: at least nothing is in it
    return false;
}

bool eraseAll(const QString &directory)
{
    bool all = true;
    QDirIterator files{directory, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories};
    while (files.hasNext())
        all = erase(files.next()) && all;
    return all;
}

// Every page that held words is overwritten; the log of the database as well.
void emptyTables(storage::Connection &connection)
{
    connection.script("PRAGMA secure_delete = ON;\n");
    std::vector<std::string> tables;
    connection.each("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'", {},
                    [&](const storage::RowView &row) { tables.push_back(row.text(0)); });
    {
        storage::Work work{connection};
        for (const auto &table : tables)
            connection.script("DELETE FROM \"" + table + "\";\n");
        work.commit();
    }
    connection.script("VACUUM;\nPRAGMA wal_checkpoint(TRUNCATE);\n");
}

bool sealOutbox(const WipedFiles &files, const std::string &key, const std::string &user)
{
    QFile outbox{files.outboxFile};
    if (!outbox.open(QIODevice::ReadOnly))
        return false;
    const auto sealed = platform::sealedFor(key, outbox.readAll().toStdString());
    if (!sealed)
        return false;
    QSaveFile file{platform::Profile::sealedOutboxFile(files.outboxFile, QString::fromStdString(user))};
    return file.open(QIODevice::WriteOnly) &&
           file.write(sealed->data(), static_cast<qint64>(sealed->size())) ==
               static_cast<qint64>(sealed->size()) &&
           file.commit();
}

} // namespace

bool removeBlobs(const WipedFiles &files)
{
    return eraseAll(files.blobDirectory);
}

bool removeSyncedButSpool(const WipedFiles &files)
{
    bool all = true;
    const QFileInfo cache{files.cacheFile};
    const QDir directory{files.directory};
    for (const auto &name : directory.entryList({cache.fileName() + QLatin1Char{'*'}}, QDir::Files))
        all = erase(directory.filePath(name)) && all;
    return removeBlobs(files) && all;
}

bool removeSynced(const WipedFiles &files)
{
    const bool rest = removeSyncedButSpool(files);
    return eraseAll(files.spoolDirectory) && rest;
}

void destroyAccount(const WipedFiles &files)
{
    removeSynced(files);
    const QFileInfo outbox{files.outboxFile};
    const QDir directory{files.directory};
    const auto name = outbox.fileName();
    for (const auto &left : directory.entryList(
             {name, name + QStringLiteral("-*"), name + QStringLiteral(".damaged-*")}, QDir::Files))
        erase(directory.filePath(left));
}

void emptyOutbox(const WipedFiles &files, protocol::Wipe wipe, const std::string &sealKey,
                 const std::string &user)
{
    const QFileInfo outbox{files.outboxFile};
    const QDir directory{files.directory};
    const auto eraseLike = [&](const QString &pattern) {
        for (const auto &name : directory.entryList({pattern}, QDir::Files))
            erase(directory.filePath(name));
    };
    eraseLike(outbox.fileName() + QStringLiteral(".damaged-*")); // recovered from long ago
    storage::Connection connection{files.outboxFile, storage::Connection::Mode::Durable};
    connection.script("PRAGMA wal_checkpoint(TRUNCATE);\n");
    if (wipe == protocol::Wipe::Cache) {
        if (!sealOutbox(files, sealKey, user))
            throw storage::StorageError{13, "cannot seal the outbox"};
    } else {
        eraseLike(QStringLiteral("*.sealed"));
    }
    emptyTables(connection);
}

base::Status reopenOutbox(const QString &outboxFile, const std::string &user, const std::string &publicKey,
                          const std::string &secretKey)
{
    const auto path = platform::Profile::sealedOutboxFile(outboxFile, QString::fromStdString(user));
    QFile file{path};
    if (!file.exists())
        return base::Done{};
    if (!file.open(QIODevice::ReadOnly))
        return base::Error{base::ErrorCode::Storage, "cannot read " + path.toStdString()};
    const auto plain = platform::unsealed(publicKey, secretKey, file.readAll().toStdString());
    if (!plain)
        return plain.error();
    QSaveFile outbox{outboxFile};
    const bool written =
        outbox.open(QIODevice::WriteOnly) &&
        outbox.write(plain->data(), static_cast<qint64>(plain->size())) == static_cast<qint64>(plain->size());
    for (const auto *tail : {"-wal", "-shm"})
        QFile::remove(outboxFile + QLatin1String{tail});
    if (!written || !outbox.commit())
        return base::Error{base::ErrorCode::Storage, "cannot write " + outboxFile.toStdString()};
    QFile::remove(path);
    return base::Done{};
}

} // namespace client::sync
