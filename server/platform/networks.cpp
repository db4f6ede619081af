#include "server/platform/networks.h"

#include <Poco/String.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace server::platform {

using Poco::Net::IPAddress;

namespace {

std::optional<IPAddress> parseAddress(std::string_view text)
{
    if (text == "::") // which tryParse() takes for its own "nothing"
        return IPAddress{IPAddress::IPv6};
    IPAddress address;
    if (!IPAddress::tryParse(std::string{text}, address))
        return {};
    if (address.isIPv4Mapped())
        return IPAddress::parse(address.toString().substr(address.toString().rfind(':') + 1));
    return address;
}

IPAddress masked(const IPAddress &address, unsigned prefix)
{
    return address & IPAddress{prefix, address.family()};
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

/// "192.0.2.1:4711" and "[2001:db8::1]:4711" without port and brackets.
std::string_view withoutPort(std::string_view text)
{
    if (!text.empty() && text.front() == '[') {
        const auto end = text.find(']');
        return end == std::string_view::npos ? std::string_view{} : text.substr(1, end - 1);
    }
    return std::count(text.begin(), text.end(), ':') == 1 ? text.substr(0, text.find(':')) : text;
}

} // namespace

base::Result<Networks> Networks::parse(const std::vector<std::string> &ranges)
{
    Networks networks;
    for (const std::string_view range : ranges) {
        const auto slash = std::min(range.find('/'), range.size());
        const auto address = parseAddress(range.substr(0, slash));
        const base::Error bad{base::ErrorCode::Invalid, "no address range: " + std::string{range}};
        if (!address)
            return bad;
        const auto most = static_cast<unsigned>(address->length()) * 8;
        unsigned prefix = most;
        if (slash < range.size()) {
            const auto *end = range.data() + range.size();
            const auto [stop, error] = std::from_chars(range.data() + slash + 1, end, prefix);
            if (error != std::errc{} || stop != end || prefix > most)
                return bad;
        }
        networks.m_ranges.push_back({masked(*address, prefix), prefix});
    }
    return networks;
}

bool Networks::isAddress(std::string_view text)
{
    return parseAddress(text).has_value();
}

bool Networks::contains(std::string_view address) const
{
    if (m_ranges.empty())
        return false;
    const auto parsed = parseAddress(address);
    return parsed && std::any_of(m_ranges.begin(), m_ranges.end(), [&](const Range &range) {
               return range.address.family() == parsed->family() &&
                      masked(*parsed, range.prefix) == range.address;
           });
}

std::string networkOf(std::string_view address)
{
    constexpr unsigned subscriberBits = 64;
    const auto parsed = parseAddress(address);
    if (!parsed)
        return std::string{address};
    if (parsed->family() == IPAddress::IPv4)
        return parsed->toString();
    return masked(*parsed, subscriberBits).toString() + "/64";
}

Origin originOf(const std::string &peer, bool secure, const ports::Headers &headers, const Networks &trusted)
{
    Origin origin{peer, secure};
    if (!trusted.contains(peer))
        return origin;
    std::string forwarded;
    for (const auto &[name, value] : headers.all())
        if (Poco::icompare(name, "X-Forwarded-For") == 0)
            forwarded += (forwarded.empty() ? "" : ",") + value;
    std::string_view left = forwarded;
    while (!left.empty()) {
        const auto comma = left.rfind(',');
        const auto hop =
            withoutPort(trimmed(comma == std::string_view::npos ? left : left.substr(comma + 1)));
        const auto address = parseAddress(hop);
        if (!address)
            break; // what stands left of nonsense was written by nobody we trust
        origin.address = address->toString();
        if (!trusted.contains(origin.address))
            break;
        left = comma == std::string_view::npos ? std::string_view{} : left.substr(0, comma);
    }
    const auto scheme = headers.get("X-Forwarded-Proto");
    if (!scheme.empty())
        origin.secure =
            Poco::icompare(std::string{trimmed(scheme.substr(scheme.rfind(',') + 1))}, "https") == 0;
    return origin;
}

} // namespace server::platform
