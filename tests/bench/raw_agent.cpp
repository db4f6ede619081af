#include "tests/bench/raw_agent.h"

#include "shared/protocol/container.h"
#include "shared/protocol/limits.h"

#include <arpa/inet.h>
#include <cerrno>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {

namespace {

constexpr int binaryFrame = 0x82;
constexpr int closeFrame = 0x88;
constexpr int pingFrame = 0x89;

void appendFrame(std::string &out, int kind, std::string_view payload)
{
    out += static_cast<char>(kind);
    if (payload.size() < 126) {
        out += static_cast<char>(0x80 | payload.size());
    } else {
        out += static_cast<char>(0x80 | 126);
        out += static_cast<char>(payload.size() >> 8 & 0xff);
        out += static_cast<char>(payload.size() & 0xff);
    }
    out.append(4, '\0'); // masked with zeros
    out += payload;
}

} // namespace

bool RawAgent::open()
{
    drop();
    m_socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(m_address.port));
    ::inet_pton(AF_INET, m_address.host.c_str(), &to.sin_addr);
    if (::connect(m_socket, reinterpret_cast<sockaddr *>(&to), sizeof to) != 0 && errno != EINPROGRESS) {
        drop();
        return false;
    }
    m_connecting = true;
    m_out = "GET /sync/v1/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Protocol: desk-sync.v1\r\n\r\n";
    return true;
}

void RawAgent::drop()
{
    if (m_socket >= 0)
        ::close(m_socket);
    m_socket = -1;
    m_upgraded = m_connecting = false;
    m_in.clear();
    m_out.clear();
    bytesIn = bytesOut = 0;
    retryAfter = 0;
    closeCode = 0;
}

void RawAgent::say(const base::Json &frame)
{
    const auto packed = protocol::pack(base::toText(frame), protocol::Codec::ZstdDictionary);
    appendFrame(m_out, binaryFrame, packed);
    (void)write();
}

void RawAgent::sayHello()
{
    say({{"k", "hello"},
         {"proto", {1, 1}},
         {"shape", protocol::rowShape},
         {"app", "bench"},
         {"device", m_account.device},
         {"token", m_account.token},
         {"codecs", protocol::knownCodecs()},
         {"dict", protocol::dictionaryName()},
         {"epoch", epoch},
         {"q", q},
         {"scopes", base::Json::array()},
         {"undecided", base::Json::array()}});
}

bool RawAgent::write()
{
    while (!m_out.empty()) {
        const auto sent = ::send(m_socket, m_out.data(), m_out.size(), MSG_NOSIGNAL);
        if (sent < 0)
            return errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOTCONN;
        m_connecting = false;
        bytesOut += static_cast<std::size_t>(sent);
        m_out.erase(0, static_cast<std::size_t>(sent));
    }
    return true;
}

bool RawAgent::pump(const Take &take)
{
    if (!write())
        return false;
    char bytes[16384];
    for (;;) {
        const auto got = ::recv(m_socket, bytes, sizeof bytes, 0);
        if (got == 0)
            return false;
        if (got < 0) {
            if (errno == EAGAIN || errno == EWOULDBLOCK)
                break;
            return false;
        }
        bytesIn += static_cast<std::size_t>(got);
        m_in.append(bytes, static_cast<std::size_t>(got));
    }
    return readHead() && readFrames(take);
}

bool RawAgent::readHead()
{
    const auto end = m_upgraded ? std::string::npos : m_in.find("\r\n\r\n");
    if (end == std::string::npos)
        return true;
    if (!m_in.starts_with("HTTP/1.1 101")) {
        const auto at = m_in.find("Retry-After: ");
        retryAfter = at == std::string::npos ? 0 : std::atoll(m_in.c_str() + at + 13);
        return false;
    }
    m_in.erase(0, end + 4);
    m_upgraded = true;
    sayHello();
    return true;
}

bool RawAgent::readFrames(const Take &take)
{
    while (m_upgraded && m_in.size() >= 2) {
        const auto byte = [this](std::size_t at) { return static_cast<std::uint8_t>(m_in[at]); };
        std::size_t head = 2;
        std::size_t size = byte(1) & 0x7f;
        const std::size_t more = size == 126 ? 2 : size == 127 ? 8 : 0;
        if (m_in.size() < head + more)
            return true;
        if (more > 0)
            size = 0;
        for (std::size_t i = 0; i < more; ++i)
            size = size << 8 | byte(head + i);
        head += more;
        if (m_in.size() < head + size)
            return true;
        const int kind = byte(0);
        const auto payload = m_in.substr(head, size);
        m_in.erase(0, head + size);
        if (kind == closeFrame) {
            closeCode = payload.size() < 2 ? 1005
                                           : static_cast<std::uint8_t>(payload[0]) << 8 |
                                                 static_cast<std::uint8_t>(payload[1]);
            return false;
        }
        if (kind == pingFrame) {
            appendFrame(m_out, 0x8a, payload);
            continue;
        }
        const auto text = protocol::unpack(payload, protocol::maxFrameBytes);
        const auto frame = text ? base::parseJson(*text, {protocol::maxFrameBytes, 32}) : base::Error{};
        if (!frame)
            return false;
        follow(*frame);
        take(*frame, *text, payload.size());
    }
    return write();
}

void RawAgent::follow(const base::Json &frame)
{
    const auto kind = base::textField(frame, "k").value_or("");
    if (kind == "welcome" || kind == "reset") {
        epoch = base::integerField(frame, "epoch").value_or(epoch);
        q = base::integerField(frame, "q").value_or(q);
    } else if (kind == "d") {
        q = base::integerField(frame, "to").value_or(q);
        say({{"k", "a"}, {"q", q}});
    }
}

} // namespace bench
