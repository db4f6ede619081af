#pragma once

#include "shared/base/result.h"

#include <string>
#include <string_view>

/// The client's few needs of cryptography (libsodium). Keys and signatures are raw bytes.
namespace client::platform {

/// Whether the holder of this key (Ed25519, 32 bytes) signed the message. False for anything malformed.
bool isSignedBy(std::string_view key, std::string_view message, std::string_view signature);

/// Encrypts for the holder of the secret half of `publicKey` (X25519); whoever seals cannot open it again.
/// Fails with Invalid for what is no key.
base::Result<std::string> sealedFor(std::string_view publicKey, std::string_view plain);
/// Fails with Invalid when the keys are not the pair it was sealed for, or a byte differs.
base::Result<std::string> unsealed(std::string_view publicKey, std::string_view secretKey,
                                   std::string_view sealed);

} // namespace client::platform
