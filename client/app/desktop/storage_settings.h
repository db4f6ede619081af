#pragma once

class QWidget;

namespace client::shell {
class SettingsPage;
}
namespace client::sync {
class Session;
}

namespace client::desktop {

/// Puts the choice of what stays on this computer into the settings, once; showStorage() brings its figures
/// up to date.
void addStorage(shell::SettingsPage &page, sync::Session &session);
void showStorage(shell::SettingsPage &page, sync::Session &session);

} // namespace client::desktop
