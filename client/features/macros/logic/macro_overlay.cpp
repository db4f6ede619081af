#include "client/features/macros/logic/macro_overlay.h"

#include "shared/base/json.h"
#include "shared/protocol/macros/macro_messages.h"
#include "shared/protocol/setting_rows.h"

#include <algorithm>
#include <map>

namespace client::macros {

namespace {

using storage::EntityKey;
using storage::Intent;
using sync::OverlayContext;
using sync::OverlayView;

/// The overlays of single steps; a copy, since registries move.
using Parts = std::map<std::string, sync::Overlay, std::less<>>;

std::vector<EntityKey> targets(const Intent &intent)
{
    const auto args = base::parseJson(intent.args);
    const auto id = args ? base::uuidField(*args, "id") : std::nullopt;
    return id ? std::vector{EntityKey{protocol::EntityType::Macro, *id}} : std::vector<EntityKey>{};
}

base::Status save(OverlayView &view, const OverlayContext &context, const base::Json &args)
{
    const auto message = protocol::saveMacroFromJson(args);
    if (!message)
        return message.error();
    auto macro = message->macro;
    macro.author = context.me;
    const EntityKey key{protocol::EntityType::Macro, macro.id.value};
    if (const auto *row = view.row(key))
        if (const auto json = base::parseJson(row->json))
            if (const auto before = protocol::macroFromRow(key.id, *json)) {
                macro.number = before->number;
                macro.author = before->author;
            }
    view.put(key, protocol::toRow(macro), macro.isShared ? "a" : "u:" + macro.author.text(), std::nullopt);
    return base::Done{};
}

base::Status remove(OverlayView &view, const OverlayContext &, const base::Json &args)
{
    const auto message = protocol::deleteMacroFromJson(args);
    if (!message)
        return message.error();
    view.remove({protocol::EntityType::Macro, message->id.value});
    return base::Done{};
}

/// The intent as if this call alone had been made.
Intent asIntent(const Intent &whole, const protocol::MacroCall &call)
{
    auto intent = whole;
    intent.mid = call.mid;
    intent.op = call.op;
    intent.args = call.args;
    return intent;
}

std::vector<EntityKey> runTargets(const Parts &parts, const Intent &intent)
{
    std::vector<EntityKey> all;
    const auto args = base::parseJson(intent.args);
    const auto run = args ? protocol::runMacroFromJson(*args) : args.error();
    if (!run)
        return all;
    for (const auto &call : run->calls)
        if (const auto part = parts.find(call.op); part != parts.end())
            for (const auto &key : part->second.targets(asIntent(intent, call)))
                if (std::find(all.begin(), all.end(), key) == all.end())
                    all.push_back(key);
    return all;
}

// What the calls before a refused one wrote is dropped with it, by whoever holds the view.
base::Status runAll(const Parts &parts, OverlayView &view, const OverlayContext &context,
                    const base::Json &args)
{
    const auto run = protocol::runMacroFromJson(args);
    if (!run)
        return run.error();
    for (const auto &call : run->calls) {
        const auto part = parts.find(call.op);
        const auto its = base::parseJson(call.args);
        if (part == parts.end() || !its)
            return base::Error{base::ErrorCode::Invalid, "steps"};
        const auto intent = asIntent(context.intent, call);
        const auto status = part->second.apply(view, {intent, context.me, context.attachment}, *its);
        if (!status)
            return status;
    }
    return base::Done{};
}

} // namespace

void registerMacroOverlays(sync::OverlayRegistry &registry)
{
    Parts parts;
    for (const auto &name : registry.names())
        parts.emplace(name, *registry.find(name));
    registry.add(protocol::SaveMacro::name, {targets, save});
    registry.add(protocol::DeleteMacro::name, {targets, remove});
    registry.add(protocol::RunMacro::name,
                 {[parts](const Intent &intent) { return runTargets(parts, intent); },
                  [parts](OverlayView &view, const OverlayContext &context, const base::Json &args) {
                      return runAll(parts, view, context, args);
                  }});
}

} // namespace client::macros
