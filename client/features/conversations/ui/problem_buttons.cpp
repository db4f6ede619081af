#include "client/features/conversations/ui/problem_buttons.h"

namespace client::conversations {

QString buttonText(const Problem &problem, Problem::Action action)
{
    using Action = Problem::Action;
    switch (action) {
    case Action::ShowBoth:
        return Problem::tr("Show both");
    case Action::SendAnyway:
        return Problem::tr("Send anyway");
    case Action::EditAndSend:
        return Problem::tr("Edit & send");
    case Action::TurnIntoNote:
        return Problem::tr("Turn into note");
    case Action::HandOver:
        return Problem::tr("Leave for colleagues");
    case Action::Open:
        return Problem::tr("Open");
    case Action::ResolveAnyway:
        return Problem::tr("Resolve anyway");
    case Action::TakeOver:
        return problem.takeLabel;
    case Action::ApplyNow:
        return Problem::tr("Apply now");
    case Action::TryAgain:
        return Problem::tr("Try again");
    case Action::SendWithout:
        return Problem::tr("Send without it");
    case Action::CopyText:
        return Problem::tr("Copy text");
    case Action::Keep:
        return problem.keepLabel;
    case Action::Dismiss:
        return Problem::tr("Dismiss");
    case Action::Discard:
        return Problem::tr("Discard");
    }
    return {};
}

} // namespace client::conversations
