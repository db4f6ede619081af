#pragma once

#include "server/sync/directory.h"
#include "server/sync/frame_sink.h"
#include "server/sync/page_reader.h"
#include "shared/base/result.h"
#include "shared/base/scheduler.h"
#include "shared/protocol/close_code.h"
#include "shared/protocol/mutation.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace server::sync {

/// One connection of an agent's program: a cursor and a credit, nothing that grows with its backlog.
struct Session {
    struct Unacked {
        std::int64_t to = 0;
        std::size_t bytes = 0;
        base::Duration sentAt{};
    };

    SessionId id = 0;
    bool live = false;               ///< said hello
    bool present = false;            ///< counted as online
    std::uint64_t presenceKnown = 0; ///< serial of the newest presence it was told
    Principal principal;
    std::string token;
    protocol::Codec codec = protocol::Codec::Raw;

    Cursor cursor;
    bool scopesKnown = false;
    std::vector<std::string> scopes; ///< as last told
    std::vector<Unacked> unacked;    ///< delta frames the client has not committed yet
    std::size_t unackedBytes = 0;
    std::int64_t owed = 0;   ///< a receipt named this number: the cursor must get there soon
    bool checkToken = false; ///< something about the user or device changed

    /// Another program uses the device's numbers, too: known to the executor's jobs of this session.
    std::shared_ptr<bool> isShared = std::make_shared<bool>(false);
    int inFlight = 0;                        ///< mutations without an answer
    std::vector<protocol::Receipt> receipts; ///< answers that wait to be sent

    std::vector<base::Uuid> focus; ///< conversations on screen
    double ephemeralBudget = 5;    ///< ephemeral frames it may send now
    base::Duration budgetAt{};

    base::TimerId authTimer = 0; ///< before hello: the limit for it; later: the token's end
    base::TimerId ackTimer = 0;
};

/// How a session ends whose token is refused with this.
protocol::CloseCode closeCodeOf(base::ErrorCode refusal);

} // namespace server::sync
