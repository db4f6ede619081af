#include "server/channels/email/email_reply_html.h"

#include "server/channels/email/email_quote_lines.h"
#include "shared/base/text.h"

#include <algorithm>
#include <array>
#include <string>

namespace server::channels::email {

namespace {

using html::Node;

constexpr std::array<std::string_view, 9> quoteClasses{
    "gmail_quote",     "gmail_quote_container", "yahoo_quoted",
    "moz-cite-prefix", "protonmail_quote",      "zmail_extra",
    "gmail_attr",      "tutanota_quote",        "x_gmail_quote"};
/// What holds the quoted mail whole.
constexpr std::array<std::string_view, 2> quoteIds{"olk_src_body_section",
                                                   "mail-editor-reference-message-container"};
/// What stands before it: the rest of the page is quoted.
constexpr std::array<std::string_view, 3> announcingIds{"divrplyfwdmsg", "x_divrplyfwdmsg", "appendonsend"};
/// What a quotation's first words are looked for in; more is read by nobody.
constexpr std::size_t headBytes = 1'200;
constexpr int headNodes = 200;

bool hasClass(const Node &node, std::string_view name)
{
    std::string_view rest = node.attribute("class");
    while (!(rest = base::trimmed(rest)).empty()) {
        const auto end = std::min(rest.find(' '), rest.size());
        if (rest.substr(0, end) == name)
            return true;
        rest.remove_prefix(end);
    }
    return false;
}

template <class List>
bool hasIdOf(const List &ids, const Node &node)
{
    return std::find(ids.begin(), ids.end(), base::lowered(node.attribute("id"))) != ids.end();
}

bool isMarked(const Node &node)
{
    if (node.tag == "blockquote")
        return true;
    if (std::any_of(quoteClasses.begin(), quoteClasses.end(),
                    [&](auto name) { return hasClass(node, name); }))
        return true;
    return hasIdOf(quoteIds, node);
}

/// Text of the first leaves, a line a block, as far as it is short.
void appendHead(const Node &node, std::string &text, int &nodesLeft)
{
    if (text.size() > headBytes || --nodesLeft < 0)
        return;
    if (node.isText()) {
        text += node.text;
        return;
    }
    const bool breaks = node.tag == "br" || node.tag == "div" || node.tag == "p" || node.tag == "tr";
    if (breaks)
        text += '\n';
    for (const auto &child : node.children)
        appendHead(child, text, nodesLeft);
    // A bold label begins a line of its own when the page sets it apart by style alone.
    if (breaks || node.tag == "b" || node.tag == "strong")
        text += node.tag == "b" || node.tag == "strong" ? " " : "\n";
}

bool announcesQuote(const Node &node)
{
    std::string head;
    int nodesLeft = headNodes;
    appendHead(node, head, nodesLeft);
    if (head.size() > headBytes)
        head.resize(headBytes);
    std::vector<std::string_view> lines;
    std::string_view rest = base::trimmed(head);
    while (!rest.empty()) {
        const auto end = std::min(rest.find('\n'), rest.size());
        if (const auto line = base::trimmed(rest.substr(0, end)); !line.empty())
            lines.push_back(line);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (lines.empty())
        return false;
    return attributionAt(lines, 0) > 0 || isSeparator(lines[0]) || isHeaderBlockAt(lines, 0);
}

/// Two bold labels in one block, "From: …" and "Date: …", without a line break between them.
bool hasBoldHeaders(const Node &node, int &labels, int depth)
{
    for (const auto &child : node.children) {
        if (child.isText())
            continue;
        if (child.tag == "b" || child.tag == "strong") {
            std::string text;
            int nodesLeft = headNodes;
            appendHead(child, text, nodesLeft);
            const std::string line{base::trimmed(text)};
            const std::vector<std::string_view> lines{line, "Date: x", "To: x"};
            const std::vector<std::string_view> other{"From: x", line, "To: x"};
            const bool first = labels == 0 && isHeaderBlockAt(lines, 0);
            const bool second = labels > 0 && isHeaderBlockAt(other, 0);
            if (!first && !second)
                return false;
            if (++labels >= 2)
                return true;
        } else if (depth < 6 && hasBoldHeaders(child, labels, depth + 1)) {
            return true;
        }
    }
    return false;
}

bool begins(const Node &node)
{
    if (node.tag != "div" && node.tag != "p" && node.tag != "span" && node.tag != "font" &&
        node.tag != "td" && node.tag != "table" && node.tag != "center")
        return false;
    int labels = 0;
    return announcesQuote(node) || hasBoldHeaders(node, labels, 0);
}

/// Spaces that do not break are how programs write empty lines.
bool isBlank(std::string_view text)
{
    for (auto at = text.find("\u00a0"); at != std::string_view::npos; at = text.find("\u00a0")) {
        if (!base::trimmed(text.substr(0, at)).empty())
            return false;
        text.remove_prefix(at + 2);
    }
    return base::trimmed(text).empty();
}

bool isEmpty(const Node &node)
{
    if (node.isText())
        return isBlank(node.text);
    if (node.tag == "img" || node.tag == "hr" || node.tag == "br")
        return false;
    return std::all_of(node.children.begin(), node.children.end(), isEmpty);
}

bool saysSomething(const Node &node)
{
    if (node.isText())
        return !isBlank(node.text);
    return node.tag == "img" || std::any_of(node.children.begin(), node.children.end(), saysSomething);
}

bool isSignature(const Node &node)
{
    return hasClass(node, "gmail_signature") || hasClass(node, "moz-signature");
}

class Folding {
public:
    /// Whether the rest of the page, from here on, is quoted as well.
    bool fold(Node &parent, int depth)
    {
        bool cut = false;
        bool quotedBefore = false, saidSince = false;
        std::vector<Node> kept;
        kept.reserve(parent.children.size());
        for (auto &child : parent.children) {
            if (cut)
                continue;
            cut = hasIdOf(announcingIds, child);
            if (cut || isMarked(child)) {
                ++m_removed;
                m_answersBetween = m_answersBetween || (quotedBefore && saidSince);
                quotedBefore = true;
                saidSince = false;
                continue;
            }
            if (isSignature(child))
                continue;
            if (!child.isText() && depth < mostDepth) {
                const auto before = m_removed;
                cut = foldElement(child, depth);
                if (m_removed != before && isEmpty(child))
                    continue;
            }
            saidSince = saidSince || saysSomething(child);
            kept.push_back(std::move(child));
        }
        parent.children = std::move(kept);
        return cut;
    }
    /// Something was taken out that was not answered piece by piece.
    [[nodiscard]] bool worked() const { return m_removed > 0 && !m_answersBetween; }

private:
    static constexpr int mostDepth = 200;

    /// Looks for the innermost element that announces the quotation; what stands before it stays.
    bool foldElement(Node &child, int depth)
    {
        const bool announces = begins(child);
        const auto before = m_removed;
        if (fold(child, depth + 1))
            return true;
        if (!announces || m_removed != before)
            return false;
        ++m_removed;
        child.children.clear();
        return true;
    }

    int m_removed = 0;
    bool m_answersBetween = false;
};

} // namespace

void foldQuotes(Node &body)
{
    Node folded = body;
    Folding folding;
    folding.fold(folded, 0);
    if (folding.worked() && saysSomething(folded))
        body = std::move(folded);
}

} // namespace server::channels::email
