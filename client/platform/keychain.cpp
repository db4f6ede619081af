#include "client/platform/keychain.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMetaObject>
#include <QSaveFile>
#include <qt6keychain/keychain.h>

namespace client::platform {

namespace {

QJsonObject loaded(const QString &path)
{
    QFile file{path};
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QJsonDocument::fromJson(file.readAll()).object();
}

} // namespace

Keychain::Keychain(QString service, QString fallbackFile, bool useSystem, QObject *parent)
    : QObject{parent}
    , m_service{std::move(service)}
    , m_fallbackFile{std::move(fallbackFile)}
    , m_useSystem{useSystem}
{
}

void Keychain::read(const QString &key, std::function<void(base::Result<Secret>)> answer)
{
    if (!m_useSystem || fileHas(key)) {
        QMetaObject::invokeMethod(
            this, [this, key, answer = std::move(answer)] { answer(readFile(key)); }, Qt::QueuedConnection);
        return;
    }
    auto *job = new QKeychain::ReadPasswordJob{m_service, this};
    job->setKey(key);
    connect(job, &QKeychain::Job::finished, this, [this, job, key, answer = std::move(answer)] {
        if (job->error() == QKeychain::NoError)
            return answer(Secret{job->textData().toStdString(), Place::Keychain});
        if (job->error() == QKeychain::EntryNotFound)
            return answer(Secret{{}, Place::Keychain});
        answer(readFile(key));
    });
    job->start();
}

void Keychain::write(const QString &key, const std::string &value,
                     std::function<void(base::Result<Place>)> answer)
{
    if (!m_useSystem) {
        QMetaObject::invokeMethod(
            this, [this, key, value, answer = std::move(answer)] { answer(writeFile(key, value)); },
            Qt::QueuedConnection);
        return;
    }
    QKeychain::Job *job = nullptr;
    if (value.empty()) {
        job = new QKeychain::DeletePasswordJob{m_service, this};
    } else {
        auto *writing = new QKeychain::WritePasswordJob{m_service, this};
        writing->setTextData(QString::fromStdString(value));
        job = writing;
    }
    job->setKey(key);
    connect(job, &QKeychain::Job::finished, this, [this, job, key, value, answer = std::move(answer)] {
        const bool gone = value.empty() && job->error() == QKeychain::EntryNotFound;
        if (job->error() != QKeychain::NoError && !gone)
            return answer(writeFile(key, value));
        if (fileHas(key))
            if (const auto removed = writeFile(key, {}); !removed)
                return answer(removed.error());
        answer(Place::Keychain);
    });
    job->start();
}

base::Result<Keychain::Secret> Keychain::readFile(const QString &key) const
{
    return Secret{loaded(m_fallbackFile).value(key).toString().toStdString(), Place::File};
}

bool Keychain::fileHas(const QString &key) const
{
    return loaded(m_fallbackFile).contains(key);
}

base::Result<Keychain::Place> Keychain::writeFile(const QString &key, const std::string &value) const
{
    auto object = loaded(m_fallbackFile);
    if (value.empty())
        object.remove(key);
    else
        object.insert(key, QString::fromStdString(value));
    if (object.isEmpty()) {
        QFile::remove(m_fallbackFile);
        return Place::File;
    }
    QSaveFile file{m_fallbackFile};
    if (!file.open(QIODevice::WriteOnly))
        return base::Error{base::ErrorCode::Storage, "cannot write " + m_fallbackFile.toStdString()};
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    file.write(QJsonDocument{object}.toJson(QJsonDocument::Compact));
    if (!file.commit())
        return base::Error{base::ErrorCode::Storage, "cannot write " + m_fallbackFile.toStdString()};
    return Place::File;
}

} // namespace client::platform
