#pragma once

#include "client/widgets/palette/palette_source.h"

#include <QHash>
#include <QObject>

#include <functional>
#include <memory>
#include <vector>

namespace client::widgets {
class CommandPalette;
}

namespace client::shell {

class CommandTable;

/// The palette of a window: its commands, what providers add (conversations, contacts), and deeper levels.
/// Prefixes: > commands, # conversations, @ contacts, ? the shortcut sheet's commands.
class PaletteController : public QObject {
    Q_OBJECT

public:
    using Entries = std::function<std::vector<widgets::PaletteEntry>(const QString &query)>;
    using Activate = std::function<void(const QString &id)>;

    PaletteController(CommandTable &commands, QWidget *window);
    ~PaletteController() override;

    [[nodiscard]] bool isOpen() const;
    [[nodiscard]] widgets::CommandPalette &view() { return *m_palette; }

    /// `prefix` limits the entries to those asked for with it ('#', '@'). Ids are the provider's own.
    void addProvider(QChar prefix, Entries entries, Activate activate);
    /// What Tab (or Enter) on the command `id` opens.
    void addLevel(const QString &id, const QString &context, Entries entries, Activate activate);
    /// The chip at the end of the field: what "this conversation" is.
    void setContext(std::function<QString()> context) { m_context = std::move(context); }

    void open(const QString &text = {});
    /// Opens at a deeper level at once ("A": people).
    void openLevel(const QString &id);

private:
    class Root;
    class Level;

    [[nodiscard]] const Level *levelOf(const QString &id) const;
    void activate(const QString &id);
    void drill(const QString &id);

    CommandTable &m_commands;
    widgets::CommandPalette *m_palette;
    std::unique_ptr<Root> m_root;
    std::vector<std::unique_ptr<Level>> m_levels;
    std::function<QString()> m_context;
    QHash<QString, int> m_used; ///< command -> when it was last used, counted
    int m_uses = 0;
};

} // namespace client::shell
