#pragma once

#include "client/app/deskbellctl/connected_desk.h"
#include "client/app/deskbellctl/on_desk.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace client::ctl {

/// "42" or "#42".
std::optional<std::int64_t> numberIn(std::string_view text);
/// By number or id; says so when there is none.
std::optional<domain::ConversationId> conversationIn(ConnectedDesk &desk, const std::string &text);
/// Waits for what the server says to an order that was just given, and tells it; the exit code.
int outcome(const Options &options, ConnectedDesk &desk, const base::Uuid &mid, const base::Status &stored);

/// Lets `give(desk, answer)` give one order and waits for its outcome; its intent is the one that was not
/// there before. `give` returns false when it gave none, having said why.
template <class Give>
int giveOrder(const Options &options, ConnectedDesk &desk, Give give)
{
    const auto before = desk.reader().intents();
    std::optional<base::Status> stored;
    if (!give(desk, [&stored](const base::Status &status) { stored = status; }))
        return Usage;
    desk.waitUntil([&] { return stored.has_value(); });
    base::Uuid mid;
    for (const auto &intent : desk.reader().intents()) {
        const bool known = std::any_of(before.begin(), before.end(),
                                       [&intent](const auto &old) { return old.mid == intent.mid; });
        if (!known)
            mid = intent.mid;
    }
    return outcome(options, desk, mid, stored.value_or(base::Error{base::ErrorCode::Storage, {}}));
}

/// The same for an order about a conversation: `give(desk, id, answer)`.
template <class Give>
int change(const Options &options, const std::string &conversation, Give give)
{
    return onDesk(options, false, [&](ConnectedDesk &desk) -> int {
        const auto id = conversationIn(desk, conversation);
        if (!id)
            return Usage;
        return giveOrder(options, desk,
                         [&](ConnectedDesk &on, const auto &answer) { return give(on, *id, answer); });
    });
}

} // namespace client::ctl
