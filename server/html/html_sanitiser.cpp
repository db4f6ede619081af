#include "server/html/html_sanitiser.h"

#include "server/html/html_style.h"
#include "shared/base/text.h"

#include <set>

namespace server::html {

namespace {

using Names = std::set<std::string_view>;

const Names allowedTags{"a",        "abbr",       "address", "article", "aside",  "b",    "bdi",    "bdo",
                        "big",      "blockquote", "br",      "caption", "center", "cite", "code",   "col",
                        "colgroup", "dd",         "del",     "details", "dfn",    "div",  "dl",     "dt",
                        "em",       "figcaption", "figure",  "font",    "footer", "h1",   "h2",     "h3",
                        "h4",       "h5",         "h6",      "header",  "hr",     "i",    "img",    "ins",
                        "kbd",      "li",         "main",    "mark",    "nav",    "ol",   "p",      "pre",
                        "q",        "s",          "samp",    "section", "small",  "span", "strike", "strong",
                        "sub",      "summary",    "sup",     "table",   "tbody",  "td",   "tfoot",  "th",
                        "thead",    "time",       "tr",      "tt",      "u",      "ul",   "var",    "wbr"};
/// Their content is not text for people, or is read differently by other programs.
const Names droppedWhole{"script", "style",    "head",     "title",   "iframe",   "object",    "embed",
                         "applet", "noscript", "noframes", "noembed", "template", "textarea",  "select",
                         "option", "video",    "audio",    "canvas",  "xmp",      "plaintext", "frameset",
                         "frame",  "svg",      "math",     "link",    "meta",     "base"};
const Names voidTags{"br", "hr", "img", "col", "wbr"};
const Names plainAttributes{"dir",         "lang",        "title",   "align",   "valign", "width",
                            "height",      "bgcolor",     "color",   "face",    "size",   "border",
                            "cellpadding", "cellspacing", "colspan", "rowspan", "span",   "start",
                            "reversed",    "nowrap",      "alt",     "datetime"};

constexpr std::size_t mostAttributeBytes = 4'096;
constexpr std::size_t mostInlineImageBytes = 256u << 10;

/// An address as browsers read it: white space and control characters inside are no part of it.
std::string compacted(std::string_view address)
{
    std::string result;
    for (const char c : address)
        if (static_cast<unsigned char>(c) > 0x20 && c != 0x7f)
            result += c;
    return result;
}

bool startsWith(std::string_view text, std::string_view with)
{
    return text.size() >= with.size() && base::lowered(text.substr(0, with.size())) == with;
}

bool isLink(std::string_view address)
{
    return startsWith(address, "http://") || startsWith(address, "https://") ||
           startsWith(address, "mailto:") || startsWith(address, "tel:");
}

bool isInlineImage(std::string_view address)
{
    for (const std::string_view kind : {"data:image/png;base64,", "data:image/gif;base64,",
                                        "data:image/jpeg;base64,", "data:image/webp;base64,"})
        if (startsWith(address, kind))
            return address.size() <= mostInlineImageBytes;
    return false;
}

class Writer {
public:
    explicit Writer(const KnowsContentId &knows) : m_knows{knows} {}

    void writeChildren(const Node &node)
    {
        for (const auto &child : node.children)
            write(child);
    }
    Cleaned take() { return std::move(m_result); }

private:
    void write(const Node &node)
    {
        if (node.isText()) {
            m_result.html += escaped(node.text);
            return;
        }
        if (droppedWhole.contains(node.tag))
            return;
        if (!allowedTags.contains(node.tag)) { // what it holds is text like any other
            writeChildren(node);
            return;
        }
        m_result.html += '<' + node.tag;
        writeAttributes(node);
        m_result.html += '>';
        if (voidTags.contains(node.tag))
            return;
        writeChildren(node);
        m_result.html += "</" + node.tag + '>';
    }

    void writeAttributes(const Node &node)
    {
        for (const auto &[name, value] : node.attributes) {
            if (name == "style")
                writeAttribute("style", allowedStyle(value.substr(0, mostAttributeBytes)));
            else if (plainAttributes.contains(name) && value.size() <= mostAttributeBytes)
                writeAttribute(name, value);
        }
        if (node.tag == "a")
            writeLink(compacted(node.attribute("href")));
        if (node.tag == "img")
            writeSource(compacted(node.attribute("src")));
    }

    void writeLink(const std::string &address)
    {
        if (!isLink(address) || address.size() > mostAttributeBytes)
            return;
        writeAttribute("href", address);
        writeAttribute("rel", "noopener noreferrer nofollow");
    }

    void writeSource(const std::string &address)
    {
        if (startsWith(address, "cid:")) {
            if (m_knows && m_knows(std::string_view{address}.substr(4)))
                writeAttribute("src", address);
        } else if (isInlineImage(address)) {
            writeAttribute("src", address);
        } else if (startsWith(address, "http://") || startsWith(address, "https://") ||
                   startsWith(address, "//")) {
            ++m_result.remoteImages;
            if (!startsWith(address, "//") && address.size() <= mostAttributeBytes)
                writeAttribute("data-remote-src", address);
        }
    }

    void writeAttribute(std::string_view name, std::string_view value)
    {
        if (value.empty() && name != "alt")
            return;
        m_result.html += ' ';
        m_result.html += name;
        m_result.html += "=\"" + escaped(value) + '"';
    }

    const KnowsContentId &m_knows;
    Cleaned m_result;
};

} // namespace

Cleaned sanitised(const Node &body, const KnowsContentId &knowsContentId)
{
    Writer writer{knowsContentId};
    writer.writeChildren(body);
    return writer.take();
}

std::string escaped(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    for (const char c : text) {
        switch (c) {
        case '&':
            result += "&amp;";
            break;
        case '<':
            result += "&lt;";
            break;
        case '>':
            result += "&gt;";
            break;
        case '"':
            result += "&quot;";
            break;
        case '\'':
            result += "&#39;";
            break;
        case '`':
            result += "&#96;";
            break; // some readers take it for a quote
        default:
            result += c;
        }
    }
    return result;
}

} // namespace server::html
