#pragma once

#include "client/storage/outbox_store.h"
#include "shared/protocol/conversations/conversation_messages.h"

#include <optional>

namespace client::conversations {

/// What a "message.create" intent says; nothing for another mutation or unreadable arguments.
std::optional<protocol::CreateMessage> writtenIn(const storage::Intent &intent);
/// The message that a release, discard or retry is about.
std::optional<base::Uuid> decidedMessage(const storage::Intent &intent);

} // namespace client::conversations
