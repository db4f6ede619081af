#pragma once

#include "shared/base/result.h"

#include <cstddef>
#include <string>
#include <string_view>

/// Cryptography as features see it. All byte strings are raw; encode them with shared/base/text.h.
namespace server::ports {

struct BoxKeys {
    std::string publicKey; ///< 32 bytes
    std::string secretKey; ///< 32 bytes
};

/// Safe from any thread. Everything made with the server's own key (seal, sign) is bound to a `purpose`, a
/// constant such as "visitor-token": what was made for one purpose never passes for another.
class Crypto {
public:
    virtual ~Crypto() = default;

    /// 32 bytes.
    [[nodiscard]] virtual std::string sha256(std::string_view bytes) const = 0;
    /// 32 bytes (RFC 2104), with a key of any length.
    [[nodiscard]] virtual std::string hmacSha256(std::string_view key, std::string_view message) const = 0;
    /// The claims, as JSON text, of a web token (RFC 7519, at most 8 KiB) that somebody signed with HS256 and
    /// this secret. Fails with Invalid, without saying why. Times and names in it are the caller's to check.
    [[nodiscard]] virtual base::Result<std::string> webTokenClaims(std::string_view secret,
                                                                   std::string_view token) const = 0;

    /// Argon2id, a text that holds its own salt and cost. Takes a fifth of a second and 64 MiB; at most two
    /// run at a time, further callers wait. Throws std::bad_alloc when there is no memory for it.
    [[nodiscard]] virtual std::string hashPassword(std::string_view password) const = 0;
    /// Whether the password gave this hash. Costs the same and waits the same.
    [[nodiscard]] virtual bool verifyPassword(std::string_view password, const std::string &hash) const = 0;
    /// The hash was made with other costs than today's: hash again after a successful sign-in.
    [[nodiscard]] virtual bool isOutdated(const std::string &hash) const = 0;

    /// Encrypts and authenticates with the server's key (XChaCha20-Poly1305). `context` is not stored but
    /// must be the same to open: the id of the record it belongs to.
    [[nodiscard]] virtual std::string seal(std::string_view purpose, std::string_view plain,
                                           std::string_view context = {}) const = 0;
    /// What was sealed. Fails with Invalid when anything differs, without saying what.
    [[nodiscard]] virtual base::Result<std::string> open(std::string_view purpose, std::string_view sealed,
                                                         std::string_view context = {}) const = 0;
    /// 32 bytes by which this server recognises a message of its own (signed links).
    [[nodiscard]] virtual std::string sign(std::string_view purpose, std::string_view message) const = 0;
    [[nodiscard]] virtual bool isSigned(std::string_view purpose, std::string_view message,
                                        std::string_view signature) const = 0;

    /// A signature (Ed25519, 64 bytes) that whoever has signingKey() of the purpose can check, and nobody but
    /// this server can make.
    [[nodiscard]] virtual std::string signOpenly(std::string_view purpose,
                                                 std::string_view message) const = 0;
    /// 32 bytes; the same as long as the server's key is.
    [[nodiscard]] virtual std::string signingKey(std::string_view purpose) const = 0;
    /// A pair of keys (X25519) for this purpose and context: whoever has the public one can seal, only the
    /// secret one opens.
    [[nodiscard]] virtual BoxKeys boxKeys(std::string_view purpose, std::string_view context) const = 0;

    /// Random, base64url, from this many bytes of entropy.
    [[nodiscard]] virtual std::string randomToken(std::size_t bytes = 32) const = 0;
    /// Compares in a time that depends on the lengths only.
    [[nodiscard]] virtual bool equal(std::string_view a, std::string_view b) const = 0;
};

} // namespace server::ports
