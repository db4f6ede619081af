#pragma once

#include "client/shell/frame/overlay.h"

namespace client::shell {

class CommandTable;

/// Every command that has a key, by group, in an overlay with a field that filters them.
class ShortcutSheet : public Overlay {
    Q_OBJECT

public:
    /// Reads `commands` once.
    ShortcutSheet(const CommandTable &commands, QWidget *window);
};

} // namespace client::shell
