#pragma once

#include "shared/base/clock.h"
#include "shared/domain/ids.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace domain {

/// Somebody who writes to us.
struct Contact {
    ContactId id;
    std::int64_t number = 0;
    std::string name;
    std::string email;      ///< empty when unknown
    std::string phone;      ///< E.164, empty when unknown
    std::string identifier; ///< the site's own id of its user, empty when unknown
    std::string avatarUrl;
    std::string city;
    std::string country;
    std::string company;
    std::string lastPage; ///< where the visitor was last seen, without query
    base::Timestamp createdAt{};
    std::optional<base::Timestamp> lastActivityAt;
    bool blocked = false;
    std::vector<std::string> labels; ///< titles, sorted; see label_rules.h

    bool operator==(const Contact &) const = default;
};

} // namespace domain
