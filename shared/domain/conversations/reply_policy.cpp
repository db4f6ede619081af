#include "shared/domain/conversations/reply_policy.h"

namespace domain {

std::string_view toText(CollisionPolicy policy)
{
    switch (policy) {
    case CollisionPolicy::Hold:
        return "hold";
    case CollisionPolicy::Warn:
        return "warn";
    case CollisionPolicy::Off:
        return "off";
    }
    return "hold";
}

std::optional<CollisionPolicy> collisionPolicyFromText(std::string_view text)
{
    for (const auto policy : {CollisionPolicy::Hold, CollisionPolicy::Warn, CollisionPolicy::Off})
        if (toText(policy) == text)
            return policy;
    return std::nullopt;
}

Collision collisionOf(const Meanwhile &meanwhile, base::Duration waited, const ReplyPolicy &policy)
{
    if (policy.collision == CollisionPolicy::Off)
        return Collision::None;
    if (meanwhile.agentReplied)
        return Collision::OtherReply;
    return meanwhile.customerWrote && waited > policy.staleAfter ? Collision::Stale : Collision::None;
}

} // namespace domain
