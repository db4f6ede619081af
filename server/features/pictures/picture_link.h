#pragma once

#include "server/ports/crypto.h"

#include <optional>
#include <string>
#include <string_view>

namespace server::pictures {

/// Addresses on this server for pictures that lie elsewhere. Only this server can make one, so nobody can
/// have it fetch what they like. It belongs to the picture's address alone and does not end: rows that a
/// widget keeps go on showing it, and caches help.
class PictureLink {
public:
    explicit PictureLink(const ports::Crypto &crypto) : m_crypto{crypto} {}

    /// "/proxy/<signature>/<address>"; empty for what is no http or https address.
    [[nodiscard]] std::string path(std::string_view address) const;
    /// The picture's own address, when both parts are of one path().
    [[nodiscard]] std::optional<std::string> address(std::string_view signature,
                                                     std::string_view encoded) const;

private:
    const ports::Crypto &m_crypto;
};

} // namespace server::pictures
