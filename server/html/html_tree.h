#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Foreign HTML: read as browsers read it (HTML5), then cleaned or turned into text. Pure functions.
namespace server::html {

/// An element, or a piece of text when the tag is empty. What a browser would not show as HTML (comments,
/// SVG and MathML with all they hold) is not in the tree.
struct Node {
    std::string tag; ///< lower case; "unknown" for elements that HTML does not have
    std::string text;
    std::vector<std::pair<std::string, std::string>> attributes; ///< names in lower case
    std::vector<Node> children;

    [[nodiscard]] bool isText() const { return tag.empty(); }
    /// Empty when there is none.
    [[nodiscard]] std::string_view attribute(std::string_view name) const;
};

struct TreeLimits {
    std::size_t bytes = 1 << 20;
    int openTags = 1'000;            ///< the parser's time grows with the square of the nesting
    std::size_t memory = 192u << 20; ///< a few bytes of misnested tags can make very many elements
};

/// The body element of a page or of a fragment. Nothing when it is over a limit: show the text instead.
std::optional<Node> parseBody(std::string_view utf8, const TreeLimits &limits = {});

} // namespace server::html
