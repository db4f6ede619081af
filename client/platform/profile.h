#pragma once

#include "shared/base/result.h"

#include <QString>

#include <memory>

class QLockFile;

namespace client::platform {

/// One person's directory: what was made, what was synced, files. Held by one program at a time.
class Profile {
public:
    /// The directory of the profile called `name`, below the system's place for application data
    /// (XDG_DATA_HOME).
    static QString standardDirectory(const QString &name = QStringLiteral("default"));

    /// Makes the directory (0700) when missing and locks it. Fails with Storage when it cannot be used, with
    /// Busy when another program holds it; the detail is a sentence for people.
    static base::Result<std::unique_ptr<Profile>> open(const QString &directory);
    ~Profile();

    [[nodiscard]] const QString &directory() const { return m_directory; }
    [[nodiscard]] QString outboxFile() const { return m_directory + QStringLiteral("/outbox.db"); }
    /// What a user wrote, after their device was wiped: opens with their next sign-in only.
    [[nodiscard]] static QString sealedOutboxFile(const QString &outboxFile, const QString &user)
    {
        return outboxFile + QLatin1Char{'.'} + user + QStringLiteral(".sealed");
    }
    [[nodiscard]] QString cacheFile() const { return m_directory + QStringLiteral("/cache.db"); }
    [[nodiscard]] QString blobDirectory() const { return m_directory + QStringLiteral("/blobs"); }
    [[nodiscard]] QString spoolDirectory() const { return m_directory + QStringLiteral("/spool"); }
    /// Where secrets go when no keychain answers: a plain file only its owner can read.
    [[nodiscard]] QString secretsFile() const
    {
        return m_directory + QStringLiteral("/secrets-without-keychain.json");
    }

private:
    Profile(QString directory, std::unique_ptr<QLockFile> lock);

    QString m_directory;
    std::unique_ptr<QLockFile> m_lock;
};

} // namespace client::platform
