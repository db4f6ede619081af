#include "server/features/attachments/blob_link.h"

#include "shared/base/text.h"

namespace server::attachments {

namespace {

constexpr std::string_view purpose = "blob-link";
constexpr std::int64_t stepSeconds = 600;

std::string signedText(const base::Uuid &id, bool thumbnail, std::string_view expires)
{
    return id.text() + (thumbnail ? "/thumb|" : "|") + std::string{expires};
}

} // namespace

std::string BlobLink::path(const base::Uuid &id, bool thumbnail, base::Duration life) const
{
    const auto until = base::toMs(m_clock.now() + life) / 1000 / stepSeconds * stepSeconds;
    const auto expires = std::to_string(until);
    const auto signature = base::toBase64Url(m_crypto.sign(purpose, signedText(id, thumbnail, expires)));
    return "/blob/" + id.text() + (thumbnail ? "/thumb" : "") + "?exp=" + expires + "&sig=" + signature;
}

bool BlobLink::isValid(const base::Uuid &id, bool thumbnail, std::string_view expires,
                       std::string_view signature) const
{
    const auto until = base::wholeNumber(expires);
    if (!until)
        return false;
    const auto now = base::toMs(m_clock.now()) / 1000;
    return *until > now && *until <= now + longest.count() / 1000 + stepSeconds &&
           m_crypto.isSigned(purpose, signedText(id, thumbnail, expires), base::fromBase64Url(signature));
}

} // namespace server::attachments
