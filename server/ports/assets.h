#pragma once

#include <string_view>

/// Files built into the server: the widget, the demo page, later the console.
namespace server::ports {

/// One embedded file. All views live as long as the program.
struct Asset {
    std::string_view path; ///< as requested, "/w.js"
    std::string_view mime;
    std::string_view bytes;
    std::string_view gzip;  ///< the same compressed, empty when that did not help
    std::string_view etag;  ///< quoted, strong
    bool immutable = false; ///< its name carries a content hash: may be cached for ever
};

/// The file at a path, or null.
const Asset *findAsset(std::string_view path);

} // namespace server::ports
