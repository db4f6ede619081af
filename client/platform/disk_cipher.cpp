#include "client/platform/disk_cipher.h"

#include <array>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <sodium.h>

namespace client::platform {

namespace {

const unsigned char *raw(std::string_view text)
{
    return reinterpret_cast<const unsigned char *>(text.data());
}

// The parameter list of the library takes no const.
OSSL_PARAM octets(const char *name, std::string_view text)
{
    return OSSL_PARAM_construct_octet_string(name, const_cast<char *>(text.data()), text.size());
}

} // namespace

std::string secretBytes(std::size_t size)
{
    std::string bytes(size, '\0');
    if (::sodium_init() >= 0) // else it never began: the library ends the program rather than be predictable
        ::randombytes_buf(bytes.data(), size);
    return bytes;
}

void forget(std::string &secret)
{
    OPENSSL_cleanse(secret.data(), secret.size());
    secret.clear();
}

std::string derivedKey(std::string_view secret, std::string_view salt, std::string_view purpose,
                       std::size_t size)
{
    const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> kind{EVP_KDF_fetch(nullptr, "HKDF", nullptr),
                                                                 EVP_KDF_free};
    const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context{EVP_KDF_CTX_new(kind.get()),
                                                                            EVP_KDF_CTX_free};
    std::array<char, 7> digest{"SHA256"};
    const std::array<OSSL_PARAM, 5> params{
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
        octets(OSSL_KDF_PARAM_KEY, secret), octets(OSSL_KDF_PARAM_SALT, salt),
        octets(OSSL_KDF_PARAM_INFO, purpose), OSSL_PARAM_construct_end()};
    std::string key(size, '\0');
    if (!context || EVP_KDF_derive(context.get(), reinterpret_cast<unsigned char *>(key.data()), size,
                                   params.data()) != 1)
        return {};
    return key;
}

void DiskCipher::Free::operator()(evp_cipher_ctx_st *context) const
{
    EVP_CIPHER_CTX_free(context); // overwrites the key
}

DiskCipher::~DiskCipher() = default;

std::unique_ptr<DiskCipher> DiskCipher::make(std::string_view key)
{
    if (key.size() != keySize)
        return nullptr;
    std::unique_ptr<DiskCipher> cipher{new DiskCipher};
    cipher->m_encrypting.reset(EVP_CIPHER_CTX_new());
    cipher->m_decrypting.reset(EVP_CIPHER_CTX_new());
    const bool ready =
        cipher->m_encrypting && cipher->m_decrypting &&
        EVP_EncryptInit_ex(cipher->m_encrypting.get(), EVP_aes_256_xts(), nullptr, raw(key), nullptr) == 1 &&
        EVP_DecryptInit_ex(cipher->m_decrypting.get(), EVP_aes_256_xts(), nullptr, raw(key), nullptr) == 1;
    return ready ? std::move(cipher) : nullptr;
}

bool DiskCipher::run(evp_cipher_ctx_st *context, std::uint64_t position, const void *from, void *to,
                     std::size_t size) noexcept
{
    std::array<unsigned char, block> tweak{};
    for (std::size_t i = 0; i < sizeof position; ++i)
        tweak[i] = static_cast<unsigned char>(position >> (8 * i));
    int written = 0;
    return EVP_CipherInit_ex(context, nullptr, nullptr, nullptr, tweak.data(), -1) == 1 &&
           EVP_CipherUpdate(context, static_cast<unsigned char *>(to), &written,
                            static_cast<const unsigned char *>(from), static_cast<int>(size)) == 1 &&
           written == static_cast<int>(size);
}

bool DiskCipher::encrypt(std::uint64_t position, const void *from, void *to, std::size_t size) noexcept
{
    return run(m_encrypting.get(), position, from, to, size);
}

bool DiskCipher::decrypt(std::uint64_t position, const void *from, void *to, std::size_t size) noexcept
{
    return run(m_decrypting.get(), position, from, to, size);
}

} // namespace client::platform
