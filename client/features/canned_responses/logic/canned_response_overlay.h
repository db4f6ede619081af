#pragma once

#include "client/sync/overlay_registry.h"

namespace client::canned_responses {

/// How saving and deleting look before the server has answered.
void registerCannedResponseOverlays(sync::OverlayRegistry &registry);

} // namespace client::canned_responses
