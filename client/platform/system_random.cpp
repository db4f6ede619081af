#include "client/platform/system_random.h"

#include <QRandomGenerator>

#include <algorithm>
#include <cstring>

namespace client::platform {

void SystemRandom::fill(void *into, std::size_t size)
{
    auto *bytes = static_cast<unsigned char *>(into);
    while (size > 0) {
        const quint32 word = QRandomGenerator::system()->generate();
        const auto part = std::min(size, sizeof word);
        std::memcpy(bytes, &word, part);
        bytes += part;
        size -= part;
    }
}

} // namespace client::platform
