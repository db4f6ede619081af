#include "server/platform/request_head.h"

#include "shared/base/text.h"

#include <Poco/Exception.h>
#include <Poco/MemoryStream.h>
#include <Poco/Net/HTTPRequest.h>

#include <algorithm>
#include <charconv>
#include <strings.h>

namespace server::platform {

namespace {

constexpr std::size_t mostFields = 100;
constexpr std::size_t mostTarget = 4096;

using Fields = std::vector<std::pair<std::string_view, std::string_view>>;

bool isTokenCharacter(char c)
{
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        return true;
    return std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
}

bool isToken(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), isTokenCharacter);
}

bool sameName(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

std::string_view withoutBlanks(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

bool isControl(char c)
{
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
}

Refusal malformed(std::string text)
{
    return {400, "malformed", std::move(text)};
}

std::optional<std::int64_t> parseLength(std::string_view text)
{
    std::int64_t value = 0;
    if (text.empty() || text.size() > 18 ||
        !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return {};
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

/// Field lines between the request line and the blank line.
std::variant<Fields, Refusal> splitFields(std::string_view bytes)
{
    Fields fields;
    while (!bytes.empty()) {
        const auto end = bytes.find("\r\n");
        const auto line = bytes.substr(0, end);
        bytes.remove_prefix(end + 2);
        if (line.empty())
            break;
        if (fields.size() == mostFields)
            return Refusal{431, "too_many_fields", "at most 100 header fields"};
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || !isToken(line.substr(0, colon)))
            return malformed("a header field has no proper name"); // also folded lines and "Name :"
        fields.emplace_back(line.substr(0, colon), withoutBlanks(line.substr(colon + 1)));
    }
    return fields;
}

std::optional<Refusal> readTarget(std::string_view uri, RequestHead &head)
{
    if (uri.size() > mostTarget)
        return Refusal{414, "target_too_long", "the request target is too long"};
    if (uri == "*" && head.method == "OPTIONS") {
        head.target = "*";
        return {};
    }
    for (const std::string_view scheme : {"http://", "https://"})
        if (sameName(uri.substr(0, scheme.size()), scheme)) {
            uri.remove_prefix(scheme.size());
            const auto path = uri.find('/');
            uri = path == std::string_view::npos ? "/" : uri.substr(path);
            break;
        }
    if (uri.empty() || uri.front() != '/' || uri.find('#') != std::string_view::npos)
        return malformed("the request target is no path");
    const auto question = uri.find('?');
    head.target = uri.substr(0, question);
    head.query = question == std::string_view::npos ? std::string_view{} : uri.substr(question + 1);
    return {};
}

bool isHost(std::string_view text)
{
    return text.size() <= 255 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      std::string_view{"-._~:[]%!$&'()*+,;="}.find(c) != std::string_view::npos;
           });
}

std::optional<Refusal> readFraming(const Fields &fields, RequestHead &head)
{
    int hosts = 0;
    bool coded = false;
    for (const auto &[name, value] : fields) {
        if (sameName(name, "Host")) {
            ++hosts;
            if (!isHost(value))
                return malformed("Host is no host");
        } else if (sameName(name, "Transfer-Encoding")) {
            coded = true;
        } else if (sameName(name, "Content-Length")) {
            if (head.contentLength)
                return malformed("more than one Content-Length");
            head.contentLength = parseLength(value);
            if (!head.contentLength)
                return malformed("Content-Length is no number");
        }
    }
    if (hosts > 1 || (hosts == 0 && !head.oldVersion))
        return malformed("exactly one Host is needed");
    if (coded && head.contentLength)
        return malformed("Content-Length beside Transfer-Encoding");
    if (coded)
        return Refusal{411, "length_required", "send a Content-Length instead of a transfer coding"};
    if (!head.contentLength && (head.method == "POST" || head.method == "PUT" || head.method == "PATCH"))
        return Refusal{411, "length_required", "this method needs a Content-Length"};
    return {};
}

std::optional<Refusal> readConnection(RequestHead &head)
{
    std::string connection;
    for (const auto &[name, value] : head.headers.all())
        if (sameName(name, "Connection"))
            connection += (connection.empty() ? "" : ",") + value;
    head.keepAlive = head.oldVersion ? hasToken(connection, "keep-alive") : !hasToken(connection, "close");
    const auto expect = head.headers.get("Expect");
    if (expect.empty())
        return {};
    if (!sameName(expect, "100-continue"))
        return Refusal{417, "expectation_unknown", "only 100-continue can be expected"};
    head.expectsContinue = !head.oldVersion && head.contentLength.value_or(0) > 0;
    return {};
}

} // namespace

std::optional<HeadSketch> sketchHead(std::string_view bytes)
{
    const auto end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos)
        return {};
    HeadSketch sketch;
    sketch.headSize = end + 4;
    auto rest = bytes.substr(0, end + 2);
    while (!rest.empty()) {
        const auto lineEnd = rest.find("\r\n");
        const auto line = rest.substr(0, lineEnd);
        rest.remove_prefix(lineEnd + 2);
        const auto colon = line.find(':');
        if (colon == std::string_view::npos)
            continue;
        if (sameName(line.substr(0, colon), "Content-Length"))
            sketch.contentLength = parseLength(withoutBlanks(line.substr(colon + 1))).value_or(0);
        else if (sameName(line.substr(0, colon), "Expect"))
            sketch.expectsContinue = true;
    }
    return sketch;
}

std::variant<RequestHead, Refusal> parseHead(std::string_view bytes)
{
    const auto lineEnd = bytes.find("\r\n");
    if (lineEnd == std::string_view::npos)
        return malformed("no request line");
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const bool lineBreak = bytes[i] == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n';
        if (lineBreak)
            ++i;
        else if (isControl(bytes[i]))
            return malformed("a control character in the head");
    }
    const auto line = bytes.substr(0, lineEnd);
    const auto split = splitFields(bytes.substr(lineEnd + 2));
    if (const auto *refusal = std::get_if<Refusal>(&split))
        return *refusal;
    const auto &fields = std::get<Fields>(split);

    if (std::count(line.begin(), line.end(), ' ') != 2 || line.find('\t') != std::string_view::npos)
        return malformed("the request line has not three words");
    Poco::Net::HTTPRequest request;
    try {
        Poco::MemoryInputStream stream{bytes.data(), static_cast<std::streamsize>(bytes.size())};
        request.read(stream);
    } catch (const Poco::Exception &) {
        return line.size() > mostTarget ? Refusal{414, "target_too_long", "the request target is too long"}
                                        : malformed("not an HTTP request");
    }
    RequestHead head;
    head.method = request.getMethod();
    if (!isToken(head.method))
        return malformed("the method is no word");
    const auto &version = request.getVersion();
    if (version != "HTTP/1.1" && version != "HTTP/1.0")
        return version.starts_with("HTTP/") ? Refusal{505, "version_unsupported", "HTTP/1.1 is spoken here"}
                                            : malformed("the version is none");
    head.oldVersion = version == "HTTP/1.0";
    // Fields come from our own reading: Poco decodes encoded words in them, which can bring line breaks back
    // in.
    for (const auto &[name, value] : fields)
        head.headers.add(std::string{name}, std::string{value});
    if (auto refusal = readTarget(request.getURI(), head))
        return *refusal;
    if (auto refusal = readFraming(fields, head))
        return *refusal;
    if (auto refusal = readConnection(head))
        return *refusal;
    return head;
}

std::optional<std::string> percentDecoded(std::string_view text, bool plusIsSpace)
{
    const auto digit = [](char c) {
        if (c >= '0' && c <= '9')
            return c - '0';
        if (c >= 'a' && c <= 'f')
            return c - 'a' + 10;
        return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    };
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size() || digit(text[i + 1]) < 0 || digit(text[i + 2]) < 0)
                return {};
            c = static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        } else if (c == '+' && plusIsSpace) {
            c = ' ';
        }
        if (c == '\0')
            return {};
        decoded += c;
    }
    return decoded;
}

std::optional<std::vector<std::pair<std::string, std::string>>> parseQuery(std::string_view query)
{
    std::vector<std::pair<std::string, std::string>> parts;
    while (!query.empty()) {
        const auto end = query.find('&');
        const auto part = query.substr(0, end);
        query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
        if (part.empty())
            continue;
        const auto equals = part.find('=');
        auto name = percentDecoded(part.substr(0, equals), true);
        auto value = percentDecoded(equals == std::string_view::npos ? "" : part.substr(equals + 1), true);
        if (!name || !value || parts.size() == 100 || !base::isUtf8(*name) || !base::isUtf8(*value))
            return {};
        parts.emplace_back(std::move(*name), std::move(*value));
    }
    return parts;
}

bool hasToken(std::string_view list, std::string_view word)
{
    while (!list.empty()) {
        const auto comma = list.find(',');
        if (sameName(withoutBlanks(list.substr(0, comma)), word))
            return true;
        list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    }
    return false;
}

} // namespace server::platform
