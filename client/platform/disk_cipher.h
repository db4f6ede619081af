#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct evp_cipher_ctx_st;

namespace client::platform {

/// `size` bytes from the system's secure generator.
std::string secretBytes(std::size_t size);

/// Overwrites a secret that is over.
void forget(std::string &secret);

/// HKDF-SHA256 (RFC 5869). Empty when the library refuses.
std::string derivedKey(std::string_view secret, std::string_view salt, std::string_view purpose,
                       std::size_t size);

/// Makes what lies on a disk unreadable without its key, byte for byte in place: AES-256-XTS (IEEE 1619) from
/// OpenSSL. It hides, it does not prove: who can write the file can damage it unseen. One thread.
class DiskCipher {
public:
    static constexpr std::size_t keySize = 64;
    static constexpr std::size_t block = 16; ///< whole blocks stand alone; the least there is to encrypt

    /// Null when the key is not 64 bytes with two different halves.
    static std::unique_ptr<DiskCipher> make(std::string_view key);
    ~DiskCipher();
    DiskCipher(const DiskCipher &) = delete;
    DiskCipher &operator=(const DiskCipher &) = delete;

    /// `size` bytes (16 or more, whatever the multiple) that lie at `position` of the file; `from` may be
    /// `to`. Decrypting takes the same position; of a size that was a multiple of 16, any shorter multiple of
    /// 16 can be read alone. False when the library fails.
    bool encrypt(std::uint64_t position, const void *from, void *to, std::size_t size) noexcept;
    bool decrypt(std::uint64_t position, const void *from, void *to, std::size_t size) noexcept;

private:
    DiskCipher() = default;
    struct Free {
        void operator()(evp_cipher_ctx_st *context) const;
    };
    using Context = std::unique_ptr<evp_cipher_ctx_st, Free>;
    static bool run(evp_cipher_ctx_st *context, std::uint64_t position, const void *from, void *to,
                    std::size_t size) noexcept;

    Context m_encrypting;
    Context m_decrypting;
};

} // namespace client::platform
