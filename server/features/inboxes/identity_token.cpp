#include "server/features/inboxes/identity_token.h"

#include "shared/base/json.h"

#include <chrono>

namespace server::inboxes {

namespace {

constexpr std::size_t maxBytes = 64 << 10; // what was escaped may be longer than the token
constexpr std::int64_t leeway = 60;        // seconds: clocks differ
constexpr std::int64_t longestLife = 3600; // seconds

} // namespace

base::Result<base::Json> identityClaims(const ports::Crypto &crypto, std::string_view secret,
                                        std::string_view token, base::Timestamp now)
{
    const base::Error refused{base::ErrorCode::Unauthorized, "jwt"};
    const auto text = crypto.webTokenClaims(secret, token);
    if (!text)
        return refused;
    auto claims = base::parseJson(*text, {maxBytes, 8});
    if (!claims || !claims->is_object())
        return refused;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    const auto expires = base::integerField(*claims, "exp");
    const auto notBefore = base::integerField(*claims, "nbf").value_or(0);
    if (!expires || *expires + leeway < seconds || *expires > seconds + longestLife + leeway ||
        notBefore > seconds + leeway)
        return refused;
    if (base::textField(*claims, "sub").value_or("").empty())
        return refused;
    return claims;
}

} // namespace server::inboxes
