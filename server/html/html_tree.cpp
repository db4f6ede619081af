#include "server/html/html_tree.h"

#include "shared/base/text.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <gumbo.h>
#include <memory>
#include <new>

namespace server::html {

namespace {

/// Elements that never hold others, and those that end by themselves where the next one begins: they cannot
/// nest without one that is counted.
constexpr std::array uncounted{"area", "base",  "br",     "col",    "embed", "hr",    "img",  "input", "link",
                               "meta", "param", "source", "track",  "wbr",   "p",     "li",   "td",    "th",
                               "tr",   "dd",    "dt",     "option", "tbody", "thead", "tfoot"};

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// How many elements may be open at once, seen from the text alone, in linear time. Errs to the high side.
bool nestsTooDeep(std::string_view text, int most)
{
    int open = 0;
    for (std::size_t at = text.find('<'); at != std::string_view::npos && at + 2 < text.size();
         at = text.find('<', at + 1)) {
        const bool closes = text[at + 1] == '/';
        const std::size_t begin = at + (closes ? 2 : 1);
        std::size_t end = begin;
        while (end < text.size() && end - begin < 16 && isLetter(text[end]))
            ++end;
        if (end == begin)
            continue;
        const auto name = base::lowered(text.substr(begin, end - begin));
        if (std::find(uncounted.begin(), uncounted.end(), name) != uncounted.end())
            continue;
        open = closes ? std::max(0, open - 1) : open + 1;
        if (open > most)
            return true;
    }
    return false;
}

struct OverLimit {};

/// Everything that one parse allocates, let go of at once. Gumbo does not check what its allocator returns,
/// so the limit is an exception through it.
class Arena {
public:
    explicit Arena(std::size_t most) : m_left{most} {}

    void *take(std::size_t size)
    {
        size = (size + alignment - 1) / alignment * alignment;
        if (size > m_left)
            throw OverLimit{};
        m_left -= size;
        if (size > m_room) {
            m_room = std::max(size, chunk);
            m_chunks.push_back(std::make_unique<std::byte[]>(m_room));
            m_at = m_chunks.back().get();
        }
        auto *const result = m_at;
        m_at += size;
        m_room -= size;
        return result;
    }

private:
    static constexpr std::size_t alignment = alignof(std::max_align_t);
    static constexpr std::size_t chunk = 64u << 10;

    std::size_t m_left;
    std::size_t m_room = 0;
    std::byte *m_at = nullptr;
    std::vector<std::unique_ptr<std::byte[]>> m_chunks;
};

void *takeFrom(void *arena, size_t size)
{
    return static_cast<Arena *>(arena)->take(size);
}

void keep(void * /*arena*/, void * /*block*/) {}

void append(Node &parent, const GumboNode &from);

void appendElement(Node &parent, const GumboElement &from)
{
    if (from.tag_namespace != GUMBO_NAMESPACE_HTML)
        return;
    auto &made = parent.children.emplace_back();
    made.tag = from.tag == GUMBO_TAG_UNKNOWN ? "unknown" : gumbo_normalized_tagname(from.tag);
    for (unsigned i = 0; i < from.attributes.length; ++i) {
        const auto &attribute = *static_cast<const GumboAttribute *>(from.attributes.data[i]);
        if (attribute.attr_namespace == GUMBO_ATTR_NAMESPACE_NONE)
            made.attributes.emplace_back(base::lowered(attribute.name), attribute.value);
    }
    for (unsigned i = 0; i < from.children.length; ++i)
        append(made, *static_cast<const GumboNode *>(from.children.data[i]));
}

void append(Node &parent, const GumboNode &from)
{
    switch (from.type) {
    case GUMBO_NODE_ELEMENT:
        appendElement(parent, from.v.element);
        break;
    case GUMBO_NODE_TEXT:
    case GUMBO_NODE_WHITESPACE:
        parent.children.emplace_back().text = from.v.text.text;
        break;
    default: // comments, templates, CDATA: nothing that a page shows
        break;
    }
}

/// The tree of a whole document has html at its top, and in it head and body.
Node bodyOf(const GumboNode &root)
{
    Node whole;
    append(whole, root);
    Node body;
    body.tag = "body";
    for (auto &html : whole.children)
        for (auto &child : html.children)
            if (child.tag == "body" || child.tag == "frameset")
                body = std::move(child);
    body.tag = "body";
    return body;
}

} // namespace

std::string_view Node::attribute(std::string_view name) const
{
    for (const auto &[key, value] : attributes)
        if (key == name)
            return value;
    return {};
}

std::optional<Node> parseBody(std::string_view utf8, const TreeLimits &limits)
{
    if (utf8.size() > limits.bytes || nestsTooDeep(utf8, limits.openTags))
        return std::nullopt;
    Arena arena{limits.memory};
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = &takeFrom;
    options.deallocator = &keep;
    options.userdata = &arena;
    options.max_errors = 0;
    try {
        const auto *output = gumbo_parse_with_options(&options, utf8.data(), utf8.size());
        return bodyOf(*output->root);
    } catch (const OverLimit &) {
        return std::nullopt;
    }
}

} // namespace server::html
