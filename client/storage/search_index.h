#pragma once

#include "client/storage/connection.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace client::storage {

/// The full-text index over the bodies of all cached messages (FTS5, external content).
///
/// Rows are inserted without it, so that a first sync is not slowed down; index() follows in the background,
/// the newest messages first. `message.search_key` is null until a row is indexed; keys grow with time, so
/// that the newest hits are found first without sorting. Triggers keep the index true to rows that change or
/// go.
class SearchIndex {
public:
    explicit SearchIndex(Connection &connection) : m_connection{connection} {}

    /// The migration step that makes it.
    static std::string_view schema();
    /// The step that lets the words of the index be read.
    static std::string_view wordsSchema();

    /// Indexes up to `most` messages in a transaction of its own and tells how many it found. Writer's
    /// thread, between transactions. Throws StorageError.
    std::size_t index(std::size_t most);

private:
    Connection &m_connection;
};

/// What a person typed as an FTS5 query: all words, the last one as a beginning from two letters on. Empty
/// when it holds no letter or digit, or writing without spaces between words (Chinese, Japanese, Thai…),
/// which the index cannot divide.
std::string matchExpression(std::string_view words);

/// The same question with its unfinished word written out as the few words of the index that begin so; as it
/// is when there are many, or the word has letters beyond ASCII. FTS5 reads every hit of a beginning before
/// it gives the first one, but hits of whole words only as they are asked for: with a million messages that
/// is the difference between a tenth of a second and a millisecond.
std::string completed(Connection &cache, std::string expression);

} // namespace client::storage
