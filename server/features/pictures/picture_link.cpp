#include "server/features/pictures/picture_link.h"

#include "shared/base/text.h"

namespace server::pictures {

namespace {

constexpr std::string_view purpose = "picture-link";
constexpr std::size_t longestAddress = 2000;

} // namespace

std::string PictureLink::path(std::string_view address) const
{
    const auto scheme = base::lowered(address.substr(0, address.find(':') + 1));
    if ((scheme != "https:" && scheme != "http:") || address.size() > longestAddress)
        return {};
    return "/proxy/" + base::toBase64Url(m_crypto.sign(purpose, address)) + "/" + base::toBase64Url(address);
}

std::optional<std::string> PictureLink::address(std::string_view signature, std::string_view encoded) const
{
    auto address = base::fromBase64Url(encoded);
    // Compared as text: base64 has several spellings of the same bytes.
    const bool isOurs = !address.empty() && base::toBase64Url(address) == encoded &&
                        m_crypto.isSigned(purpose, address, base::fromBase64Url(signature));
    return isOurs ? std::optional{std::move(address)} : std::nullopt;
}

} // namespace server::pictures
