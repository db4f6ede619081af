#include "server/platform/crypto.h"

#include "server/platform/descriptor.h"
#include "server/platform/web_token.h"
#include "shared/base/text.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <sodium.h>
#include <stdexcept>
#include <sys/stat.h>

namespace server::platform {

namespace {

constexpr char sealVersion = 1; // names key and algorithm, for the day either changes
constexpr std::size_t nonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == std::tuple_size_v<SecretKey>);

const unsigned char *raw(std::string_view text)
{
    return reinterpret_cast<const unsigned char *>(text.data());
}

unsigned char *raw(std::string &text)
{
    return reinterpret_cast<unsigned char *>(text.data());
}

base::Error storageError(const std::string &file, const std::string &what)
{
    return {base::ErrorCode::Storage, "key file " + file + ": " + what};
}

base::Result<SecretKey> readKey(const std::string &file, const Descriptor &descriptor)
{
    struct stat status {};
    if (::fstat(descriptor.get(), &status) != 0)
        return storageError(file, std::strerror(errno));
    if (!S_ISREG(status.st_mode))
        return storageError(file, "is no regular file");
    if ((status.st_mode & 077) != 0)
        return storageError(file, "other users can read it; chmod 600 it");
    std::array<char, 128> text{};
    const auto count = ::read(descriptor.get(), text.data(), text.size());
    if (count < 0)
        return storageError(file, std::strerror(errno));
    SecretKey key{};
    std::size_t size = 0;
    const char *end = nullptr;
    const int bad = ::sodium_hex2bin(key.data(), key.size(), text.data(), static_cast<std::size_t>(count),
                                     "\n", &size, &end);
    ::sodium_memzero(text.data(), text.size());
    if (bad != 0 || size != key.size() || end != text.data() + count)
        return storageError(file, "holds no key");
    return key;
}

/// Complete before it has its name, so that a crash or a second start never meets half a key.
base::Status writeKey(const std::string &file, const SecretKey &key)
{
    std::string text(key.size() * 2 + 1, '\0');
    ::sodium_bin2hex(text.data(), text.size(), key.data(), key.size());
    text.back() = '\n';
    const auto draft = file + ".new-" + std::to_string(::getpid());
    ::unlink(draft.c_str());
    const Descriptor descriptor{::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    const bool written =
        descriptor &&
        ::write(descriptor.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
        ::fsync(descriptor.get()) == 0;
    ::sodium_memzero(text.data(), text.size());
    const int linked = written ? ::link(draft.c_str(), file.c_str()) : -1;
    const int error = errno;
    ::unlink(draft.c_str());
    if (linked != 0 && error != EEXIST)
        return storageError(file, std::strerror(error));
    const auto slash = file.rfind('/');
    const auto folder = slash == std::string::npos ? "." : file.substr(0, slash + 1);
    const Descriptor directory{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (directory)
        ::fsync(directory.get());
    return base::Done{};
}

} // namespace

base::Result<SecretKey> loadOrCreateKey(const std::string &file)
{
    if (::sodium_init() < 0)
        return storageError(file, "libsodium does not start");
    for (int attempt = 0; attempt < 2; ++attempt) {
        const Descriptor descriptor{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
        if (descriptor)
            return readKey(file, descriptor);
        if (errno != ENOENT)
            return storageError(file, std::strerror(errno));
        SecretKey key{};
        ::randombytes_buf(key.data(), key.size());
        const auto written = writeKey(file, key);
        ::sodium_memzero(key.data(), key.size());
        if (!written)
            return written.error();
    }
    return storageError(file, "vanished while it was made");
}

SodiumCrypto::SodiumCrypto(const SecretKey &key, const PasswordCost &cost) : m_key{key}, m_cost{cost}
{
    if (::sodium_init() < 0)
        throw std::runtime_error{"libsodium does not start"};
}

SodiumCrypto::~SodiumCrypto()
{
    ::sodium_memzero(m_key.data(), m_key.size());
}

std::string SodiumCrypto::sha256(std::string_view bytes) const
{
    std::string hash(crypto_hash_sha256_BYTES, '\0');
    ::crypto_hash_sha256(raw(hash), raw(bytes), bytes.size());
    return hash;
}

base::Result<std::string> SodiumCrypto::webTokenClaims(std::string_view secret, std::string_view token) const
{
    return platform::webTokenClaims(secret, token);
}

std::string SodiumCrypto::hmacSha256(std::string_view key, std::string_view message) const
{
    std::string mac(crypto_auth_hmacsha256_BYTES, '\0');
    crypto_auth_hmacsha256_state state;
    ::crypto_auth_hmacsha256_init(&state, raw(key), key.size());
    ::crypto_auth_hmacsha256_update(&state, raw(message), message.size());
    ::crypto_auth_hmacsha256_final(&state, raw(mac));
    return mac;
}

std::string SodiumCrypto::hashPassword(std::string_view password) const
{
    std::array<char, crypto_pwhash_STRBYTES> hash{};
    m_hashing.acquire();
    const int failed = ::crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), m_cost.passes,
                                               m_cost.bytes, crypto_pwhash_ALG_ARGON2ID13);
    m_hashing.release();
    if (failed != 0)
        throw std::bad_alloc{};
    return hash.data();
}

bool SodiumCrypto::verifyPassword(std::string_view password, const std::string &hash) const
{
    m_hashing.acquire();
    const int wrong = ::crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size());
    m_hashing.release();
    return wrong == 0;
}

bool SodiumCrypto::isOutdated(const std::string &hash) const
{
    return ::crypto_pwhash_str_needs_rehash(hash.c_str(), m_cost.passes, m_cost.bytes) != 0;
}

SecretKey SodiumCrypto::keyFor(std::string_view use, std::string_view purpose) const
{
    SecretKey key{};
    const auto name = std::string{use} + ":" + std::string{purpose};
    ::crypto_generichash(key.data(), key.size(), raw(std::string_view{name}), name.size(), m_key.data(),
                         m_key.size());
    return key;
}

std::string SodiumCrypto::seal(std::string_view purpose, std::string_view plain,
                               std::string_view context) const
{
    auto key = keyFor("seal", purpose);
    std::string sealed(1 + nonceBytes + plain.size() + tagBytes, '\0');
    sealed[0] = sealVersion;
    auto *nonce = raw(sealed) + 1;
    ::randombytes_buf(nonce, nonceBytes);
    ::crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + nonceBytes, nullptr, raw(plain), plain.size(),
                                                 raw(context), context.size(), nullptr, nonce, key.data());
    ::sodium_memzero(key.data(), key.size());
    return sealed;
}

base::Result<std::string> SodiumCrypto::open(std::string_view purpose, std::string_view sealed,
                                             std::string_view context) const
{
    const base::Error refused{base::ErrorCode::Invalid, "not sealed here"};
    if (sealed.size() < 1 + nonceBytes + tagBytes || sealed[0] != sealVersion)
        return refused;
    auto key = keyFor("seal", purpose);
    std::string plain(sealed.size() - 1 - nonceBytes - tagBytes, '\0');
    const auto *nonce = raw(sealed) + 1;
    const int wrong = ::crypto_aead_xchacha20poly1305_ietf_decrypt(
        raw(plain), nullptr, nullptr, nonce + nonceBytes, sealed.size() - 1 - nonceBytes, raw(context),
        context.size(), nonce, key.data());
    ::sodium_memzero(key.data(), key.size());
    if (wrong != 0)
        return refused;
    return plain;
}

std::string SodiumCrypto::sign(std::string_view purpose, std::string_view message) const
{
    const auto key = keyFor("sign", purpose);
    return hmacSha256({reinterpret_cast<const char *>(key.data()), key.size()}, message);
}

bool SodiumCrypto::isSigned(std::string_view purpose, std::string_view message,
                            std::string_view signature) const
{
    return equal(sign(purpose, message), signature);
}

std::string SodiumCrypto::signOpenly(std::string_view purpose, std::string_view message) const
{
    auto seed = keyFor("sign-openly", purpose);
    std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> open{};
    std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret{};
    ::crypto_sign_seed_keypair(open.data(), secret.data(), seed.data());
    std::string signature(crypto_sign_BYTES, '\0');
    ::crypto_sign_detached(raw(signature), nullptr, raw(message), message.size(), secret.data());
    ::sodium_memzero(secret.data(), secret.size());
    ::sodium_memzero(seed.data(), seed.size());
    return signature;
}

std::string SodiumCrypto::signingKey(std::string_view purpose) const
{
    auto seed = keyFor("sign-openly", purpose);
    std::string open(crypto_sign_PUBLICKEYBYTES, '\0');
    std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret{};
    ::crypto_sign_seed_keypair(raw(open), secret.data(), seed.data());
    ::sodium_memzero(secret.data(), secret.size());
    ::sodium_memzero(seed.data(), seed.size());
    return open;
}

ports::BoxKeys SodiumCrypto::boxKeys(std::string_view purpose, std::string_view context) const
{
    const auto key = keyFor("box", purpose);
    const auto seed = hmacSha256({reinterpret_cast<const char *>(key.data()), key.size()}, context);
    ports::BoxKeys keys{std::string(crypto_box_PUBLICKEYBYTES, '\0'),
                        std::string(crypto_box_SECRETKEYBYTES, '\0')};
    static_assert(crypto_box_SEEDBYTES == crypto_auth_hmacsha256_BYTES);
    ::crypto_box_seed_keypair(raw(keys.publicKey), raw(keys.secretKey), raw(std::string_view{seed}));
    return keys;
}

std::string SodiumCrypto::randomToken(std::size_t bytes) const
{
    std::string token(bytes, '\0');
    ::randombytes_buf(token.data(), token.size());
    return base::toBase64Url(token);
}

bool SodiumCrypto::equal(std::string_view a, std::string_view b) const
{
    return a.size() == b.size() && ::sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace server::platform
