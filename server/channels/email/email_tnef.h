#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace server::channels::email {

struct TnefAttachment {
    std::string name, type, contentId, bytes;
};

/// What a winmail.dat holds ([MS-OXTNEF]).
struct Tnef {
    std::string text;
    std::string html; ///< not cleaned
    std::vector<TnefAttachment> attachments;
    std::vector<std::string> defects;
};

/// Nothing when the bytes are no TNEF. What is torn is read as far as it goes. (The packaged readers are
/// under licences that this program cannot be linked with, or need a desktop library.)
std::optional<Tnef> readTnef(std::string_view bytes);

} // namespace server::channels::email
