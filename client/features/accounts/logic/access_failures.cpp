#include "client/features/accounts/logic/access_failures.h"

#include "client/sync/http_auth.h"

#include <QCoreApplication>

namespace client::accounts {

namespace {

class AccessFailures {
    Q_DECLARE_TR_FUNCTIONS(AccessFailures)
};

} // namespace

QString accessSentence(const sync::AuthFailure &failure)
{
    using Kind = sync::AuthFailure::Kind;
    switch (failure.kind) {
    case Kind::Unreachable:
        return AccessFailures::tr(
            "The server does not answer. Nothing was changed; try again when you are online.");
    case Kind::Credentials:
    case Kind::Revoked:
        return AccessFailures::tr("Your sign-in is over. Sign in again.");
    case Kind::NotDeskbell:
        return AccessFailures::tr("This server is too old for that.");
    case Kind::Invalid:
    case Kind::Tls:
    case Kind::Version:
    case Kind::RateLimited:
    case Kind::Server:
        break;
    }
    return failure.sentence;
}

} // namespace client::accounts
