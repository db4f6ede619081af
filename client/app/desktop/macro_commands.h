#pragma once

#include "client/app/desktop/desk_stores.h"

#include <QObject>

namespace client::conversations {
class ConversationListView;
}

namespace client::shell {
class CommandTable;
class PaletteController;
} // namespace client::shell

namespace client::desktop {

/// Running macros on the open conversation, from the palette, where each says what it will do.
class MacroCommands : public QObject {
    Q_OBJECT

public:
    struct Parts {
        DeskStores &stores;
        shell::CommandTable &commands;
        shell::PaletteController &palette;
        conversations::ConversationListView &list;
    };

    explicit MacroCommands(Parts parts, QObject *parent = nullptr);

Q_SIGNALS:
    void said(const QString &sentence);

private:
    void run(const QString &id);

    Parts m_parts;
};

} // namespace client::desktop
