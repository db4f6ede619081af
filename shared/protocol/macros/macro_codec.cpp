#include "shared/base/json.h"
#include "shared/protocol/conversations/conversation_messages.h"
#include "shared/protocol/macros/macro_messages.h"

#include <algorithm>
#include <array>

namespace protocol {

namespace {

constexpr std::size_t maxCalls = 2 * domain::maxMacroSteps;

/// What macros are made of; each has its conversation in "conv".
constexpr std::array callable{CreateMessage::name, SetStatus::name, Assign::name,
                              SetPriority::name,   SetTeam::name,   SetLabels::name};

base::Error invalid(const char *field)
{
    return {base::ErrorCode::Invalid, field};
}

base::Result<MacroCall> callFromJson(const base::Json &json, const base::Uuid &conversation)
{
    const auto op = base::textField(json, "op");
    const auto mid = base::uuidField(json, "mid");
    const auto &args = base::member(json, "a");
    if (!op || !mid || std::find(callable.begin(), callable.end(), *op) == callable.end())
        return invalid("steps");
    if (base::uuidField(args, "conv") != conversation)
        return invalid("steps");
    return MacroCall{*mid, *op, base::toText(args)};
}

} // namespace

base::Json stepsJson(const std::vector<domain::MacroStep> &steps)
{
    auto list = base::Json::array();
    for (const auto &step : steps)
        list.push_back({{"action", step.action}, {"params", step.params}});
    return list;
}

std::vector<domain::MacroStep> stepsFromJson(const base::Json &list)
{
    std::vector<domain::MacroStep> steps;
    for (const auto &step : list.is_array() ? list : base::Json::array()) {
        domain::MacroStep read{base::textField(step, "action").value_or(""), {}};
        for (const auto &param : base::member(step, "params"))
            if (param.is_string())
                read.params.push_back(param.get<std::string>());
        steps.push_back(std::move(read));
    }
    return steps;
}

base::Json toJson(const SaveMacro &m)
{
    const auto steps = stepsJson(m.macro.steps);
    return {
        {"id", m.macro.id.text()}, {"name", m.macro.name}, {"shared", m.macro.isShared}, {"steps", steps}};
}

base::Json toJson(const DeleteMacro &m)
{
    return {{"id", m.id.text()}};
}

base::Json toJson(const RunMacro &m)
{
    auto calls = base::Json::array();
    for (const auto &call : m.calls)
        calls.push_back({{"mid", call.mid.text()}, {"op", call.op}, {"a", base::Json::parse(call.args)}});
    return {{"conv", m.conversation.text()}, {"macro", m.macro.text()}, {"steps", calls}};
}

base::Result<SaveMacro> saveMacroFromJson(const base::Json &args)
{
    const auto id = base::uuidField(args, "id");
    if (!id)
        return invalid("id");
    domain::Macro macro;
    macro.id = {*id};
    macro.name = base::textField(args, "name").value_or("");
    macro.isShared = base::flagField(args, "shared").value_or(false);
    const auto &steps = base::member(args, "steps");
    if (!steps.is_array() || steps.size() > domain::maxMacroSteps)
        return invalid("actions");
    macro.steps = stepsFromJson(steps);
    auto fine = domain::checked(std::move(macro));
    if (!fine)
        return fine.error();
    return SaveMacro{*std::move(fine)};
}

base::Result<DeleteMacro> deleteMacroFromJson(const base::Json &args)
{
    const auto id = base::uuidField(args, "id");
    if (!id)
        return invalid("id");
    return DeleteMacro{{*id}};
}

base::Result<RunMacro> runMacroFromJson(const base::Json &args)
{
    const auto conversation = base::uuidField(args, "conv");
    if (!conversation)
        return invalid("conv");
    const auto macro = base::uuidField(args, "macro");
    if (!macro)
        return invalid("macro");
    RunMacro run{{*conversation}, {*macro}, {}};
    const auto &calls = base::member(args, "steps");
    if (!calls.is_array() || calls.empty() || calls.size() > maxCalls)
        return invalid("steps");
    for (const auto &json : calls) {
        auto call = callFromJson(json, *conversation);
        if (!call)
            return call.error();
        run.calls.push_back(*std::move(call));
    }
    return run;
}

} // namespace protocol
