#pragma once

#include "server/channels/email/email_gmime.h"

#include <utility>
#include <vector>

namespace server::channels::email {

/// The header fields of a mail or of a part, in their order, with raw values: unfolded, undecoded.
class Headers {
public:
    Headers(GMimeObject &of, const Limits &limits);

    /// The first field of this name (lower case), unfolded; empty when there is none.
    [[nodiscard]] std::string first(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> all(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const;
    [[nodiscard]] int count(std::string_view name) const;
    [[nodiscard]] bool wereCut() const { return m_wereCut; }

private:
    std::vector<std::pair<std::string, std::string>> m_fields;
    bool m_wereCut = false;
};

/// A text with its encoded words decoded (RFC 2047), also those that senders cut inside a character.
std::string decodedText(const std::string &raw, GMimeParserOptions &options);
/// The message ids in a field, with brackets; forgiving about brackets that are not there and comments.
std::vector<std::string> idsIn(const std::string &raw, std::size_t most);
std::vector<Address> addressesIn(const std::string &raw, std::size_t most, GMimeParserOptions &options);

} // namespace server::channels::email
