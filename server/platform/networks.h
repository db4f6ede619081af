#pragma once

#include "server/ports/http.h"
#include "shared/base/result.h"

#include <Poco/Net/IPAddress.h>

#include <string>
#include <string_view>
#include <vector>

namespace server::platform {

/// A list of address ranges ("10.0.0.0/8", "::1", "192.0.2.7").
class Networks {
public:
    /// Fails with Invalid, naming the entry that is no address or range.
    static base::Result<Networks> parse(const std::vector<std::string> &ranges);

    /// Whether the text is an address at all.
    static bool isAddress(std::string_view text);
    [[nodiscard]] bool contains(std::string_view address) const;
    [[nodiscard]] bool empty() const { return m_ranges.empty(); }

private:
    struct Range {
        Poco::Net::IPAddress address; ///< masked
        unsigned prefix = 0;
    };
    std::vector<Range> m_ranges;
};

/// Who counts as one for limits: an IPv4 address, also one that is written as IPv6, or the /64 of an IPv6
/// one, since whoever has one of its addresses has them all.
std::string networkOf(std::string_view address);

/// Whom a request comes from. What proxies say in X-Forwarded-For and -Proto counts only when the peer is one
/// of `trusted`; then the client is the last address that no trusted proxy has.
struct Origin {
    std::string address;
    bool secure = false;
};
Origin originOf(const std::string &peer, bool secure, const ports::Headers &headers, const Networks &trusted);

} // namespace server::platform
