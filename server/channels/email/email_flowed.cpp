#include "server/channels/email/email_flowed.h"

#include <algorithm>

namespace server::channels::email {

namespace {

std::size_t quoteDepth(std::string_view line)
{
    return std::min(line.find_first_not_of('>'), line.size());
}

} // namespace

std::string unflowed(std::string_view text, bool joinWords)
{
    std::string result;
    bool flows = false; // the line before goes on in this one
    std::size_t depthBefore = 0;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        const bool last = end == text.size();
        text.remove_prefix(std::min(end + 1, text.size()));
        const auto depth = quoteDepth(line);
        auto content = line.substr(depth);
        if (content.starts_with(' ')) // stuffed
            content.remove_prefix(1);
        const bool isSignatureMark = content == "-- ";
        if (flows && (depth != depthBefore || isSignatureMark)) {
            result += '\n';
            flows = false;
        }
        if (!flows && depth > 0)
            result += std::string(depth, '>') + ' ';
        flows = content.ends_with(' ') && !isSignatureMark;
        if (flows && joinWords)
            content.remove_suffix(1);
        result += content;
        depthBefore = depth;
        if (!flows && !last)
            result += '\n';
    }
    return result;
}

} // namespace server::channels::email
