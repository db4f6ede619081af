#pragma once

#include "client/storage/connection.h"
#include "client/storage/search_query.h"

#include <map>
#include <string>
#include <vector>

namespace client::storage {

// Two characters that no message holds: the server refuses control characters.
inline constexpr char snippetOpen = '\x02';
inline constexpr char snippetClose = '\x03';

/// By search key: a line of the message around what was found, marked (see SearchHit). `expression` is the
/// question for the index; empty when the messages were found without it.
std::map<std::int64_t, std::string> snippetsOf(Connection &cache, const std::string &expression,
                                               const SearchQuery &query,
                                               const std::vector<std::int64_t> &searchKeys);

} // namespace client::storage
