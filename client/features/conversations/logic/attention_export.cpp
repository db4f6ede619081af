#include "client/features/conversations/logic/attention.h"
#include "shared/base/json.h"

#include <QDateTime>
#include <QLocale>

// The list of problems, for keeping elsewhere.
namespace client::conversations {

using Action = Problem::Action;

std::string actionName(Problem::Action action)
{
    switch (action) {
    case Action::ShowBoth:
        return "show-both";
    case Action::SendAnyway:
        return "send-anyway";
    case Action::EditAndSend:
        return "edit";
    case Action::TurnIntoNote:
        return "note";
    case Action::HandOver:
        return "hand-over";
    case Action::Open:
        return "open";
    case Action::ResolveAnyway:
        return "resolve-anyway";
    case Action::TakeOver:
        return "take-over";
    case Action::ApplyNow:
        return "apply-now";
    case Action::TryAgain:
        return "try-again";
    case Action::SendWithout:
        return "send-without";
    case Action::CopyText:
        return "copy";
    case Action::Keep:
        return "keep";
    case Action::Dismiss:
        return "dismiss";
    case Action::Discard:
        return "discard";
    }
    return {};
}

QString problemsAsText(const std::vector<Problem> &problems)
{
    QString text;
    for (const auto &problem : problems) {
        text +=
            problem.title + QLatin1Char{'\n'} +
            QLocale{}.toString(QDateTime::fromMSecsSinceEpoch(base::toMs(problem.at)), QLocale::LongFormat) +
            QLatin1Char{'\n'} + problem.reason + QLatin1Char{'\n'};
        if (!problem.now.isEmpty())
            text += problem.now + QLatin1Char{'\n'};
        if (!problem.content.isEmpty())
            text += QLatin1Char{'\n'} + problem.content + QLatin1Char{'\n'};
        for (const auto &file : problem.files)
            text += QStringLiteral("[%1]\n").arg(file);
        text += QLatin1Char{'\n'};
    }
    return text;
}

QByteArray problemsAsJson(const std::vector<Problem> &problems)
{
    auto list = base::Json::array();
    for (const auto &problem : problems) {
        base::Json json{{"id", problem.mid.text()},
                        {"op", problem.op},
                        {"state", problem.isWaiting ? "waiting"
                                  : problem.isHeld  ? "held"
                                                    : "refused"},
                        {"code", base::toText(problem.code)},
                        {"reason", problem.reason.toStdString()},
                        {"conversation", problem.conversation.text()},
                        {"subject", problem.subject.toStdString()},
                        {"body", problem.content.toStdString()},
                        {"at", base::toMs(problem.at)}};
        if (!problem.now.isEmpty())
            json["now"] = problem.now.toStdString();
        for (const auto &file : problem.files)
            json["files"].push_back(file.toStdString());
        for (const auto action : problem.actions)
            json["actions"].push_back(actionName(action));
        list.push_back(std::move(json));
    }
    return QByteArray::fromStdString(base::toText(list));
}

} // namespace client::conversations
