#include "server/html/html_text.h"

#include "shared/base/text.h"

#include <set>

namespace server::html {

namespace {

using Names = std::set<std::string_view>;

const Names blocks{"address", "article", "aside", "blockquote", "body",     "caption",    "center", "dd",
                   "details", "div",     "dl",    "dt",         "fieldset", "figcaption", "figure", "footer",
                   "form",    "h1",      "h2",    "h3",         "h4",       "h5",         "h6",     "header",
                   "hr",      "li",      "main",  "nav",        "ol",       "p",          "pre",    "section",
                   "summary", "table",   "tbody", "tfoot",      "thead",    "tr",         "ul"};
const Names silent{"script",   "style",  "head",   "title",  "noscript",
                   "template", "iframe", "object", "select", "textarea"};
const Names apart{"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote", "pre"};
constexpr int mostQuoteLevels = 6;

class TextWriter {
public:
    void write(const Node &node)
    {
        if (node.isText()) {
            m_preserve ? add(node.text) : addFolded(node.text);
            return;
        }
        if (silent.contains(node.tag))
            return;
        if (node.tag == "br") {
            m_pendingSpace = false;
            m_text += '\n';
        } else if (node.tag == "blockquote" && m_quotes < mostQuoteLevels) {
            writeQuote(node);
        } else if (blocks.contains(node.tag)) {
            writeBlock(node);
        } else {
            if ((node.tag == "td" || node.tag == "th") && !atLineStart())
                m_pendingSpace = true;
            writeChildren(node);
            if (node.tag == "a")
                addLink(node);
        }
    }

    [[nodiscard]] std::string take() { return std::move(m_text); }

private:
    void writeChildren(const Node &node)
    {
        for (const auto &child : node.children)
            write(child);
    }

    void writeBlock(const Node &node)
    {
        endLine(apart.contains(node.tag));
        if (node.tag == "hr") {
            m_text += "---\n";
            return;
        }
        if (node.tag == "li")
            m_text += "- ";
        const bool before = m_preserve;
        m_preserve = m_preserve || node.tag == "pre";
        writeChildren(node);
        m_preserve = before;
        endLine(apart.contains(node.tag));
    }

    void writeQuote(const Node &node)
    {
        endLine(true);
        TextWriter inner;
        inner.m_quotes = m_quotes + 1;
        inner.m_preserve = m_preserve;
        inner.writeChildren(node);
        const auto quoted = inner.take();
        std::string_view rest = base::trimmed(quoted);
        while (!rest.empty()) {
            const auto end = std::min(rest.find('\n'), rest.size());
            m_text += rest.starts_with('>') ? ">" : "> ";
            m_text += rest.substr(0, end);
            m_text += '\n';
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        endLine(true);
    }

    void addLink(const Node &node)
    {
        const auto address = node.attribute("href");
        if (!address.starts_with("http") || address.size() > 2'000)
            return;
        if (m_text.size() < address.size() || !std::string_view{m_text}.ends_with(address))
            addFolded(" <" + std::string{address} + ">");
    }

    void add(std::string_view text)
    {
        flushSpace();
        m_text += text;
    }

    /// White space of any length is one space, and none at the start of a line.
    void addFolded(std::string_view text)
    {
        for (const char c : text) {
            if (c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f') {
                m_pendingSpace = true;
                continue;
            }
            flushSpace();
            m_text += c;
        }
    }

    void flushSpace()
    {
        if (m_pendingSpace && !atLineStart())
            m_text += ' ';
        m_pendingSpace = false;
    }

    [[nodiscard]] bool atLineStart() const { return m_text.empty() || m_text.back() == '\n'; }

    void endLine(bool blankLine)
    {
        m_pendingSpace = false;
        if (!atLineStart())
            m_text += '\n';
        if (blankLine && !m_text.empty() && !m_text.ends_with("\n\n"))
            m_text += '\n';
    }

    std::string m_text;
    bool m_pendingSpace = false;
    bool m_preserve = false;
    int m_quotes = 0;
};

} // namespace

namespace {

/// Lines of nothing but spaces, also such as do not break, are empty, and two empty lines are enough.
std::string tidied(std::string_view text)
{
    std::string result;
    int emptyLines = 0;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        while (line.ends_with("\u00a0") || line.ends_with(' '))
            line.remove_suffix(line.ends_with(' ') ? 1 : 2);
        emptyLines = line.empty() ? emptyLines + 1 : 0;
        if (emptyLines > 1)
            continue;
        result += line;
        result += '\n';
    }
    return std::string{base::trimmed(result)};
}

} // namespace

std::string plainText(const Node &body)
{
    TextWriter writer;
    writer.write(body);
    return tidied(writer.take());
}

} // namespace server::html
