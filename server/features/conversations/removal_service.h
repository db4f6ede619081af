#pragma once

#include "server/features/conversations/conversation_store.h"
#include "server/sync/write_context.h"
#include "shared/base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace server::conversations {

/// Names in the blob folder whose rows are gone; for AttachmentService::removeFiles() after the commit.
using RemovedFiles = std::vector<std::string>;

/// Takes back words and people. Runs inside executor jobs and records what it removes.
class RemovalService {
public:
    /// Puts a marker in place of a message's words and drops its files; the row and its number stay. Fails
    /// with NotVisible (conversation), NotFound (no such message there), Invalid (an activity).
    static base::Result<RemovedFiles> eraseMessage(sync::WriteContext &ctx, const base::Uuid &conversation,
                                                   std::int64_t message);
    /// Removes a contact with all of their conversations. Fails with NotFound.
    static base::Result<RemovedFiles> removeContact(sync::WriteContext &ctx, std::int64_t contact);

private:
    static void removeConversation(sync::WriteContext &ctx, const ConversationRow &row, RemovedFiles &files);
};

} // namespace server::conversations
