#pragma once

#include "shared/base/result.h"

#include <QObject>
#include <QString>

#include <functional>
#include <string>

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

    void read(const QString &key, std::function<void(base::Result<Secret>)> answer);
    /// An empty value removes.
    void write(const QString &key, const std::string &value, std::function<void(base::Result<Place>)> answer);

private:
    base::Result<Secret> readFile(const QString &key) const;
    base::Result<Place> writeFile(const QString &key, const std::string &value) const;
    bool fileHas(const QString &key) const;

    QString m_service;
    QString m_fallbackFile;
    bool m_useSystem;
};

} // namespace client::platform
