#pragma once

#include "shared/base/random.h"

namespace server::platform {

/// The system's secure generator (libsodium). Any thread.
class SystemRandom : public base::Random {
public:
    /// Throws std::runtime_error when the library cannot start.
    SystemRandom();
    void fill(void *into, std::size_t size) override;
};

} // namespace server::platform
