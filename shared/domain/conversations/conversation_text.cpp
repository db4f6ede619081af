#include "shared/domain/conversations/conversation.h"
#include "shared/domain/conversations/message.h"

#include <array>
#include <utility>

namespace domain {

namespace {

template <class E, std::size_t N>
using Names = std::array<std::pair<E, std::string_view>, N>;

constexpr Names<ConversationStatus, 4> statuses{{{ConversationStatus::Open, "open"},
                                                 {ConversationStatus::Pending, "pending"},
                                                 {ConversationStatus::Snoozed, "snoozed"},
                                                 {ConversationStatus::Resolved, "resolved"}}};
constexpr Names<Priority, 5> priorities{{{Priority::None, "none"},
                                         {Priority::Low, "low"},
                                         {Priority::Medium, "medium"},
                                         {Priority::High, "high"},
                                         {Priority::Urgent, "urgent"}}};
constexpr Names<MessageKind, 3> kinds{
    {{MessageKind::Public, "public"}, {MessageKind::Note, "note"}, {MessageKind::Activity, "activity"}}};
constexpr Names<MessageDirection, 2> directions{
    {{MessageDirection::Incoming, "in"}, {MessageDirection::Outgoing, "out"}}};

template <class E, std::size_t N>
std::string_view nameOf(const Names<E, N> &names, E value)
{
    for (const auto &[candidate, text] : names)
        if (candidate == value)
            return text;
    return names[0].second;
}

template <class E, std::size_t N>
std::optional<E> valueOf(const Names<E, N> &names, std::string_view text)
{
    for (const auto &[value, candidate] : names)
        if (candidate == text)
            return value;
    return std::nullopt;
}

} // namespace

std::string_view toText(ConversationStatus status)
{
    return nameOf(statuses, status);
}

std::optional<ConversationStatus> conversationStatusFromText(std::string_view text)
{
    return valueOf(statuses, text);
}

std::string_view toText(Priority priority)
{
    return nameOf(priorities, priority);
}

std::optional<Priority> priorityFromText(std::string_view text)
{
    return valueOf(priorities, text);
}

std::string_view toText(MessageKind kind)
{
    return nameOf(kinds, kind);
}

std::optional<MessageKind> messageKindFromText(std::string_view text)
{
    return valueOf(kinds, text);
}

std::string_view toText(MessageDirection direction)
{
    return nameOf(directions, direction);
}

std::optional<MessageDirection> messageDirectionFromText(std::string_view text)
{
    return valueOf(directions, text);
}

} // namespace domain
