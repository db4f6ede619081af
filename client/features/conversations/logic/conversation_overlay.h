#pragma once

#include "client/sync/overlay_registry.h"

namespace client::conversations {

/// Adds what the six mutations of conversations look like before the server has answered.
void registerConversationOverlays(sync::OverlayRegistry &registry);

} // namespace client::conversations
