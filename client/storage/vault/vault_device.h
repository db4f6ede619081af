#pragma once

#include "client/storage/vault/vault.h"

#include <QIODevice>

#include <array>
#include <memory>

class QFileDevice;
class QSaveFile;

namespace client::storage {

/// A file of a vault that is no database: written once from its beginning to its end, read anywhere. On the
/// disk: 16 bytes of salt; its length and a mark, encrypted; the bytes in units of 4096, the last one padded
/// to whole blocks. One thread.
class VaultDevice : public QIODevice {
public:
    VaultDevice(std::shared_ptr<const Vault> vault, QString path, QObject *parent = nullptr);
    ~VaultDevice() override;

    /// ReadOnly or WriteOnly. False for a file that is not of this vault or was cut.
    bool open(OpenMode mode) override;
    /// What was written becomes the file, whole or not at all. False when the disk refused any of it.
    bool commit();
    void close() override;
    [[nodiscard]] qint64 size() const override { return m_size; }
    bool seek(qint64 position) override;

protected:
    qint64 readData(char *to, qint64 most) override;
    qint64 writeData(const char *from, qint64 size) override;

private:
    bool openToRead();
    bool openToWrite();
    bool loadUnit(qint64 number);
    bool storeUnit();

    std::shared_ptr<const Vault> m_vault;
    QString m_path;
    std::unique_ptr<QFileDevice> m_file;
    QSaveFile *m_saving = nullptr; ///< m_file, when writing
    std::string m_salt;
    std::unique_ptr<platform::DiskCipher> m_cipher;
    std::array<char, 4096> m_unit{};
    qint64 m_loaded = -1; ///< the unit in m_unit, when reading
    int m_filled = 0;     ///< bytes in m_unit, when writing
    qint64 m_at = 0;
    qint64 m_size = 0;
    bool m_failed = false;
};

} // namespace client::storage
