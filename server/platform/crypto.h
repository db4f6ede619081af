#pragma once

#include "server/ports/crypto.h"
#include "shared/base/result.h"

#include <array>
#include <cstddef>
#include <memory>
#include <semaphore>
#include <string>

namespace server::platform {

/// The server's own secret. Everything it seals or signs depends on it; losing it signs every visitor out,
/// giving it away lets others sign.
using SecretKey = std::array<unsigned char, 32>;

/// Reads the key file, or makes one (mode 0600) when there is none. Fails with Storage when it cannot be read
/// or written, holds no key, or could be read by other users.
base::Result<SecretKey> loadOrCreateKey(const std::string &file);

struct PasswordCost {
    unsigned long long passes = 2;
    std::size_t bytes = 64 << 20;
};

/// libsodium behind the port.
class SodiumCrypto : public ports::Crypto {
public:
    /// Throws std::runtime_error when the library cannot start.
    explicit SodiumCrypto(const SecretKey &key, const PasswordCost &cost = {});
    ~SodiumCrypto() override;

    [[nodiscard]] std::string sha256(std::string_view bytes) const override;
    [[nodiscard]] std::string hmacSha256(std::string_view key, std::string_view message) const override;
    [[nodiscard]] base::Result<std::string> webTokenClaims(std::string_view secret,
                                                           std::string_view token) const override;
    [[nodiscard]] std::string hashPassword(std::string_view password) const override;
    [[nodiscard]] bool verifyPassword(std::string_view password, const std::string &hash) const override;
    [[nodiscard]] bool isOutdated(const std::string &hash) const override;
    [[nodiscard]] std::string seal(std::string_view purpose, std::string_view plain,
                                   std::string_view context) const override;
    [[nodiscard]] base::Result<std::string> open(std::string_view purpose, std::string_view sealed,
                                                 std::string_view context) const override;
    [[nodiscard]] std::string sign(std::string_view purpose, std::string_view message) const override;
    [[nodiscard]] bool isSigned(std::string_view purpose, std::string_view message,
                                std::string_view signature) const override;
    [[nodiscard]] std::string signOpenly(std::string_view purpose, std::string_view message) const override;
    [[nodiscard]] std::string signingKey(std::string_view purpose) const override;
    [[nodiscard]] ports::BoxKeys boxKeys(std::string_view purpose, std::string_view context) const override;
    [[nodiscard]] std::string randomToken(std::size_t bytes) const override;
    [[nodiscard]] bool equal(std::string_view a, std::string_view b) const override;

private:
    [[nodiscard]] SecretKey keyFor(std::string_view use, std::string_view purpose) const;

    SecretKey m_key;
    PasswordCost m_cost;
    mutable std::counting_semaphore<2> m_hashing{2}; // two cores: more would stop everything else
};

} // namespace server::platform
