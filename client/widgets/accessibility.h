#pragma once

namespace client::widgets {

/// Tells Qt how assistive technology sees the house widgets. Called by House.
void installAccessibility();
void removeAccessibility();

} // namespace client::widgets
