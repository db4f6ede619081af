#include "shared/domain/accounts/account.h"

namespace domain {

std::string_view toText(Role role)
{
    switch (role) {
    case Role::Agent:
        return "agent";
    case Role::Administrator:
        return "administrator";
    }
    return "agent";
}

std::optional<Role> roleFromText(std::string_view text)
{
    if (text == "agent")
        return Role::Agent;
    if (text == "administrator")
        return Role::Administrator;
    return std::nullopt;
}

} // namespace domain
