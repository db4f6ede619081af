#pragma once

#include "shared/base/json_fwd.h"
#include "shared/base/result.h"
#include "shared/domain/macros/macro.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

/// The mutations of macros (docs/protocol.md, "Mutations").
namespace protocol {

/// Makes or replaces one, whole. A new one's id is made by the client. Lane "ac".
struct SaveMacro {
    static constexpr std::string_view name = "macro.save";

    domain::Macro macro; ///< number and author are not sent
};

/// Lane "ac".
struct DeleteMacro {
    static constexpr std::string_view name = "macro.delete";

    domain::MacroId id;
};

/// A mutation inside another one.
struct MacroCall {
    base::Uuid mid; ///< id of what it creates
    std::string op;
    std::string args; ///< JSON object as text
};

/// The steps of a macro as they were when it was run, all or none. Lane of the conversation.
struct RunMacro {
    static constexpr std::string_view name = "macro.run";

    domain::ConversationId conversation;
    domain::MacroId macro;
    std::vector<MacroCall> calls;
};

/// Steps as `macro.save` and the server's table have them. Reading is total: what is no list is none.
base::Json stepsJson(const std::vector<domain::MacroStep> &steps);
std::vector<domain::MacroStep> stepsFromJson(const base::Json &list);

base::Json toJson(const SaveMacro &m);
base::Json toJson(const DeleteMacro &m);
base::Json toJson(const RunMacro &m);
/// Fail with Invalid and the field's name. The calls of a RunMacro are all of operations that a macro may
/// have, and on its conversation.
base::Result<SaveMacro> saveMacroFromJson(const base::Json &args);
base::Result<DeleteMacro> deleteMacroFromJson(const base::Json &args);
base::Result<RunMacro> runMacroFromJson(const base::Json &args);

/// What a macro's numbers stand for where it is run.
struct MacroWorld {
    domain::UserId me;
    std::optional<domain::UserId> assignee; ///< of the conversation, as the author sees it
    std::function<std::optional<domain::UserId>(std::int64_t number)> agent;
    std::function<std::optional<domain::TeamId>(std::int64_t number)> team;
    std::function<base::Uuid()> newId;
};

/// The macro's steps as calls. The first message gets `mid`, so that a reply that is held is known by the
/// name of the mutation that wrote it. Fails with Invalid ("actions") when an agent or team is gone.
base::Result<RunMacro> expanded(const domain::Macro &macro, const domain::ConversationId &conversation,
                                const base::Uuid &mid, const MacroWorld &world);

} // namespace protocol
