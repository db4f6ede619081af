#pragma once

#include "client/storage/connection.h"
#include "shared/domain/conversations/conversation.h"

#include <string>
#include <vector>

namespace client::storage {

/// See Reader::find(). Work is bounded whatever the words are: the newest hits are looked at first, and only
/// so many.
std::vector<domain::ConversationId> findConversations(Connection &cache, const std::string &words, int limit);

} // namespace client::storage
