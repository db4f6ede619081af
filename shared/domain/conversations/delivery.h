#pragma once

#include <optional>
#include <string_view>

/// How far a public reply got on its way to the customer (docs/protocol.md A.8).
namespace domain {

enum class Delivery {
    Pending,           ///< accepted; its author may still take it back
    Dispatching,       ///< handed to the channel, which has not answered yet
    Sent,              ///< the channel took it; also what a reply without a state counts as
    SentBeforeRestore, ///< stored again after a restore of the server; went out before, so never again
    Delivered,         ///< it reached the customer
    Read,              ///< the customer has seen it
    Failed,            ///< the channel refused it; its author may try again
    Uncertain,         ///< the channel's answer was lost: it may have gone out or not
};
std::string_view toText(Delivery delivery);
std::optional<Delivery> deliveryFromText(std::string_view text);

/// Whether news of `to` count after `from`. Forward only, by rank; what failed stays failed and what is
/// uncertain is settled by news from beyond, until somebody asks for another try.
bool mayMove(Delivery from, Delivery to);
/// Somebody may ask for another try.
bool mayRetry(Delivery from);

} // namespace domain
