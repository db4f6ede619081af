#pragma once

#include "server/ports/crypto.h"
#include "shared/base/clock.h"
#include "shared/base/uuid.h"

#include <chrono>
#include <string>
#include <string_view>

namespace server::attachments {

/// Links to files that work without signing in, for a while: for visitors, for clients of the REST API, for
/// receivers of webhooks.
class BlobLink {
public:
    BlobLink(const ports::Crypto &crypto, const base::Clock &clock) : m_crypto{crypto}, m_clock{clock} {}

    /// Two days: more than any link is made for.
    static constexpr base::Duration longest = std::chrono::hours{48};

    /// "/blob/<id>?exp=…&sig=…". The same text for ten minutes, so that a browser's cache helps.
    [[nodiscard]] std::string path(const base::Uuid &id, bool thumbnail,
                                   base::Duration life = std::chrono::hours{1}) const;
    [[nodiscard]] bool isValid(const base::Uuid &id, bool thumbnail, std::string_view expires,
                               std::string_view signature) const;

private:
    const ports::Crypto &m_crypto;
    const base::Clock &m_clock;
};

} // namespace server::attachments
