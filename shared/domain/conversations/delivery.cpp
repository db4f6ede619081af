#include "shared/domain/conversations/delivery.h"

#include <array>
#include <utility>

namespace domain {

namespace {

constexpr std::array<std::pair<Delivery, std::string_view>, 8> names{{
    {Delivery::Pending, "pending"},
    {Delivery::Dispatching, "dispatching"},
    {Delivery::Sent, "sent"},
    {Delivery::SentBeforeRestore, "sent_before_restore"},
    {Delivery::Delivered, "delivered"},
    {Delivery::Read, "read"},
    {Delivery::Failed, "failed"},
    {Delivery::Uncertain, "uncertain"},
}};

} // namespace

std::string_view toText(Delivery delivery)
{
    for (const auto &[candidate, text] : names)
        if (candidate == delivery)
            return text;
    return "sent";
}

std::optional<Delivery> deliveryFromText(std::string_view text)
{
    for (const auto &[delivery, candidate] : names)
        if (candidate == text)
            return delivery;
    return std::nullopt;
}

bool mayMove(Delivery from, Delivery to)
{
    switch (to) {
    case Delivery::Pending:
        return false;
    case Delivery::Failed:
        return from == Delivery::Pending || from == Delivery::Dispatching || from == Delivery::Sent ||
               from == Delivery::Uncertain;
    case Delivery::Uncertain:
        return from == Delivery::Dispatching;
    case Delivery::Dispatching:
    case Delivery::Sent:
    case Delivery::SentBeforeRestore:
    case Delivery::Delivered:
    case Delivery::Read:
        break;
    }
    if (from == Delivery::Failed)
        return false;
    if (from == Delivery::Uncertain)
        return to != Delivery::Dispatching;
    return static_cast<int>(to) > static_cast<int>(from); // the enumerators are in the order of the ranks
}

bool mayRetry(Delivery from)
{
    return from == Delivery::Failed || from == Delivery::Uncertain;
}

} // namespace domain
