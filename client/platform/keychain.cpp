#include "client/platform/keychain.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMetaObject>
#include <QSaveFile>
#include <qt6keychain/keychain.h>

#include <mutex>

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

/// Whether the object that asked is still there when a job ends on the application's thread.
struct Keychain::Home {
    std::mutex mutex;
    Keychain *keychain = nullptr; // guarded by mutex
};

Keychain::Keychain(QString service, QString fallbackFile, bool useSystem, QObject *parent)
    : QObject{parent}
    , m_service{std::move(service)}
    , m_fallbackFile{std::move(fallbackFile)}
    , m_useSystem{useSystem}
    , m_home{std::make_shared<Home>()}
{
    m_home->keychain = this;
}

Keychain::~Keychain()
{
    const std::lock_guard lock{m_home->mutex};
    m_home->keychain = nullptr;
}

void Keychain::ask(std::function<QKeychain::Job *()> make, std::function<void(const QKeychain::Job &)> took)
{
    QMetaObject::invokeMethod(
        QCoreApplication::instance(),
        [home = m_home, make = std::move(make), took = std::move(took)] {
            auto *job = make();
            connect(job, &QKeychain::Job::finished, QCoreApplication::instance(),
                    [home, took](QKeychain::Job *done) {
                        done->setAutoDelete(false);
                        const std::shared_ptr<QKeychain::Job> kept{
                            done, [](QKeychain::Job *old) { old->deleteLater(); }};
                        const std::lock_guard lock{home->mutex};
                        if (home->keychain)
                            QMetaObject::invokeMethod(
                                home->keychain, [kept, took] { took(*kept); }, Qt::QueuedConnection);
                    });
            job->start();
        },
        Qt::QueuedConnection);
}

void Keychain::read(const QString &key, std::function<void(base::Result<Secret>)> answer)
{
    if (!m_useSystem || fileHas(key)) {
        QMetaObject::invokeMethod(
            this, [this, key, answer = std::move(answer)] { answer(readFile(key)); }, Qt::QueuedConnection);
        return;
    }
    ask(
        [service = m_service, key] {
            auto *job = new QKeychain::ReadPasswordJob{service, QCoreApplication::instance()};
            job->setKey(key);
            return job;
        },
        [this, key, answer = std::move(answer)](const QKeychain::Job &job) {
            if (job.error() == QKeychain::NoError)
                return answer(
                    Secret{static_cast<const QKeychain::ReadPasswordJob &>(job).textData().toStdString(),
                           Place::Keychain});
            if (job.error() == QKeychain::EntryNotFound)
                return answer(Secret{{}, Place::Keychain});
            answer(readFile(key));
        });
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
    ask(
        [service = m_service, key, value]() -> QKeychain::Job * {
            auto *application = QCoreApplication::instance();
            if (value.empty()) {
                auto *removing = new QKeychain::DeletePasswordJob{service, application};
                removing->setKey(key);
                return removing;
            }
            auto *writing = new QKeychain::WritePasswordJob{service, application};
            writing->setKey(key);
            writing->setTextData(QString::fromStdString(value));
            return writing;
        },
        [this, key, value, answer = std::move(answer)](const QKeychain::Job &job) {
            const bool gone = value.empty() && job.error() == QKeychain::EntryNotFound;
            if (job.error() != QKeychain::NoError && !gone)
                return answer(writeFile(key, value));
            if (fileHas(key))
                if (const auto removed = writeFile(key, {}); !removed)
                    return answer(removed.error());
            answer(Place::Keychain);
        });
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
