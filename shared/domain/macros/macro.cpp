#include "shared/domain/macros/macro.h"

#include "shared/base/text.h"
#include "shared/domain/conversations/conversation_rules.h"
#include "shared/domain/labels/label_rules.h"

#include <algorithm>
#include <array>

namespace domain {

namespace {

constexpr std::array actions{
    MacroAction{"send_message", MacroParam::Text},
    MacroAction{"add_private_note", MacroParam::Text},
    MacroAction{"add_label", MacroParam::Labels},
    MacroAction{"remove_label", MacroParam::Labels},
    MacroAction{"assign_agent", MacroParam::Agent},
    MacroAction{"remove_assigned_agent", MacroParam::None},
    MacroAction{"assign_team", MacroParam::Team},
    MacroAction{"remove_assigned_team", MacroParam::None},
    MacroAction{"change_status", MacroParam::Status},
    MacroAction{"resolve_conversation", MacroParam::None},
    MacroAction{"open_conversation", MacroParam::None},
    MacroAction{"pending_conversation", MacroParam::None},
    MacroAction{"snooze_conversation", MacroParam::None},
    MacroAction{"change_priority", MacroParam::Priority},
};

bool isNumber(const std::string &text)
{
    return !text.empty() && text.size() < 16 && text.find_first_not_of("0123456789") == std::string::npos;
}

// Puts a step's parameters in order; false when it lacks what it needs.
bool tidy(MacroStep &step, MacroParam param)
{
    auto &params = step.params;
    if (param == MacroParam::None) {
        params.clear();
        return true;
    }
    if (params.empty())
        return false;
    if (param == MacroParam::Labels) {
        auto titles = relabelled({}, params, {});
        if (!titles || titles->empty())
            return false;
        params = *std::move(titles);
        return true;
    }
    params.resize(1);
    auto &only = params.front();
    switch (param) {
    case MacroParam::Text: {
        auto body = messageBody(only, false);
        if (body)
            only = *std::move(body);
        return static_cast<bool>(body);
    }
    case MacroParam::Agent:
        return only == macroSelf || isNumber(only);
    case MacroParam::Team:
        return isNumber(only);
    case MacroParam::Status:
        return conversationStatusFromText(only).has_value();
    case MacroParam::Priority:
        return only == "nil" || priorityFromText(only).has_value();
    default:
        return false;
    }
}

} // namespace

std::span<const MacroAction> macroActions()
{
    return actions;
}

std::optional<MacroParam> macroParam(std::string_view action)
{
    const auto found = std::find_if(actions.begin(), actions.end(),
                                    [action](const auto &known) { return known.name == action; });
    return found == actions.end() ? std::nullopt : std::optional{found->param};
}

base::Result<Macro> checked(Macro macro)
{
    const auto invalid = [](const char *field) { return base::Error{base::ErrorCode::Invalid, field}; };
    if (!base::isUtf8(macro.name))
        return invalid("name");
    macro.name = base::trimmed(base::cleaned(macro.name));
    if (macro.name.empty() || base::length(macro.name) > maxMacroName)
        return invalid("name");
    if (macro.steps.empty() || macro.steps.size() > maxMacroSteps)
        return invalid("actions");
    for (auto &step : macro.steps) {
        const auto param = macroParam(step.action);
        if (!param || !tidy(step, *param))
            return invalid("actions");
    }
    return macro;
}

} // namespace domain
