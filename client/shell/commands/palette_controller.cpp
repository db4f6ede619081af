#include "client/shell/commands/palette_controller.h"

#include "client/shell/commands/command_table.h"
#include "client/widgets/palette/command_palette.h"

#include <algorithm>

namespace client::shell {

using widgets::PaletteEntry;

namespace {

struct Provider {
    QChar prefix;
    PaletteController::Entries entries;
    PaletteController::Activate activate;
};

const QChar separator{0x1f}; // between a provider's number and its own id; no id holds it

} // namespace

class PaletteController::Root : public widgets::PaletteSource {
public:
    explicit Root(PaletteController &owner) : m_owner{owner} {}

    [[nodiscard]] std::vector<PaletteEntry> entries(QChar prefix, const QString &query) const override
    {
        std::vector<PaletteEntry> all;
        if (prefix.isNull() || prefix == QLatin1Char{'>'} || prefix == QLatin1Char{'?'})
            addCommands(all);
        for (std::size_t i = 0; i < providers.size(); ++i) {
            if (!prefix.isNull() && prefix != providers[i].prefix)
                continue;
            if (prefix.isNull() && query.isEmpty())
                continue; // an empty palette lists what can be done, not everybody
            for (auto &entry : providers[i].entries(query)) {
                entry.id = QLatin1Char{'p'} + QString::number(i) + separator + entry.id;
                all.push_back(std::move(entry));
            }
        }
        return all;
    }

    std::vector<Provider> providers;

private:
    void addCommands(std::vector<PaletteEntry> &all) const
    {
        for (const auto &command : m_owner.m_commands.all()) {
            if (!command.inPalette || (command.isAvailable && !command.isAvailable()))
                continue;
            const int used = m_owner.m_used.value(command.id);
            all.push_back({.id = command.id,
                           .group = command.group,
                           .title = command.title,
                           .icon = command.icon,
                           .shortcut = m_owner.m_commands.keysText(command.id),
                           .recency = used ? 1.0 / (1 + m_owner.m_uses - used) : 0.0,
                           .canDrill = command.drills});
        }
    }

    PaletteController &m_owner;
};

class PaletteController::Level : public widgets::PaletteSource {
public:
    [[nodiscard]] std::vector<PaletteEntry> entries(QChar, const QString &query) const override
    {
        auto all = entriesOf(query);
        for (auto &entry : all)
            entry.id = QLatin1Char{'l'} + QString::number(number) + separator + entry.id;
        return all;
    }

    std::size_t number = 0;
    QString id;
    QString context;
    Entries entriesOf;
    Activate activateEntry;
};

PaletteController::PaletteController(CommandTable &commands, QWidget *window)
    : QObject{window}
    , m_commands{commands}
    , m_palette{new widgets::CommandPalette{window}}
    , m_root{std::make_unique<Root>(*this)}
{
    m_palette->setObjectName(QStringLiteral("palette"));
    connect(m_palette, &widgets::CommandPalette::activated, this, &PaletteController::activate);
    connect(m_palette, &widgets::CommandPalette::drilled, this, &PaletteController::drill);
    connect(&commands, &CommandTable::aboutToRun, this, [this](const QString &id) { m_used[id] = ++m_uses; });
}

PaletteController::~PaletteController()
{
    delete m_palette; // before the sources it points to
}

bool PaletteController::isOpen() const
{
    return m_palette->isOpen();
}

void PaletteController::addProvider(QChar prefix, Entries entries, Activate activate)
{
    m_root->providers.push_back({prefix, std::move(entries), std::move(activate)});
}

void PaletteController::addLevel(const QString &id, const QString &context, Entries entries,
                                 Activate activate)
{
    auto level = std::make_unique<Level>();
    level->number = m_levels.size();
    level->id = id;
    level->context = context;
    level->entriesOf = std::move(entries);
    level->activateEntry = std::move(activate);
    m_levels.push_back(std::move(level));
}

void PaletteController::open(const QString &text)
{
    m_palette->open(*m_root, m_context ? m_context() : QString{}, text);
}

const PaletteController::Level *PaletteController::levelOf(const QString &id) const
{
    const auto found =
        std::find_if(m_levels.begin(), m_levels.end(), [&id](const auto &level) { return level->id == id; });
    return found == m_levels.end() ? nullptr : found->get();
}

void PaletteController::openLevel(const QString &id)
{
    if (const auto *level = levelOf(id))
        m_palette->open(*level, level->context);
}

void PaletteController::activate(const QString &id)
{
    if (levelOf(id)) {
        if (m_palette->isOpen())
            drill(id);
        else
            openLevel(id);
        return;
    }
    m_palette->dismiss();
    const auto at = id.indexOf(separator);
    if (at < 0) {
        m_commands.run(id);
        return;
    }
    const auto number = id.mid(1, at - 1).toULongLong();
    const auto own = id.mid(at + 1);
    if (id.startsWith(QLatin1Char{'l'}) && number < m_levels.size())
        m_levels[number]->activateEntry(own);
    else if (id.startsWith(QLatin1Char{'p'}) && number < m_root->providers.size())
        m_root->providers[number].activate(own);
}

void PaletteController::drill(const QString &id)
{
    if (const auto *level = levelOf(id))
        m_palette->drillInto(*level, level->context);
}

} // namespace client::shell
