#pragma once

#include "shared/base/clock.h"
#include "shared/base/json_fwd.h"
#include "shared/base/uuid.h"

#include <optional>
#include <string>

namespace protocol {

/// How much of what it holds a revoked device must destroy.
enum class Wipe {
    None,  ///< signed out; everything stays
    Cache, ///< what the server said; what its user wrote stays, sealed for them
    All,
};

/// The server's word that a device must wipe itself (docs/protocol.md A.2). Counts only with the server's
/// signature over text(): nobody in between, and no broken proxy, can make a device destroy anything.
struct WipeOrder {
    base::Uuid device;
    base::Timestamp at{};
    std::string nonce;
    Wipe wipe = Wipe::None;
    std::string signature; ///< 64 raw bytes (Ed25519)

    /// What is signed.
    [[nodiscard]] std::string text() const;
};

base::Json toJson(const WipeOrder &order);
/// Nothing for anything that is no complete order.
std::optional<WipeOrder> wipeOrderFromJson(const base::Json &json);

} // namespace protocol
