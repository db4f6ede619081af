#pragma once

#include "client/storage/connection.h"
#include "client/storage/search_query.h"

#include <string>

namespace client::storage {

// Two characters that no message holds: the server refuses control characters.
inline constexpr char snippetOpen = '\x02';
inline constexpr char snippetClose = '\x03';

/// A line of the message around what was found, marked (see SearchHit). `expression` is the question for the
/// index; empty when the message was found without it.
std::string snippetOf(Connection &cache, const std::string &expression, const SearchQuery &query,
                      std::int64_t searchKey);

} // namespace client::storage
