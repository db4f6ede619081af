#include "client/platform/sealing.h"

#include <sodium.h>

namespace client::platform {

namespace {

const unsigned char *raw(std::string_view text)
{
    return reinterpret_cast<const unsigned char *>(text.data());
}

unsigned char *raw(std::string &text)
{
    return reinterpret_cast<unsigned char *>(text.data());
}

bool isReady()
{
    return ::sodium_init() >= 0;
}

} // namespace

bool isSignedBy(std::string_view key, std::string_view message, std::string_view signature)
{
    return isReady() && key.size() == crypto_sign_PUBLICKEYBYTES && signature.size() == crypto_sign_BYTES &&
           ::crypto_sign_verify_detached(raw(signature), raw(message), message.size(), raw(key)) == 0;
}

base::Result<std::string> sealedFor(std::string_view publicKey, std::string_view plain)
{
    if (!isReady() || publicKey.size() != crypto_box_PUBLICKEYBYTES)
        return base::Error{base::ErrorCode::Invalid, "no key to seal with"};
    std::string sealed(plain.size() + crypto_box_SEALBYTES, '\0');
    if (::crypto_box_seal(raw(sealed), raw(plain), plain.size(), raw(publicKey)) != 0)
        return base::Error{base::ErrorCode::Invalid, "no key to seal with"};
    return sealed;
}

base::Result<std::string> unsealed(std::string_view publicKey, std::string_view secretKey,
                                   std::string_view sealed)
{
    const base::Error refused{base::ErrorCode::Invalid, "not sealed for this user"};
    if (!isReady() || publicKey.size() != crypto_box_PUBLICKEYBYTES ||
        secretKey.size() != crypto_box_SECRETKEYBYTES || sealed.size() < crypto_box_SEALBYTES)
        return refused;
    std::string plain(sealed.size() - crypto_box_SEALBYTES, '\0');
    if (::crypto_box_seal_open(raw(plain), raw(sealed), sealed.size(), raw(publicKey), raw(secretKey)) != 0)
        return refused;
    return plain;
}

} // namespace client::platform
