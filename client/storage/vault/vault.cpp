#include "client/storage/vault/vault.h"

#include "client/storage/vault/file_system.h"
#include "client/storage/vault/layout.h"

#include <QFile>
#include <QSaveFile>
#include <QUrl>

#include <atomic>
#include <cstring>
#include <sqlite3.h>

namespace client::storage {

namespace {

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
    if (!makeFileSystem(*vault->m_vfs, vault->m_name.c_str(), vault->m_keys) ||
        ::sqlite3_vfs_register(vault->m_vfs.get(), 0) != SQLITE_OK)
        return nullptr;
    return vault;
}

Vault::Vault(std::string_view key) : m_keys{key}, m_vfs{std::make_unique<sqlite3_vfs>()}
{
    static std::atomic<int> next{0};
    m_name = "deskbell-" + std::to_string(next++);
}

Vault::~Vault()
{
    ::sqlite3_vfs_unregister(m_vfs.get());
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
    return m_keys.open(view(page)) ? Kind::Mine : Kind::Strange;
}

bool Vault::seal(const QString &plain, const QString &sealed) const
{
    QFile from{plain};
    QSaveFile to{sealed};
    const auto salt = platform::secretBytes(saltSize);
    const auto with = m_keys.cipher(salt, VaultKeys::Purpose::Database);
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

} // namespace client::storage
