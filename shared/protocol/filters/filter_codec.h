#pragma once

#include "shared/base/json_fwd.h"
#include "shared/base/result.h"
#include "shared/domain/filters/filter.h"

#include <string_view>

namespace protocol {

/// From `[{"attribute_key","filter_operator","values","query_operator"},…]`. Values may be texts, numbers,
/// flags, or objects with an "id". Checked for the subject; fails as domain::check() does.
base::Result<domain::Filter> filterFromJson(const base::Json &conditions, domain::FilterSubject subject);
base::Json toJson(const domain::Filter &filter);

/// What an object of stored fields has under a name: texts as they are, others as JSON; nothing for null and
/// for an empty text.
domain::FilterValue fieldValue(const base::Json &object, std::string_view name);

} // namespace protocol
