#include "client/platform/profile.h"

#include <QDir>
#include <QFile>
#include <QLockFile>
#include <QStandardPaths>

namespace client::platform {

namespace {

constexpr auto ownerOnly = QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner;

} // namespace

QString Profile::standardDirectory(const QString &name)
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) +
           QStringLiteral("/deskbell/") + name;
}

base::Result<std::unique_ptr<Profile>> Profile::open(const QString &directory)
{
    const QDir dir{directory};
    const auto path = dir.absolutePath();
    for (const auto &folder : {path, path + QStringLiteral("/blobs"), path + QStringLiteral("/spool")}) {
        if (!QDir{}.mkpath(folder))
            return base::Error{base::ErrorCode::Storage, "cannot make the directory " + folder.toStdString()};
        QFile::setPermissions(folder, ownerOnly);
    }
    auto lock = std::make_unique<QLockFile>(path + QStringLiteral("/lock"));
    lock->setStaleLockTime(0); // a lock is stale only when its process is gone
    if (!lock->tryLock(0)) {
        if (lock->error() == QLockFile::LockFailedError)
            return base::Error{base::ErrorCode::Busy,
                               "Deskbell already runs with the profile " + path.toStdString()};
        return base::Error{base::ErrorCode::Storage, "cannot write in the directory " + path.toStdString()};
    }
    return std::unique_ptr<Profile>{new Profile{path, std::move(lock)}};
}

Profile::Profile(QString directory, std::unique_ptr<QLockFile> lock)
    : m_directory{std::move(directory)}
    , m_lock{std::move(lock)}
{
}

Profile::~Profile() = default;

} // namespace client::platform
