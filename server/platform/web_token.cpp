#include "server/platform/web_token.h"

#include <Poco/Exception.h>
#include <Poco/JWT/Signer.h>
#include <Poco/JWT/Token.h>

#include <algorithm>
#include <sstream>

namespace server::platform {

namespace {

constexpr std::size_t maxBytes = 8 << 10;

// Poco reads past what does not belong there.
bool isWellFormed(std::string_view token)
{
    const auto belongs = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_' || c == '.';
    };
    return token.size() <= maxBytes && std::all_of(token.begin(), token.end(), belongs) &&
           std::count(token.begin(), token.end(), '.') == 2;
}

} // namespace

base::Result<std::string> webTokenClaims(std::string_view secret, std::string_view token)
{
    using Poco::JWT::Signer;
    const base::Error refused{base::ErrorCode::Invalid, "jwt"};
    if (secret.empty() || !isWellFormed(token))
        return refused;
    try {
        // The one algorithm that is agreed on: what the token itself says decides nothing.
        Signer signer{std::string{secret}};
        signer.setAlgorithms({Signer::ALGO_HS256});
        const auto verified = signer.verify(std::string{token});
        if (verified.header().has("crit")) // must be understood (RFC 7515, 4.1.11), and nothing is
            return refused;
        std::ostringstream text;
        verified.payload().stringify(text);
        return text.str();
    } catch (const Poco::Exception &) {
        return refused;
    }
}

} // namespace server::platform
