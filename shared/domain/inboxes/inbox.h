#pragma once

#include "shared/domain/ids.h"

#include <cstdint>
#include <string>
#include <vector>

namespace domain {

/// A door through which customers come, as agents see it; a channel's secrets stay on the server.
struct Inbox {
    InboxId id;
    std::int64_t number = 0;
    std::string name;
    std::string channel = "web_widget"; ///< wire name of the channel type
    std::int64_t replyWindowHours =
        0;                       ///< replies are taken so long after the customer's newest message; 0: always
    std::vector<UserId> members; ///< agents who see its conversations; administrators see all

    bool operator==(const Inbox &) const = default;
};

} // namespace domain
