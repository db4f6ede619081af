#include "server/features/inboxes/identity_token.h"

#include "shared/base/json.h"
#include "shared/base/text.h"

#include <chrono>

namespace server::inboxes {

namespace {

constexpr std::size_t maxBytes = 8 << 10;
constexpr std::int64_t leeway = 60;        // seconds: clocks differ
constexpr std::int64_t longestLife = 3600; // seconds

} // namespace

base::Result<base::Json> identityClaims(const ports::Crypto &crypto, std::string_view secret,
                                        std::string_view token, base::Timestamp now)
{
    const base::Error refused{base::ErrorCode::Unauthorized, "jwt"};
    const auto first = token.find('.');
    const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (secret.empty() || token.size() > maxBytes || second == std::string_view::npos ||
        token.find('.', second + 1) != std::string_view::npos)
        return refused;
    const auto header = base::parseJson(base::fromBase64Url(token.substr(0, first)), {maxBytes, 4});
    // The one algorithm that is agreed on: what the token itself says decides nothing.
    if (!header || base::textField(*header, "alg") != "HS256")
        return refused;
    const auto signature = base::fromBase64Url(token.substr(second + 1));
    if (!crypto.equal(crypto.hmacSha256(secret, token.substr(0, second)), signature))
        return refused;
    auto claims =
        base::parseJson(base::fromBase64Url(token.substr(first + 1, second - first - 1)), {maxBytes, 8});
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
