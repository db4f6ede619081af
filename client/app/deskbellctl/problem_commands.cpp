#include "client/app/deskbellctl/commands.h"
#include "client/app/deskbellctl/connected_desk.h"
#include "client/app/deskbellctl/on_desk.h"
#include "client/app/deskbellctl/printing.h"
#include "client/features/conversations/logic/attention.h"
#include "shared/base/json.h"

#include <algorithm>

namespace client::ctl {

namespace {

using conversations::Problem;

std::string line(const Problem &problem)
{
    auto text = problem.mid.text() + "  " + problem.title.toStdString() + ": " + problem.reason.toStdString();
    if (!problem.content.isEmpty())
        text += "\n    " + problem.content.toStdString();
    text += "\n   ";
    for (const auto action : problem.actions)
        text += " " + actionName(action);
    return text;
}

// Only what needs no screen.
std::optional<Problem::Action> actionIn(const Problem &problem, const std::string &name)
{
    using Action = Problem::Action;
    for (const auto action : problem.actions)
        if (actionName(action) == name && action != Action::ShowBoth && action != Action::Open &&
            action != Action::EditAndSend && action != Action::CopyText)
            return action;
    return std::nullopt;
}

} // namespace

int problems(const Options &options)
{
    return onDesk(options, false, [&](ConnectedDesk &desk) -> int {
        const auto all = desk.problems();
        if (options.json)
            print(base::Json::parse(conversations::problemsAsJson(all).toStdString()));
        else
            for (const auto &problem : all)
                print(line(problem));
        return Ok;
    });
}

int resolveProblem(const Options &options, const std::string &mid, const std::string &action)
{
    return onDesk(options, false, [&](ConnectedDesk &desk) -> int {
        const auto all = desk.problems();
        const auto found = std::find_if(all.begin(), all.end(), [&mid](const auto &problem) {
            return !mid.empty() && problem.mid.text().starts_with(mid);
        });
        if (found == all.end()) {
            complain("there is no problem " + mid);
            return Usage;
        }
        const auto chosen = actionIn(*found, action);
        if (!chosen) {
            complain("not one of its actions: " + action);
            return Usage;
        }
        std::optional<base::Status> stored;
        desk.actions().resolve(*found, *chosen, [&stored](const base::Status &status) { stored = status; });
        desk.waitUntil([&] { return stored.has_value(); });
        if (!stored || !*stored) {
            complain(conversations::ConversationActions::explain(stored ? stored->error().code
                                                                        : base::ErrorCode::Storage)
                         .toStdString());
            return Different;
        }
        // Over when neither it nor anything in its place is left.
        const auto isOver = [&] {
            const auto intents = desk.reader().intents();
            const auto held = desk.reader().heldReplies();
            return std::none_of(
                       intents.begin(), intents.end(),
                       [&](const auto &one) { return one.mid == found->mid || one.fixes == found->mid; }) &&
                   std::none_of(held.begin(), held.end(),
                                [&](const auto &one) { return one.message.value == found->mid; });
        };
        const bool over = options.offline || desk.waitUntil([&] {
            const auto left = desk.problems();
            return isOver() || std::any_of(left.begin(), left.end(), [&](const auto &one) {
                       return one.attempt.has_value() && one.mid == found->mid;
                   });
        });
        const bool done = isOver();
        if (options.json)
            print(base::Json{{"id", found->mid.text()},
                             {"state", done   ? "done"
                                       : over ? "queued"
                                              : "waiting"}});
        else
            print(std::string{done ? "done" : "queued"});
        return done || options.offline ? Ok : over ? Different : NotConnected;
    });
}

} // namespace client::ctl
