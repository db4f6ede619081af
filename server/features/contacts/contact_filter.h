#pragma once

#include "server/features/contacts/contact_store.h"
#include "shared/domain/filters/filter.h"

#include <cstdint>
#include <string_view>

namespace server::contacts {

/// What a contact has under an attribute of filters.
domain::FilterValue filterValue(const ContactRow &row, std::string_view attribute);

/// The contacts that a checked filter means, by name; `limit` after `offset`, and how many there are among
/// the first 50,000 that may be meant: what an index finds (by address or label) when the filter asks for
/// that, else all by name.
ContactPage matching(storage::Transaction &tx, sync::AccountNumber account, const domain::Filter &filter,
                     base::Timestamp now, std::int64_t offset, std::int64_t limit);

} // namespace server::contacts
