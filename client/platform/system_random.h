#pragma once

#include "shared/base/random.h"

namespace client::platform {

/// The system's secure random source. Any thread.
class SystemRandom : public base::Random {
public:
    void fill(void *into, std::size_t size) override;
};

} // namespace client::platform
