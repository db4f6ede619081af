#include "client/storage/vault/vault.h"

#include "client/storage/vault/file_system.h"
#include "client/storage/vault/layout.h"
#include "client/storage/vault/sealed_file.h"

#include <QFile>
#include <QSaveFile>
#include <QUrl>

#include <atomic>
#include <cstring>
#include <sqlite3.h>

namespace client::storage {

namespace {

// Positions in the two files overlap, so they must not share a key.
const char *nameOf(Vault::Purpose purpose)
{
    switch (purpose) {
    case Vault::Purpose::Database:
        return "deskbell database 1";
    case Vault::Purpose::Log:
        return "deskbell log 1";
    case Vault::Purpose::File:
        break;
    }
    return "deskbell file 1";
}

std::string_view view(const QByteArray &bytes)
{
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

bool isPlain(std::string_view firstPage)
{
    return firstPage.substr(0, magic.size()) == magic;
}

} // namespace

std::shared_ptr<const Vault> Vault::make(std::string_view key)
{
    if (key.size() != keySize)
        return nullptr;
    std::shared_ptr<Vault> vault{new Vault{key}};
    if (!makeFileSystem(*vault->m_vfs, vault->m_name.c_str(), *vault) ||
        ::sqlite3_vfs_register(vault->m_vfs.get(), 0) != SQLITE_OK)
        return nullptr;
    return vault;
}

Vault::Vault(std::string_view key) : m_key{key}, m_vfs{std::make_unique<sqlite3_vfs>()}
{
    static std::atomic<int> next{0};
    m_name = "deskbell-" + std::to_string(next++);
}

Vault::~Vault()
{
    ::sqlite3_vfs_unregister(m_vfs.get());
    platform::forget(m_key);
}

QString Vault::address(const QString &file) const
{
    return QStringLiteral("file:") + QString::fromLatin1(QUrl::toPercentEncoding(file, "/")) +
           QStringLiteral("?vfs=") + QString::fromStdString(m_name);
}

Vault::Kind Vault::kindOf(const QString &path) const
{
    QFile file{path};
    if (!file.exists() || file.size() == 0)
        return Kind::Missing;
    if (!file.open(QIODevice::ReadOnly))
        return Kind::Strange;
    const auto page = file.read(pageSize);
    if (isPlain(view(page)))
        return Kind::Plain;
    return opens(view(page)) ? Kind::Mine : Kind::Strange;
}

bool Vault::seal(const QString &plain, const QString &sealed) const
{
    QFile from{plain};
    QSaveFile to{sealed};
    const auto salt = platform::secretBytes(saltSize);
    const auto with = cipher(salt, Purpose::Database);
    if (!with || !from.open(QIODevice::ReadOnly) || from.size() % pageSize != 0 ||
        !to.open(QIODevice::WriteOnly))
        return false;
    to.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    for (std::int64_t at = 0; at < from.size(); at += pageSize) {
        auto page = from.read(pageSize);
        if (page.size() != pageSize || (at == 0 && !looksLikeOurs(view(page).substr(saltSize))))
            return false;
        auto *bytes = page.data();
        const auto kept = at == 0 ? saltSize : 0;
        if (!with->encrypt(static_cast<std::uint64_t>(at), bytes + kept, bytes + kept, pageSize - kept))
            return false;
        if (at == 0)
            std::memcpy(bytes, salt.data(), saltSize);
        if (to.write(page) != pageSize)
            return false;
    }
    return to.commit();
}

std::unique_ptr<platform::DiskCipher> Vault::cipher(std::string_view salt, Purpose purpose) const
{
    auto key = platform::derivedKey(m_key, salt, nameOf(purpose), platform::DiskCipher::keySize);
    auto made = platform::DiskCipher::make(key);
    platform::forget(key);
    return made;
}

bool Vault::opens(std::string_view firstPage) const
{
    if (firstPage.size() < static_cast<std::size_t>(pageSize) || isPlain(firstPage))
        return false;
    const auto with = cipher(firstPage.substr(0, saltSize), Purpose::Database);
    std::string start(platform::DiskCipher::block, '\0');
    return with && with->decrypt(0, firstPage.data() + saltSize, start.data(), start.size()) &&
           looksLikeOurs(start);
}

} // namespace client::storage
