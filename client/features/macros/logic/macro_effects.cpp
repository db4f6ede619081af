#include "client/features/conversations/logic/conversation_store.h"
#include "client/features/macros/logic/macro_store.h"

#include <QStringList>

// What macros do, in words.
namespace client::macros {

namespace {

constexpr int longestQuote = 40;

QString quoted(const std::string &text)
{
    auto words = QString::fromStdString(text).simplified();
    if (words.size() > longestQuote)
        words = words.left(longestQuote).trimmed() + QStringLiteral("…");
    return words;
}

QString listed(const std::vector<std::string> &titles)
{
    QStringList all;
    for (const auto &title : titles)
        all << QString::fromStdString(title);
    return all.join(QStringLiteral(", "));
}

} // namespace

QString MacroStore::effect(const domain::MacroStep &step) const
{
    const auto &action = step.action;
    const auto only = step.params.empty() ? std::string{} : step.params.front();
    if (action == "send_message")
        return tr("Send “%1”").arg(quoted(only));
    if (action == "add_private_note")
        return tr("Note “%1”").arg(quoted(only));
    if (action == "add_label")
        return tr("Add label %1").arg(listed(step.params));
    if (action == "remove_label")
        return tr("Remove label %1").arg(listed(step.params));
    if (action == "assign_agent") {
        if (only == domain::macroSelf)
            return tr("Assign to me");
        const auto user = agent(std::atoll(only.c_str()));
        return tr("Assign to %1").arg(user ? QString::fromStdString(user->name) : tr("somebody who left"));
    }
    if (action == "remove_assigned_agent")
        return tr("Unassign");
    if (action == "assign_team") {
        const auto given = team(std::atoll(only.c_str()));
        return tr("Give to team %1").arg(given ? QString::fromStdString(given->name) : tr("that is gone"));
    }
    if (action == "remove_assigned_team")
        return tr("Take from its team");
    if (action == "resolve_conversation")
        return tr("Resolve");
    if (action == "open_conversation")
        return tr("Open");
    if (action == "pending_conversation")
        return tr("Set pending");
    if (action == "snooze_conversation")
        return tr("Snooze until the next reply");
    if (action == "change_status")
        return tr("Status %1")
            .arg(conversations::ConversationStore::statusText(
                domain::conversationStatusFromText(only).value_or(domain::ConversationStatus::Open)));
    if (action == "change_priority")
        return tr("Priority %1")
            .arg(conversations::ConversationStore::priorityText(
                domain::priorityFromText(only).value_or(domain::Priority::None)));
    return QString::fromStdString(action); // of a newer server
}

QString MacroStore::effects(const domain::Macro &macro) const
{
    QStringList all;
    for (const auto &step : macro.steps)
        all << effect(step);
    return all.join(QStringLiteral(" · "));
}

} // namespace client::macros
