#pragma once

#include "client/app/desktop/desk_stores.h"

#include <QObject>

#include <functional>

class QMenu;
class QWidget;

namespace client::conversations {
class ComposerView;
class ConversationListView;
class PropertiesView;
} // namespace client::conversations

namespace client::shell {
class CommandTable;
class PaletteController;
} // namespace client::shell

namespace client::desktop {

/// Labels and team of the open conversation, and canned responses for the box beneath it: as commands, as
/// menus of the contact panel and as deeper levels of the palette.
class SortingCommands : public QObject {
    Q_OBJECT

public:
    struct Parts {
        DeskStores &stores;
        shell::CommandTable &commands;
        shell::PaletteController &palette;
        conversations::ConversationListView &list;
        conversations::ComposerView &composer;
        conversations::PropertiesView &properties;
    };

    explicit SortingCommands(Parts parts, QObject *parent = nullptr);

Q_SIGNALS:
    /// "Label vip added": to be told; `takeBack` undoes it.
    void done(const QString &sentence, const std::function<void()> &takeBack);

private:
    void addLabels();
    void addTeams();
    void addCannedResponses();
    void makeMenus();
    [[nodiscard]] std::optional<domain::Conversation> current() const;
    [[nodiscard]] QStringList titles() const;
    void toggle(const QString &title);
    void setTeam(std::optional<domain::TeamId> to);
    void saveCanned();

    Parts m_parts;
};

} // namespace client::desktop
