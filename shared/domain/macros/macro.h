#pragma once

#include "shared/base/result.h"
#include "shared/domain/ids.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace domain {

/// One thing that a macro does, by its name in the REST API, with what the name needs: a text, label titles,
/// the number of an agent ("self": who runs it) or of a team, a status, a priority ("nil": none).
struct MacroStep {
    std::string action;
    std::vector<std::string> params;

    bool operator==(const MacroStep &) const = default;
};

/// Steps that an agent runs on a conversation at once.
struct Macro {
    MacroId id;
    std::int64_t number = 0; ///< 0 until the server gave one
    std::string name;
    bool isShared = false; ///< everybody runs it, administrators change it; else its author's own
    UserId author;
    std::vector<MacroStep> steps;

    bool operator==(const Macro &) const = default;
};

/// What a step's parameters mean.
enum class MacroParam { None, Text, Labels, Agent, Team, Status, Priority };

struct MacroAction {
    std::string_view name;
    MacroParam param;
};

/// All that a macro can do.
std::span<const MacroAction> macroActions();
/// Nothing for a name that is none.
std::optional<MacroParam> macroParam(std::string_view action);

inline constexpr std::size_t maxMacroName = 255; ///< code points
inline constexpr std::size_t maxMacroSteps = 30;
inline constexpr std::string_view macroSelf = "self"; ///< assign_agent: who runs it

/// The same with texts trimmed and cleaned. Fails with Invalid: "name", or "actions" when there are none, too
/// many, or one is unknown or lacks what it needs.
base::Result<Macro> checked(Macro macro);

} // namespace domain
