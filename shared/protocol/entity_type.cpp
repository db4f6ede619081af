#include "shared/protocol/entity_type.h"

#include <array>
#include <utility>

namespace protocol {

namespace {

constexpr std::array<std::pair<EntityType, std::string_view>, 16> names{{
    {EntityType::Account, "account"},
    {EntityType::User, "user"},
    {EntityType::Team, "team"},
    {EntityType::Inbox, "inbox"},
    {EntityType::Label, "label"},
    {EntityType::Macro, "macro"},
    {EntityType::CannedResponse, "canned"},
    {EntityType::Contact, "contact"},
    {EntityType::Conversation, "conversation"},
    {EntityType::Message, "message"},
    {EntityType::MessageState, "mstate"},
    {EntityType::ReadState, "cread"},
    {EntityType::Draft, "draft"},
    {EntityType::Access, "access"},
    {EntityType::Device, "device"},
    {EntityType::HeldReply, "held"},
}};

} // namespace

std::string_view toText(EntityType type)
{
    for (const auto &[candidate, text] : names)
        if (candidate == type)
            return text;
    return {};
}

std::optional<EntityType> entityTypeFromText(std::string_view text)
{
    for (const auto &[type, candidate] : names)
        if (candidate == text)
            return type;
    return std::nullopt;
}

std::optional<EntityType> entityTypeFromNumber(int number)
{
    for (const auto &[type, text] : names)
        if (static_cast<int>(type) == number)
            return type;
    return std::nullopt;
}

} // namespace protocol
