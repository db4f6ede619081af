#pragma once

#include "shared/base/result.h"

#include <QObject>
#include <QString>

#include <functional>
#include <memory>
#include <string>

namespace QKeychain {
class Job;
}

namespace client::platform {

/// Secrets of one profile, kept by the system's keychain (libsecret, KWallet, macOS, Windows).
///
/// When no keychain answers, secrets go to `fallbackFile` (mode 0600, written whole and renamed into place),
/// which is then said by `where`, so that the person can be told. A keychain that appears later takes over at
/// the next write. Answers come on the object's thread, never before the call has returned.
class Keychain : public QObject {
    Q_OBJECT

public:
    enum class Place { Keychain, File };
    struct Secret {
        std::string value; ///< empty when there is none
        Place where = Place::Keychain;
    };

    /// `service` names the application and profile in the keychain. `useSystem` false: the file only.
    Keychain(QString service, QString fallbackFile, bool useSystem, QObject *parent = nullptr);
    ~Keychain() override;

    void read(const QString &key, std::function<void(base::Result<Secret>)> answer);
    /// An empty value removes.
    void write(const QString &key, const std::string &value, std::function<void(base::Result<Place>)> answer);

private:
    struct Home;

    /// The library keeps its queue of jobs on the application's thread, whichever thread asks; so jobs are
    /// made and end there, and what they found comes back to this object's thread.
    void ask(std::function<QKeychain::Job *()> make, std::function<void(const QKeychain::Job &)> took);
    base::Result<Secret> readFile(const QString &key) const;
    base::Result<Place> writeFile(const QString &key, const std::string &value) const;
    bool fileHas(const QString &key) const;

    QString m_service;
    QString m_fallbackFile;
    bool m_useSystem;
    std::shared_ptr<Home> m_home;
};

} // namespace client::platform
