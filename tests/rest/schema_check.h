#pragma once

#include "shared/base/json_fwd.h"

#include <string>
#include <vector>

namespace tests {

/// Holds a value against a schema of an OpenAPI 3.1 document: type (also lists of types), enum, required,
/// properties, items, additionalProperties, allOf, oneOf, anyOf, $ref, format date-time. Each complaint names
/// the place. `document` must outlive the call; a keyword this checker does not know is a complaint of its
/// own, so that a pass means everything was looked at.
std::vector<std::string> schemaComplaints(const base::Json &document, const base::Json &schema,
                                          const base::Json &value);

} // namespace tests
