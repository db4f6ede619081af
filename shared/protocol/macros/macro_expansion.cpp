#include "shared/base/json.h"
#include "shared/base/text.h"
#include "shared/protocol/conversations/conversation_messages.h"
#include "shared/protocol/macros/macro_messages.h"

#include <charconv>
#include <utility>

namespace protocol {

namespace {

using domain::ConversationStatus;

std::int64_t numberIn(const std::string &text)
{
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// One macro on one conversation.
class Expansion {
public:
    Expansion(RunMacro &run, const base::Uuid &mid, const MacroWorld &world)
        : m_run{run}
        , m_mid{mid}
        , m_world{world}
        , m_assignee{world.assignee}
    {
    }

    /// False when it needs somebody who is gone.
    bool add(const domain::MacroStep &step)
    {
        const auto &action = step.action;
        const auto only = step.params.empty() ? std::string{} : step.params.front();
        if (action == "send_message")
            write(domain::MessageKind::Public, only);
        else if (action == "add_private_note")
            write(domain::MessageKind::Note, only);
        else if (action == "add_label")
            call(SetLabels{conversation(), step.params, {}});
        else if (action == "remove_label")
            call(SetLabels{conversation(), {}, step.params});
        else if (action == "assign_agent")
            return assign(only);
        else if (action == "remove_assigned_agent")
            assign(std::optional<domain::UserId>{});
        else if (action == "assign_team")
            return giveTo(only);
        else if (action == "remove_assigned_team")
            call(SetTeam{conversation(), {}});
        else if (action == "change_priority")
            call(
                SetPriority{conversation(), domain::priorityFromText(only).value_or(domain::Priority::None)});
        else
            call(SetStatus{conversation(), statusOf(action, only)});
        return true;
    }

private:
    static ConversationStatus statusOf(const std::string &action, const std::string &param)
    {
        if (action == "resolve_conversation")
            return ConversationStatus::Resolved;
        if (action == "pending_conversation")
            return ConversationStatus::Pending;
        if (action == "snooze_conversation")
            return ConversationStatus::Snoozed;
        return domain::conversationStatusFromText(param).value_or(ConversationStatus::Open);
    }

    [[nodiscard]] const domain::ConversationId &conversation() const { return m_run.conversation; }

    template <class M>
    void call(const M &message, std::optional<base::Uuid> mid = std::nullopt)
    {
        m_run.calls.push_back(
            {mid.value_or(m_world.newId()), std::string{M::name}, base::toText(toJson(message))});
    }

    void write(domain::MessageKind kind, const std::string &text)
    {
        CreateMessage message;
        message.conversation = conversation();
        message.kind = kind;
        message.body = text;
        const bool isFirst = kind == domain::MessageKind::Public && !std::exchange(m_hasReply, true);
        call(message, isFirst ? std::optional{m_mid} : std::nullopt);
    }

    bool assign(const std::string &to)
    {
        const auto agent = to == domain::macroSelf ? std::optional{m_world.me} : m_world.agent(numberIn(to));
        if (agent)
            assign(agent);
        return agent.has_value();
    }

    void assign(const std::optional<domain::UserId> &to)
    {
        call(Assign{conversation(), to, m_assignee});
        m_assignee = to;
    }

    bool giveTo(const std::string &number)
    {
        const auto team = m_world.team(numberIn(number));
        if (team)
            call(SetTeam{conversation(), team});
        return team.has_value();
    }

    RunMacro &m_run;
    const base::Uuid &m_mid;
    const MacroWorld &m_world;
    std::optional<domain::UserId> m_assignee; // after the steps so far
    bool m_hasReply = false;
};

} // namespace

base::Result<RunMacro> expanded(const domain::Macro &macro, const domain::ConversationId &conversation,
                                const base::Uuid &mid, const MacroWorld &world)
{
    RunMacro run{conversation, macro.id, {}};
    Expansion expansion{run, mid, world};
    for (const auto &step : macro.steps)
        if (!expansion.add(step))
            return base::Error{base::ErrorCode::Invalid, "actions"};
    return run;
}

} // namespace protocol
