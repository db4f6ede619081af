#include "server/channels/email/email_names.h"

#include "server/channels/email/email_charset.h"
#include "shared/base/text.h"

#include <array>

namespace server::channels::email {

std::string cleanName(std::string_view name)
{
    auto text = toUtf8(name.substr(name.size() > 4'000 ? name.size() - 4'000 : 0), "");
    for (char &c : text)
        if (c == '\n' || c == '\t')
            c = ' ';
    if (const auto slash = text.find_last_of("/\\"); slash != std::string::npos)
        text.erase(0, slash + 1);
    constexpr std::array<std::string_view, 11> turning{"\u202a", "\u202b", "\u202c", "\u202d",
                                                       "\u202e", "\u2066", "\u2067", "\u2068",
                                                       "\u2069", "\u200e", "\u200f"};
    for (const auto mark : turning)
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark))
            text.erase(at, mark.size());
    auto result = base::truncated(base::trimmed(text), 200);
    return result == "." || result == ".." ? std::string{} : result;
}

} // namespace server::channels::email
