#pragma once

#include "shared/base/json_fwd.h"
#include "shared/base/result.h"
#include "shared/domain/conversations/message.h"

#include <string>

/// Messages that ask something: choices, forms, cards (docs/protocol.md B.3). Pure.
namespace server::conversations {

/// Of a message's content attributes what a customer may see; links and media of other schemes than the
/// web's are dropped. Null when nothing is left.
base::Json customerAttributes(const std::string &contentType, const std::string &contentAttributes);

/// The content attributes with the customer's answer, from `{"submitted_values"}` or `{"submitted_email"}`.
/// Fails with Invalid and the field; Conflict when it was answered before and cannot be answered again.
base::Result<std::string> withAnswer(const std::string &contentType, const std::string &contentAttributes,
                                     const base::Json &answer);

/// Fills in what agents see of it: content and deleted.
void describeContent(const std::string &contentType, const std::string &contentAttributes,
                     domain::Message &message);

/// A rating in `submitted_values`, 1 to 5, with what the customer said; 0: none.
struct Rating {
    int stars = 0;
    std::string feedback;
};
Rating ratingOf(const std::string &contentAttributes);

} // namespace server::conversations
