#include "shared/domain/canned_responses/canned_response.h"

#include "shared/base/text.h"
#include "shared/domain/conversations/conversation_rules.h"

namespace domain {

base::Result<CannedResponse> checked(CannedResponse response)
{
    const auto invalid = [](const char *field) { return base::Error{base::ErrorCode::Invalid, field}; };
    if (!base::isUtf8(response.shortCode))
        return invalid("short_code");
    response.shortCode = base::trimmed(base::cleaned(response.shortCode));
    if (response.shortCode.empty() || base::length(response.shortCode) > maxShortCodeLength ||
        response.shortCode.find_first_of(" \t\n") != std::string::npos)
        return invalid("short_code");
    auto content = messageBody(response.content, false);
    if (!content)
        return invalid("content");
    response.content = *std::move(content);
    return response;
}

} // namespace domain
