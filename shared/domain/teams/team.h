#pragma once

#include "shared/domain/ids.h"

#include <cstdint>
#include <string>
#include <vector>

namespace domain {

/// People who answer together. A conversation belongs to one team or to none.
struct Team {
    TeamId id;
    std::int64_t number = 0;
    std::string name;
    std::string description;
    bool allowAutoAssign = true;
    std::vector<UserId> members;

    bool operator==(const Team &) const = default;
};

} // namespace domain
