#pragma once

#include "client/sync/overlay_registry.h"

namespace client::macros {

/// How saving, deleting and running look before the server has answered. The overlays of what macros are made
/// of must be registered already.
void registerMacroOverlays(sync::OverlayRegistry &registry);

} // namespace client::macros
