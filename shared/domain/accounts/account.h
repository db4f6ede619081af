#pragma once

#include "shared/domain/ids.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace domain {

/// A tenant. Its settings bound what clients may do offline and how late replies are treated.
struct Account {
    AccountId id;
    std::int64_t number = 0; ///< the id outside clients use
    std::string name;
    std::string locale = "en";
    /// Days that a program without contact to the server goes on showing what it holds; 0: for ever. Nothing:
    /// defaultOfflineLease.
    std::optional<std::int64_t> offlineLeaseDays;

    bool operator==(const Account &) const = default;
};

inline constexpr std::int64_t defaultOfflineLease = 14;

enum class Role { Agent, Administrator };
std::string_view toText(Role role);
std::optional<Role> roleFromText(std::string_view text);

/// Somebody who answers customers, as colleagues see them.
struct User {
    UserId id;
    std::int64_t number = 0;
    std::string name;
    std::string email;
    Role role = Role::Agent;
    bool active = true;

    bool operator==(const User &) const = default;
};

} // namespace domain
