#pragma once

#include "shared/base/clock.h"

#include <chrono>
#include <optional>
#include <string_view>

/// What becomes of a public reply that was written before its author could see everything
/// (sync-protocol 10.2).
namespace domain {

enum class CollisionPolicy {
    Hold, ///< kept back until its author decides
    Warn, ///< sent, and its author is told
    Off,  ///< sent
};
std::string_view toText(CollisionPolicy policy);
std::optional<CollisionPolicy> collisionPolicyFromText(std::string_view text);

/// The longest an account may choose for ReplyPolicy::undoFor.
inline constexpr std::chrono::seconds longestUndo{60};

/// An account's settings.
struct ReplyPolicy {
    CollisionPolicy collision = CollisionPolicy::Hold;
    std::chrono::minutes staleAfter{
        15};                          ///< a customer's new message stops a reply that waited longer than this
    std::chrono::seconds undoFor{10}; ///< how long an agent may take a reply back before it goes out
};

/// What came after the newest message that the author had seen.
struct Meanwhile {
    bool agentReplied = false; ///< another agent answered in public
    bool customerWrote = false;
};

enum class Collision { None, OtherReply, Stale };

/// Whether a reply meets something it should not pass, `waited` after it was written. A customer's message
/// alone stops only what waited long: otherwise it is plain chat. Says nothing under CollisionPolicy::Off.
Collision collisionOf(const Meanwhile &meanwhile, base::Duration waited, const ReplyPolicy &policy);

} // namespace domain
