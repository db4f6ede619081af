#include "server/platform/system_random.h"

#include <sodium.h>
#include <stdexcept>

namespace server::platform {

SystemRandom::SystemRandom()
{
    if (::sodium_init() < 0)
        throw std::runtime_error{"libsodium does not start"};
}

void SystemRandom::fill(void *into, std::size_t size)
{
    ::randombytes_buf(into, size);
}

} // namespace server::platform
