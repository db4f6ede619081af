#include "server/html/html_style.h"

#include "shared/base/text.h"

#include <algorithm>
#include <set>

namespace server::html {

namespace {

const std::set<std::string_view> properties{"background-color",
                                            "border",
                                            "border-bottom",
                                            "border-collapse",
                                            "border-color",
                                            "border-left",
                                            "border-radius",
                                            "border-right",
                                            "border-spacing",
                                            "border-style",
                                            "border-top",
                                            "border-width",
                                            "color",
                                            "direction",
                                            "display",
                                            "font",
                                            "font-family",
                                            "font-size",
                                            "font-style",
                                            "font-variant",
                                            "font-weight",
                                            "height",
                                            "letter-spacing",
                                            "line-height",
                                            "list-style-type",
                                            "margin",
                                            "margin-bottom",
                                            "margin-left",
                                            "margin-right",
                                            "margin-top",
                                            "max-width",
                                            "min-width",
                                            "padding",
                                            "padding-bottom",
                                            "padding-left",
                                            "padding-right",
                                            "padding-top",
                                            "text-align",
                                            "text-decoration",
                                            "text-indent",
                                            "text-transform",
                                            "vertical-align",
                                            "white-space",
                                            "width",
                                            "word-break",
                                            "word-wrap"};

bool isHarmless(std::string_view value)
{
    const auto allowed = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ' ' ||
               c == '#' || c == '%' || c == ',' || c == '.' || c == '-' || c == '!' || c == '"' ||
               c == '\'' || c == '(' || c == ')';
    };
    if (value.empty() || value.size() > 300 || !std::all_of(value.begin(), value.end(), allowed))
        return false;
    // Functions that only make colours and lengths; a negative length moves things over others.
    for (auto at = value.find('('); at != std::string_view::npos; at = value.find('(', at + 1)) {
        const auto before = value.substr(0, at);
        const auto ends = [&](std::string_view name) {
            return before.size() >= name.size() && before.substr(before.size() - name.size()) == name;
        };
        if (!ends("rgb") && !ends("rgba") && !ends("hsl") && !ends("hsla"))
            return false;
    }
    return value.find(" -") == std::string_view::npos && value.front() != '-';
}

} // namespace

std::string allowedStyle(std::string_view declarations)
{
    std::string result;
    while (!declarations.empty()) {
        const auto end = std::min(declarations.find(';'), declarations.size());
        const auto one = declarations.substr(0, end);
        declarations.remove_prefix(std::min(end + 1, declarations.size()));
        const auto colon = one.find(':');
        if (colon == std::string_view::npos)
            continue;
        const auto name = base::lowered(base::trimmed(one.substr(0, colon)));
        const auto value = base::lowered(base::trimmed(one.substr(colon + 1)));
        if (properties.contains(name) && isHarmless(value))
            result += (result.empty() ? "" : ";") + name + ':' + value;
    }
    return result;
}

} // namespace server::html
