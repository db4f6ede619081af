#pragma once

#include <cstdint>
#include <string>

namespace server::app {

/// A picture of soft colour bands, as a PNG file; the same seed gives the same bytes.
std::string makePng(int width, int height, std::uint64_t seed);

} // namespace server::app
