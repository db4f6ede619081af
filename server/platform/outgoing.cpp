#include "server/platform/outgoing.h"

#include "server/platform/router.h"
#include "server/platform/socket_io.h"

#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Timestamp.h>

#include <algorithm>
#include <charconv>
#include <fcntl.h>
#include <sstream>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>

namespace server::platform {

namespace {

constexpr std::size_t turnBytes = 1 << 20; // of one connection before others get their turn
constexpr std::size_t fileBytes = 256 << 10;
constexpr std::size_t pieceBytes = 64 << 10;

std::string singleLine(std::string value)
{
    std::replace_if(
        value.begin(), value.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
    return value;
}

bool hasBody(int status)
{
    return status >= 200 && status != 204 && status != 304;
}

std::optional<std::int64_t> number(std::string_view text)
{
    std::int64_t value = 0;
    const auto end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    const bool whole = !text.empty() && text.front() >= '0' && text.front() <= '9' && stop == end;
    return whole && error == std::errc{} ? std::optional{value} : std::nullopt;
}

} // namespace

std::string headBytes(int status, const ports::Headers &headers)
{
    using Poco::Net::HTTPResponse;
    const auto code = static_cast<HTTPResponse::HTTPStatus>(status);
    HTTPResponse response{Poco::Net::HTTPMessage::HTTP_1_1, code, HTTPResponse::getReasonForStatus(code)};
    if (status == 431)
        response.setReason("Request Header Fields Too Large");
    response.set("Date",
                 Poco::DateTimeFormatter::format(Poco::Timestamp{}, Poco::DateTimeFormat::HTTP_FORMAT));
    for (const auto &[name, value] : headers.all())
        response.add(name, singleLine(value));
    std::ostringstream stream;
    response.write(stream);
    return std::move(stream).str();
}

std::optional<ByteRange> parseRange(std::string_view header, std::int64_t size)
{
    constexpr std::string_view unit = "bytes=";
    if (!header.starts_with(unit) || header.find(',') != std::string_view::npos)
        return {};
    header.remove_prefix(unit.size());
    const auto dash = header.find('-');
    if (dash == std::string_view::npos)
        return {};
    const auto from = number(header.substr(0, dash));
    const auto to = number(header.substr(dash + 1));
    if (dash == 0) {
        if (!to)
            return {};
        if (*to == 0 || size == 0)
            return ByteRange{0, 0, false};
        return ByteRange{std::max<std::int64_t>(size - *to, 0), size - 1, true};
    }
    const bool open = dash + 1 == header.size();
    if (!from || (!open && (!to || *to < *from)))
        return {};
    if (*from >= size)
        return ByteRange{0, 0, false};
    return ByteRange{*from, open ? size - 1 : std::min(*to, size - 1), true};
}

bool matchesTag(std::string_view list, std::string_view tag)
{
    const auto opaque = [](std::string_view text) { return text.starts_with("W/") ? text.substr(2) : text; };
    if (tag.empty() || list.empty())
        return false;
    if (list == "*")
        return true;
    while (!list.empty()) {
        const auto comma = std::min(list.find(','), list.size());
        auto entry = list.substr(0, comma);
        while (!entry.empty() && entry.front() == ' ')
            entry.remove_prefix(1);
        while (!entry.empty() && entry.back() == ' ')
            entry.remove_suffix(1);
        if (opaque(entry) == opaque(tag))
            return true;
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return false;
}

Outgoing::Outgoing(ports::HttpResponse response, const Context &context)
    : m_status{response.status}
    , m_keepAlive{context.keepAlive}
{
    if (!response.file.empty())
        openFile(response, context);
    if (m_status == 200 && matchesTag(context.ifNoneMatch, response.headers.get("ETag"))) {
        m_status = 304;
        response.body.clear();
        response.chunks = nullptr;
        m_file.reset();
        m_fileLeft = 0;
    }
    frame(response, context);
}

void Outgoing::openFile(ports::HttpResponse &response, const Context &context)
{
    m_file.reset(::open(response.file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    struct stat status {};
    if (!m_file || ::fstat(m_file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
        m_file.reset();
        response = errorAnswer(404, "file_missing", "no such file");
        m_status = 404;
        return;
    }
    m_fileLeft = status.st_size;
    response.headers.set("Accept-Ranges", "bytes");
    if (m_status == 200)
        applyRange(response, context, status.st_size);
}

void Outgoing::applyRange(ports::HttpResponse &response, const Context &context, std::int64_t size)
{
    if (!context.ifRange.empty() && context.ifRange != response.headers.get("ETag"))
        return;
    const auto range = parseRange(context.range, size);
    if (!range)
        return;
    if (!range->satisfiable) {
        m_status = 416;
        m_file.reset();
        m_fileLeft = 0;
        response.headers.set("Content-Range", "bytes */" + std::to_string(size));
        return;
    }
    m_status = 206;
    m_fileAt = range->first;
    m_fileLeft = range->last - range->first + 1;
    response.headers.set("Content-Range", "bytes " + std::to_string(range->first) + "-" +
                                              std::to_string(range->last) + "/" + std::to_string(size));
}

void Outgoing::frame(ports::HttpResponse &response, const Context &context)
{
    auto &headers = response.headers;
    headers.set("X-Request-Id", context.requestId);
    if (context.defaults)
        for (const auto &[name, value] : context.defaults->all())
            if (!headers.has(name))
                headers.add(name, value);
    if (hasBody(m_status)) {
        if (response.chunks && !context.oldVersion) {
            headers.set("Transfer-Encoding", "chunked");
            m_chunked = true;
        } else if (response.chunks) {
            m_keepAlive = false;
        } else {
            const auto length = m_file ? m_fileLeft : static_cast<std::int64_t>(response.body.size());
            headers.set("Content-Length", std::to_string(length));
        }
    }
    if (!m_keepAlive)
        headers.set("Connection", "close");
    else if (context.oldVersion)
        headers.set("Connection", "keep-alive");
    m_head = headBytes(m_status, headers);
    if (context.headOnly || !hasBody(m_status)) {
        m_fileLeft = 0;
        m_file.reset();
        return;
    }
    m_body = std::move(response.body);
    m_chunks = std::move(response.chunks);
}

Outgoing::Progress Outgoing::advance(int socket)
{
    std::size_t moved = 0;
    for (;;) {
        if (moved >= turnBytes)
            return Progress::Yield;
        IoResult result;
        if (m_sent < m_head.size() + m_body.size()) {
            const auto headLeft = m_head.size() - std::min(m_sent, m_head.size());
            const auto bodyAt = m_sent - (m_head.size() - headLeft);
            const iovec pieces[] = {{m_head.data() + (m_head.size() - headLeft), headLeft},
                                    {m_body.data() + bodyAt, m_body.size() - bodyAt}};
            result = transmit(socket, pieces, 2, m_fileLeft > 0 ? MSG_MORE : 0);
            m_sent += result.size;
        } else if (m_fileLeft > 0) {
            const auto size = std::min<std::int64_t>(m_fileLeft, fileBytes);
            result = transmitFile(socket, m_file.get(), m_fileAt, static_cast<std::size_t>(size));
            m_fileLeft -= static_cast<std::int64_t>(result.size);
        } else if (!m_chunks || !nextPiece()) {
            return Progress::Done;
        }
        moved += result.size;
        if (result.state == IoState::Blocked)
            return Progress::Blocked;
        if (result.state != IoState::Ok)
            return Progress::Failed;
    }
}

bool Outgoing::nextPiece()
{
    m_head.clear();
    m_body.clear();
    m_sent = 0;
    bool more = true;
    while (more && m_body.size() < pieceBytes)
        more = m_chunks(m_body);
    if (!m_body.empty() && m_chunked) {
        char size[20];
        const auto end = std::to_chars(size, size + sizeof size, m_body.size(), 16).ptr;
        m_head.assign(size, end);
        m_head += "\r\n";
        m_body += "\r\n";
    }
    if (!more) {
        m_chunks = nullptr;
        if (m_chunked)
            m_body += "0\r\n\r\n";
    }
    return !m_body.empty();
}

} // namespace server::platform
