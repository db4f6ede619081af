#pragma once

#include "shared/base/clock.h"
#include "shared/base/json_fwd.h"
#include "shared/base/result.h"
#include "shared/base/uuid.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace protocol {

/// What the author had on screen when the mutation was made.
struct Seen {
    std::int64_t n = 0; ///< newest message of the conversation
    std::int64_t q = 0; ///< revision of the conversation row

    bool operator==(const Seen &) const = default;
};

/// An intent on its way to the server (sync-protocol 9.1). Immutable once sent.
struct Mutation {
    std::int64_t n = 0;     ///< per device, +1 each, from 1
    base::Uuid mid;         ///< names the intent for ever; also the id of what it creates
    std::string lane;       ///< "cv:<conversation>", "ct:<contact>", "me", "ac": order is kept inside a lane
    std::int64_t after = 0; ///< previous undecided mutation of the lane, 0 for none
    std::int64_t dep = 0;   ///< refuse this one when that one is held or refused, 0 for none
    base::Timestamp at{};   ///< device clock, corrected by the server's offset
    std::int64_t queuedMs = 0;    ///< how long it waited before this transmission
    bool queuedEstimated = false; ///< by the wall clock: the machine was started anew meanwhile
    std::string op;               ///< "message.create"
    std::string args;             ///< JSON object as text; its bytes are what the receipt's hash covers
    std::optional<Seen> seen;
    /// It was accepted before, and the server may have lost it in a restore: what it says is put on record
    /// again, and nothing goes out.
    bool recovered = false;
};

/// One item of a `mut` frame's list. The two are exact inverses.
base::Json toJson(const Mutation &mutation);
base::Result<Mutation> mutationFromJson(const base::Json &json);

enum class Verdict { Ok, Held, Rejected, Nack };
std::string_view toText(Verdict verdict);
std::optional<Verdict> verdictFromText(std::string_view text);

/// The server's answer to one mutation. Every sent mutation finally gets exactly one that is not Nack, and
/// the same however often it is asked for.
struct Receipt {
    std::int64_t n = 0;
    Verdict verdict = Verdict::Ok;
    base::ErrorCode code = base::ErrorCode::Internal; ///< for Held, Rejected and Nack
    std::string detail;                               ///< what is so now, as JSON text; or empty
    std::int64_t seq = 0;                             ///< revision that contains the effect
    std::int64_t waitMs = 0;                          ///< for Nack busy
    bool repeated = false;                            ///< answered from the stored receipt
    /// The intent that was answered. A client whose number means another one shares its device with somebody.
    std::optional<base::Uuid> mid;

    bool operator==(const Receipt &) const = default;
};

base::Json toJson(const Receipt &receipt);
base::Result<Receipt> receiptFromJson(const base::Json &json);

} // namespace protocol
