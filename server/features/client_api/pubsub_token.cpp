#include "server/features/client_api/pubsub_token.h"

#include "shared/base/text.h"

namespace server::client_api {

namespace {

constexpr std::string_view purpose = "contact-pubsub";
constexpr std::size_t maxToken = 100;

} // namespace

std::string pubsubToken(const ports::Crypto &crypto, std::int64_t place)
{
    const auto number = std::to_string(place);
    return number + '-' + base::toHex(crypto.sign(purpose, number));
}

std::optional<std::int64_t> placeOfToken(const ports::Crypto &crypto, std::string_view token)
{
    const auto dash = token.find('-');
    if (token.size() > maxToken || dash == std::string_view::npos)
        return std::nullopt;
    const auto number = token.substr(0, dash);
    const auto signature = base::fromHex(token.substr(dash + 1));
    if (!signature || !crypto.isSigned(purpose, number, *signature))
        return std::nullopt;
    return base::wholeNumber(number);
}

} // namespace server::client_api
