#pragma once

#include "server/ports/crypto.h"
#include "server/ports/rate_limiter.h"
#include "shared/base/clock.h"
#include "shared/base/json_fwd.h"

#include <string_view>

namespace server::webwidget {

/// Lets who asks too much show that it costs them something (docs/protocol.md B.8). Any thread.
class ProofOfWork {
public:
    ProofOfWork(const ports::Crypto &crypto, const base::Clock &clock, ports::RateLimiter &limiter)
        : m_crypto{crypto}
        , m_clock{clock}
        , m_limiter{limiter}
    {
    }

    /// `{"alg","salt","bits"}`; harder the more this address asks.
    base::Json challenge(std::string_view address);
    /// Whether the answer solves a challenge that this address was given in the last two minutes. Each is
    /// good once.
    bool accept(std::string_view address, const base::Json &answer);

private:
    const ports::Crypto &m_crypto;
    const base::Clock &m_clock;
    ports::RateLimiter &m_limiter;
};

} // namespace server::webwidget
