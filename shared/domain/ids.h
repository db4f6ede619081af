#pragma once

#include "shared/base/uuid.h"

/// The ids of everything that syncs. Strong types: an AgentId is never taken for a ContactId.
namespace domain {

using AccountId = base::Id<struct AccountTag>;
using UserId = base::Id<struct UserTag>;
using InboxId = base::Id<struct InboxTag>;
using ContactId = base::Id<struct ContactTag>;
using ConversationId = base::Id<struct ConversationTag>;
using MessageId = base::Id<struct MessageTag>;
using AttachmentId = base::Id<struct AttachmentTag>;
using DeviceId = base::Id<struct DeviceTag>;
using TeamId = base::Id<struct TeamTag>;
using LabelId = base::Id<struct LabelTag>;
using CannedResponseId = base::Id<struct CannedResponseTag>;
using MacroId = base::Id<struct MacroTag>;

} // namespace domain
