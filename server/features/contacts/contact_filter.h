#pragma once

#include "server/features/contacts/contact_store.h"
#include "shared/base/json_fwd.h"
#include "shared/base/result.h"

#include <string>
#include <vector>

namespace server::contacts {

/// Conditions on contacts as the REST API writes them, joined from left to right. A plain value; matching
/// needs no database.
class ContactFilter {
public:
    /// From `[{"attribute_key","filter_operator","values","query_operator"},…]`. Fails with Invalid and the
    /// name of what is wrong: "payload", "attribute_key", "filter_operator" or "values".
    static base::Result<ContactFilter> fromJson(const base::Json &payload);

    [[nodiscard]] bool matches(const ContactRow &row, base::Timestamp now) const;

private:
    struct Condition {
        std::string attribute;
        std::string operation;
        std::vector<std::string> values; ///< lower case
        bool joinsWithOr = false;        ///< with the next condition
    };

    std::vector<Condition> m_conditions;
};

} // namespace server::contacts
