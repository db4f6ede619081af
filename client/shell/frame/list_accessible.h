#pragma once

namespace client::shell {

/// Gives the lists of the house (rows, sidebar) to assistive technology as a list with one item a row: it can
/// be focused from outside, its items can be chosen, and they know whether they are selected or in view. Qt's
/// own interface for item views can do none of these.
///
/// Call once, after the theme was made. GUI thread.
void installListAccessibility();

} // namespace client::shell
