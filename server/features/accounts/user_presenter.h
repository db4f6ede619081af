#pragma once

#include "server/features/accounts/user_store.h"
#include "server/sync/ephemera.h"
#include "shared/base/json_fwd.h"

#include <string>
#include <vector>

/// Accounts and people as the REST API tells them.
namespace server::accounts {

/// "online", "offline" or "busy", as colleagues see it now: who may go offline by themselves is only there
/// while connected.
std::string availabilityNow(const MemberRow &member, sync::AccountNumber account,
                            const sync::Ephemera &ephemera);

/// An agent in lists of agents and members.
base::Json agentJson(const MemberRow &member, sync::AccountNumber account, const sync::Ephemera &ephemera);
/// A user as assignee or author inside of other records.
base::Json userJson(const MemberRow &member, sync::AccountNumber account, const sync::Ephemera &ephemera);

struct Membership {
    AccountRow account;
    MemberRow member;
};
/// The caller's own record; `token` is theirs.
base::Json profileJson(const std::vector<Membership> &memberships, const std::string &token,
                       const sync::Ephemera &ephemera);

base::Json accountJson(const AccountRow &account);

} // namespace server::accounts
