#include "client/storage/vault/vault_device.h"

#include <QFile>
#include <QSaveFile>
#include <QtEndian>

#include <algorithm>
#include <cstring>

namespace client::storage {

namespace {

constexpr qint64 saltLength = 16;
constexpr qint64 head = 32; // salt, length, mark
constexpr qint64 unit = 4096;
constexpr auto block = static_cast<qint64>(platform::DiskCipher::block);
constexpr std::string_view mark = "deskbell";

qint64 wholeBlocks(qint64 size)
{
    return (size + block - 1) / block * block;
}

// Counted from the second unit on: the head has the first position.
std::uint64_t positionOf(qint64 number)
{
    return static_cast<std::uint64_t>((number + 1) * unit);
}

} // namespace

VaultDevice::VaultDevice(std::shared_ptr<const Vault> vault, QString path, QObject *parent)
    : QIODevice{parent}
    , m_vault{std::move(vault)}
    , m_path{std::move(path)}
{
}

VaultDevice::~VaultDevice()
{
    VaultDevice::close();
}

bool VaultDevice::open(OpenMode mode)
{
    const bool ready = mode == ReadOnly ? openToRead() : mode == WriteOnly && openToWrite();
    // Without a buffer between: positions here are those of the units.
    return ready && QIODevice::open(mode | Unbuffered);
}

bool VaultDevice::openToRead()
{
    m_file = std::make_unique<QFile>(m_path);
    if (!m_file->open(ReadOnly))
        return false;
    const auto begin = m_file->read(head);
    if (begin.size() != head)
        return false;
    m_cipher = m_vault->keys().cipher({begin.constData(), saltLength}, VaultKeys::Purpose::File);
    std::array<char, block> known{};
    if (!m_cipher || !m_cipher->decrypt(0, begin.constData() + saltLength, known.data(), known.size()) ||
        std::string_view{known.data() + 8, mark.size()} != mark)
        return false;
    m_size = qFromLittleEndian<qint64>(known.data());
    return m_size >= 0 && m_file->size() == head + wholeBlocks(m_size);
}

bool VaultDevice::openToWrite()
{
    auto file = std::make_unique<QSaveFile>(m_path);
    m_saving = file.get();
    m_file = std::move(file);
    m_salt = platform::secretBytes(saltLength);
    m_cipher = m_vault->keys().cipher(m_salt, VaultKeys::Purpose::File);
    return m_cipher && m_file->open(WriteOnly) && m_file->write(QByteArray(head, '\0')) == head;
}

void VaultDevice::close()
{
    if (m_saving)
        m_saving->cancelWriting();
    m_saving = nullptr;
    m_file.reset();
    QIODevice::close();
}

bool VaultDevice::seek(qint64 position)
{
    if (m_saving || position < 0 || position > m_size || !QIODevice::seek(position))
        return false;
    m_at = position;
    return true;
}

bool VaultDevice::loadUnit(qint64 number)
{
    if (m_loaded == number)
        return true;
    m_loaded = -1;
    const auto length = wholeBlocks(std::min(unit, m_size - number * unit));
    if (!m_file->seek(head + number * unit) || m_file->read(m_unit.data(), length) != length ||
        !m_cipher->decrypt(positionOf(number), m_unit.data(), m_unit.data(),
                           static_cast<std::size_t>(length)))
        return false;
    m_loaded = number;
    return true;
}

qint64 VaultDevice::readData(char *to, qint64 most)
{
    qint64 done = 0;
    while (done < most && m_at < m_size) {
        if (!loadUnit(m_at / unit))
            return -1;
        const auto skip = m_at % unit;
        const auto part = std::min({most - done, unit - skip, m_size - m_at});
        std::memcpy(to + done, m_unit.data() + skip, static_cast<std::size_t>(part));
        done += part;
        m_at += part;
    }
    return done;
}

qint64 VaultDevice::writeData(const char *from, qint64 size)
{
    for (qint64 done = 0; done < size;) {
        const auto part = std::min(size - done, unit - m_filled);
        std::memcpy(m_unit.data() + m_filled, from + done, static_cast<std::size_t>(part));
        m_filled += static_cast<int>(part);
        done += part;
        if (m_filled == unit && !storeUnit())
            return -1;
    }
    return size;
}

bool VaultDevice::storeUnit()
{
    const auto length = wholeBlocks(m_filled);
    std::memset(m_unit.data() + m_filled, 0, static_cast<std::size_t>(length - m_filled));
    const auto position = positionOf(m_size / unit);
    m_failed = m_failed ||
               !m_cipher->encrypt(position, m_unit.data(), m_unit.data(), static_cast<std::size_t>(length)) ||
               m_file->write(m_unit.data(), length) != length;
    m_size += m_filled;
    m_filled = 0;
    return !m_failed;
}

bool VaultDevice::commit()
{
    if (!m_saving || (m_filled > 0 && !storeUnit()) || m_failed)
        return false;
    std::array<char, head> begin{};
    std::memcpy(begin.data(), m_salt.data(), saltLength);
    qToLittleEndian<qint64>(m_size, begin.data() + saltLength);
    std::memcpy(begin.data() + saltLength + 8, mark.data(), mark.size());
    const bool stored = m_cipher->encrypt(0, begin.data() + saltLength, begin.data() + saltLength, block) &&
                        m_file->seek(0) && m_file->write(begin.data(), head) == head && m_saving->commit();
    m_saving = nullptr;
    return stored;
}

} // namespace client::storage
