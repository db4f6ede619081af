#pragma once

#include <QString>

namespace client::sync {
struct AuthFailure;
}

namespace client::accounts {

/// Why something about one's own access was not done, for somebody who is signed in.
QString accessSentence(const sync::AuthFailure &failure);

} // namespace client::accounts
