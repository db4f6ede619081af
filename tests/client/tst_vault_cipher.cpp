#include "client/platform/disk_cipher.h"
#include "client/storage/vault/layout.h"
#include "client/storage/vault/sealed_file.h"
#include "client/storage/vault/vault_device.h"
#include "shared/base/text.h"
#include "tests/support/register_test.h"

#include <QMessageAuthenticationCode>
#include <QTemporaryDir>
#include <QTest>

#include <openssl/evp.h>
#include <random>
#include <sqlite3.h>

namespace tests {

using client::platform::DiskCipher;
using client::storage::Layout;
using client::storage::SealedFile;
using client::storage::Vault;
using client::storage::VaultDevice;

/// What lies between SQLite and the disk, without SQLite: the cipher against the standard and against XTS
/// made of single blocks here, and files against strings.
class VaultCipherTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theStandardsVector();
    void theKeysVector();
    void equalsXtsMadeOfSingleBlocks();
    void blocksStandAlone();
    void refusesWeakKeys();
    void unitsFollowEachOther();
    void behavesLikeAFile_data();
    void behavesLikeAFile();
    void filesAreReadAnywhere();
    void aDamagedFileIsNone();
};

namespace {

std::string bytes(const char *hex)
{
    return base::fromHex(hex).value_or("");
}

std::string ascending(std::size_t size)
{
    std::string text(size, '\0');
    for (std::size_t i = 0; i < size; ++i)
        text[i] = static_cast<char>(i & 0xff);
    return text;
}

std::string noise(std::mt19937_64 &random, std::size_t size)
{
    std::string text(size, '\0');
    for (auto &letter : text)
        letter = static_cast<char>(random() & 0xff);
    return text;
}

// One block of AES-256.
std::string aes(const std::string &key, const std::string &block)
{
    auto *context = EVP_CIPHER_CTX_new();
    std::string out(32, '\0');
    int size = 0;
    EVP_EncryptInit_ex(context, EVP_aes_256_ecb(), nullptr,
                       reinterpret_cast<const unsigned char *>(key.data()), nullptr);
    EVP_CIPHER_CTX_set_padding(context, 0);
    EVP_EncryptUpdate(context, reinterpret_cast<unsigned char *>(out.data()), &size,
                      reinterpret_cast<const unsigned char *>(block.data()), 16);
    EVP_CIPHER_CTX_free(context);
    return out.substr(0, 16);
}

std::string mixed(std::string text, const std::string &with)
{
    for (std::size_t i = 0; i < text.size(); ++i)
        text[i] = static_cast<char>(text[i] ^ with[i]);
    return text;
}

// IEEE 1619-2007, 5.3, written down from the standard: whole blocks, then the stolen ciphertext.
std::string xts(const std::string &key, std::uint64_t position, const std::string &plain)
{
    std::string tweak(16, '\0');
    for (std::size_t i = 0; i < 8; ++i)
        tweak[i] = static_cast<char>(position >> (8 * i));
    tweak = aes(key.substr(32), tweak);
    const auto next = [](std::string value) {
        int carry = 0;
        for (auto &letter : value) {
            const int doubled = (static_cast<unsigned char>(letter) << 1) | carry;
            carry = doubled >> 8;
            letter = static_cast<char>(doubled & 0xff);
        }
        if (carry)
            value[0] = static_cast<char>(value[0] ^ '\x87');
        return value;
    };
    const auto one = [&](const std::string &block, const std::string &with) {
        return mixed(aes(key.substr(0, 32), mixed(block, with)), with);
    };
    std::string out;
    const auto whole = plain.size() / 16;
    const auto rest = plain.size() % 16;
    for (std::size_t i = 0; i < whole; ++i, tweak = next(tweak))
        out += one(plain.substr(16 * i, 16), tweak);
    if (rest > 0) {
        const auto last = out.substr(out.size() - 16);
        out.resize(out.size() - 16);
        out += one(plain.substr(16 * whole) + last.substr(rest), tweak) + last.substr(0, rest);
    }
    return out;
}

std::string encrypted(const std::string &key, std::uint64_t position, const std::string &plain)
{
    std::string out(plain.size(), '\0');
    return DiskCipher::make(key)->encrypt(position, plain.data(), out.data(), plain.size()) ? out : "failed";
}

} // namespace

void VaultCipherTest::theStandardsVector() // IEEE 1619-2007, vector 10
{
    const auto key = bytes("27182818284590452353602874713526624977572470936999595749669676273"
                           "141592653589793238462643383279502884197169399375105820974944592");
    QCOMPARE(key.size(), DiskCipher::keySize);
    const auto out = encrypted(key, 0xff, ascending(512));
    QCOMPARE(base::toHex(out.substr(0, 32)),
             std::string{"1c3b3a102f770386e4836c99e370cf9bea00803f5e482357a4ae12d414a3e63b"});
}

void VaultCipherTest::theKeysVector() // RFC 5869, A.1
{
    const auto key = client::platform::derivedKey(
        std::string(22, '\x0b'), bytes("000102030405060708090a0b0c"), bytes("f0f1f2f3f4f5f6f7f8f9"), 42);
    QCOMPARE(base::toHex(key), std::string{"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
                                           "34007208d5b887185865"});
}

void VaultCipherTest::equalsXtsMadeOfSingleBlocks()
{
    const auto seed = std::random_device{}();
    qInfo("seed %u", seed);
    std::mt19937_64 random{seed};
    for (int round = 0; round < 200; ++round) {
        const auto key = noise(random, DiskCipher::keySize);
        const auto plain = noise(random, round % 3 == 0 ? 4096 : 16 + random() % 200);
        const auto position = random() >> (random() % 64);
        const auto out = encrypted(key, position, plain);
        QCOMPARE(base::toHex(out), base::toHex(xts(key, position, plain)));
        std::string back(plain.size(), '\0');
        QVERIFY(DiskCipher::make(key)->decrypt(position, out.data(), back.data(), back.size()));
        QVERIFY(back == plain);
    }
}

void VaultCipherTest::blocksStandAlone()
{
    const auto key = ascending(64);
    auto plain = ascending(4096);
    const auto before = encrypted(key, 8192, plain);
    QVERIFY(before != encrypted(key, 4096, plain));
    plain[100] = 'x';
    const auto after = encrypted(key, 8192, plain);
    for (std::size_t block = 0; block < 256; ++block)
        QCOMPARE(before.substr(16 * block, 16) == after.substr(16 * block, 16), block != 6);
    std::string start(48, '\0');
    QVERIFY(DiskCipher::make(key)->decrypt(8192, after.data(), start.data(), start.size()));
    QVERIFY(start == plain.substr(0, 48));
}

void VaultCipherTest::refusesWeakKeys()
{
    QVERIFY(!DiskCipher::make(std::string(64, 'k')));
    QVERIFY(!DiskCipher::make(ascending(32)));
    QVERIFY(!DiskCipher::make(""));
    QVERIFY(!Vault::make(ascending(31)));
    QVERIFY(Vault::make(ascending(32)));
}

void VaultCipherTest::unitsFollowEachOther()
{
    for (const auto layout : {Layout::Pages, Layout::Log}) {
        std::int64_t at = 0;
        for (int i = 0; i < 50; ++i) {
            const auto unit = client::storage::unitAt(layout, at);
            QCOMPARE(unit.begin, at);
            const auto last = client::storage::unitAt(layout, at + unit.size - 1);
            QCOMPARE(last.begin, at);
            at += unit.size;
        }
    }
    QCOMPARE(client::storage::unitAt(Layout::Log, 32 + 7 * 4120 + 24).size, 4096);
}

void VaultCipherTest::behavesLikeAFile_data()
{
    QTest::addColumn<bool>("isLog");
    QTest::newRow("database") << false;
    QTest::newRow("log") << true;
}

// Any piece at any place, grown and cut, against a string.
void VaultCipherTest::behavesLikeAFile()
{
    QFETCH(const bool, isLog);
    const auto seed = std::random_device{}();
    qInfo("seed %u", seed);
    std::mt19937_64 random{seed};
    QTemporaryDir folder;
    auto *vfs = sqlite3_vfs_find(nullptr);
    const auto vault = Vault::make(ascending(32));
    struct Raw {
        std::vector<char> memory;
        std::string path;
        sqlite3_file *file = nullptr;
    };
    std::array<Raw, 2> raw;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        raw[i].memory.resize(static_cast<std::size_t>(vfs->szOsFile));
        raw[i].path = folder.filePath(QString::number(i)).toStdString() + std::string(4, '\0');
        raw[i].file = reinterpret_cast<sqlite3_file *>(raw[i].memory.data());
        const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MAIN_DB;
        QCOMPARE(vfs->xOpen(vfs, raw[i].path.c_str(), raw[i].file, flags, nullptr), SQLITE_OK);
    }
    SealedFile database{vault->keys(), raw[0].file};
    // A database begins with its first page.
    auto model =
        std::string{client::storage::magic} + bytes("100002020040202000000001") + noise(random, 4096 - 28);
    QCOMPARE(database.write(model.data(), 4096, 0), SQLITE_OK);
    SealedFile log{vault->keys(), raw[1].file, database};
    auto &file = isLog ? log : database;
    auto *real = isLog ? raw[1].file : raw[0].file;
    if (isLog)
        model.clear();
    const std::size_t kept = isLog ? 0 : 28; // what makes it a database
    for (int step = 0; step < 3000; ++step) {
        const auto what = random() % 10;
        if (what < 5) {
            const auto at = kept + random() % (model.size() + 1 - kept);
            const auto text = noise(random, random() % 4 == 0 ? 4096 : 1 + random() % 9000);
            if (at > 200000)
                continue;
            model.resize(std::max(model.size(), at + text.size()));
            model.replace(at, text.size(), text);
            QCOMPARE(file.write(text.data(), static_cast<int>(text.size()), static_cast<std::int64_t>(at)),
                     SQLITE_OK);
        } else if (what < 9) {
            const auto at = random() % (model.size() + 100);
            const auto size = 1 + random() % 9000;
            std::string got(size, '?');
            const int result = file.read(got.data(), static_cast<int>(size), static_cast<std::int64_t>(at));
            if (at + size <= model.size())
                QCOMPARE(result, SQLITE_OK);
            else // to the next whole block there may be padding
                QVERIFY(result == SQLITE_IOERR_SHORT_READ || at + size <= model.size() + 15);
            auto expected = at < model.size() ? model.substr(at, size) : std::string{};
            expected.resize(size, '\0');
            QVERIFY2(got == expected, qPrintable(QString::number(step)));
        } else if (random() % 5 == 0) { // as SQLite does: at the end of a unit
            const auto unit =
                client::storage::unitAt(isLog ? Layout::Log : Layout::Pages,
                                        static_cast<std::int64_t>(random() % (model.size() + 1)));
            if (unit.begin > 0 && unit.begin < static_cast<std::int64_t>(model.size())) {
                model.resize(static_cast<std::size_t>(unit.begin));
                QCOMPARE(real->pMethods->xTruncate(real, unit.begin), SQLITE_OK);
            }
        }
    }
    for (auto &each : raw)
        each.file->pMethods->xClose(each.file);
}

void VaultCipherTest::filesAreReadAnywhere()
{
    const auto seed = std::random_device{}();
    qInfo("seed %u", seed);
    std::mt19937_64 random{seed};
    QTemporaryDir folder;
    const auto path = folder.filePath(QStringLiteral("blob"));
    const auto vault = Vault::make(ascending(32));
    for (const std::size_t size : {0U, 1U, 15U, 16U, 4095U, 4096U, 4097U, 100000U, 300001U}) {
        const auto words = QByteArray::fromStdString(noise(random, size));
        VaultDevice writing{vault, path};
        QVERIFY(writing.open(QIODevice::WriteOnly));
        for (qsizetype at = 0; at < words.size();) {
            const auto piece = words.mid(at, 1 + static_cast<qsizetype>(random() % 9000));
            QCOMPARE(writing.write(piece), piece.size());
            at += piece.size();
        }
        QVERIFY(writing.commit());
        writing.close();
        VaultDevice reading{vault, path};
        QVERIFY(reading.open(QIODevice::ReadOnly));
        QCOMPARE(reading.size(), words.size());
        QVERIFY(reading.readAll() == words);
        QVERIFY(reading.atEnd());
        for (int i = 0; i < 100 && size > 0; ++i) {
            const auto at = static_cast<qint64>(random() % size);
            const auto length = static_cast<qint64>(random() % 9000);
            QVERIFY(reading.seek(at));
            QVERIFY(reading.read(length) == words.mid(at, length));
        }
    }
    VaultDevice never{vault, path};
    QVERIFY(never.open(QIODevice::WriteOnly));
    never.write("given up");
    never.close();
    VaultDevice before{vault, path};
    QVERIFY(before.open(QIODevice::ReadOnly));
    QCOMPARE(before.size(), 300001);
}

void VaultCipherTest::aDamagedFileIsNone()
{
    QTemporaryDir folder;
    const auto path = folder.filePath(QStringLiteral("blob"));
    const auto vault = Vault::make(ascending(32));
    const auto opens = [&](const QByteArray &bytes, const std::shared_ptr<const Vault> &with) {
        QFile file{path};
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            return true;
        file.close();
        return VaultDevice{with, path}.open(QIODevice::ReadOnly);
    };
    VaultDevice writing{vault, path};
    QVERIFY(writing.open(QIODevice::WriteOnly));
    writing.write(QByteArray(5000, 'w'));
    QVERIFY(writing.commit());
    QFile file{path};
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto whole = file.readAll();
    QVERIFY(!whole.contains("wwww"));
    QVERIFY(opens(whole, vault));
    QVERIFY(!opens(whole, Vault::make(ascending(33).substr(1))));
    QVERIFY(!opens(whole.chopped(16), vault));
    QVERIFY(!opens(whole + QByteArray(16, 'x'), vault));
    QVERIFY(!opens(QByteArray(5000, 'w'), vault)); // as an earlier version wrote it
    QVERIFY(!opens({}, vault));
    auto torn = whole;
    torn[20] = static_cast<char>(torn[20] ^ 1);
    QVERIFY(!opens(torn, vault));
}

} // namespace tests

using tests::VaultCipherTest;
REGISTER_TEST(VaultCipherTest);
#include "tst_vault_cipher.moc"
