#include "tests/platform/loopback.h"

#include "server/platform/socket_io.h"

#include <arpa/inet.h>
#include <cstdio>
#include <cstring>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <poll.h>
#include <stdexcept>
#include <strings.h>
#include <sys/socket.h>

namespace tests {

using namespace server;
using namespace std::chrono_literals;

std::string Answer::header(std::string_view name) const
{
    std::size_t at = head.find("\r\n");
    while (at != std::string::npos && at + 2 < head.size()) {
        const auto end = head.find("\r\n", at + 2);
        const auto line = std::string_view{head}.substr(at + 2, end - at - 2);
        if (line.size() > name.size() && line[name.size()] == ':' &&
            strncasecmp(line.data(), name.data(), name.size()) == 0)
            return std::string{line.substr(line.find_first_not_of(' ', name.size() + 1))};
        at = end;
    }
    return {};
}

RawClient::RawClient(std::uint16_t port, bool tls, int receiveBuffer)
    : m_socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
{
    platform::ignoreBrokenPipes();
    const timeval limit{std::chrono::duration_cast<std::chrono::seconds>(patience).count(), 0};
    ::setsockopt(m_socket.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(m_socket.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (receiveBuffer > 0)
        ::setsockopt(m_socket.get(), SOL_SOCKET, SO_RCVBUF, &receiveBuffer, sizeof receiveBuffer);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(m_socket.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
        throw std::runtime_error{"cannot connect"};
    if (!tls)
        return;
    m_context = SSL_CTX_new(TLS_client_method());
    m_ssl = SSL_new(m_context);
    SSL_set_fd(m_ssl, m_socket.get());
    if (SSL_connect(m_ssl) != 1)
        throw std::runtime_error{"no TLS"};
}

RawClient::~RawClient()
{
    SSL_free(m_ssl);
    SSL_CTX_free(m_context);
}

bool RawClient::write(std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto count = m_ssl ? SSL_write(m_ssl, bytes.data(), static_cast<int>(bytes.size()))
                                 : ::send(m_socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

void RawClient::finish()
{
    if (m_ssl)
        SSL_shutdown(m_ssl);
    ::shutdown(m_socket.get(), SHUT_WR);
}

bool RawClient::fill()
{
    char piece[65536];
    const auto count =
        m_ssl ? SSL_read(m_ssl, piece, sizeof piece) : ::recv(m_socket.get(), piece, sizeof piece, 0);
    if (count <= 0)
        return false;
    m_input.append(piece, static_cast<std::size_t>(count));
    return true;
}

std::string RawClient::read(std::size_t size)
{
    while (m_input.size() < size && fill()) {
    }
    auto bytes = m_input.substr(0, size);
    m_input.erase(0, bytes.size());
    return bytes;
}

bool RawClient::ended()
{
    do
        errno = 0; // an end sets nothing, and somebody else may have left anything there
    while (fill());
    return errno != EAGAIN || m_ssl;
}

bool RawClient::readable(std::chrono::milliseconds within) const
{
    if (!m_input.empty())
        return true;
    pollfd entry{m_socket.get(), POLLIN, 0};
    return ::poll(&entry, 1, static_cast<int>(within.count())) > 0;
}

std::optional<Answer> RawClient::answer(bool head)
{
    std::size_t end = std::string::npos;
    while ((end = m_input.find("\r\n\r\n")) == std::string::npos)
        if (!fill())
            return {};
    Answer answer;
    answer.head = read(end + 4);
    answer.status = std::atoi(answer.head.c_str() + 9);
    if (head || answer.status == 204 || answer.status == 304 || answer.status < 200)
        return answer;
    if (answer.header("Transfer-Encoding") == "chunked") {
        for (;;) {
            while (m_input.find("\r\n") == std::string::npos)
                if (!fill())
                    return {};
            const auto line = read(m_input.find("\r\n") + 2);
            const auto size = std::strtoul(line.c_str(), nullptr, 16);
            const auto piece = read(size + 2);
            if (piece.size() < size + 2)
                return {};
            if (size == 0)
                return answer;
            answer.body += piece.substr(0, size);
        }
    }
    const auto length = answer.header("Content-Length");
    const auto size = length.empty() ? std::string::npos : std::strtoul(length.c_str(), nullptr, 10);
    answer.body = read(size);
    return size != std::string::npos && answer.body.size() < size ? std::nullopt : std::optional{answer};
}

std::string clientFrame(int opcode, std::string_view payload, bool final, int reserved)
{
    auto head = platform::frameHead(static_cast<platform::Opcode>(opcode), payload.size());
    head.bytes[0] = static_cast<char>((final ? 0x80 : 0) | (reserved << 4) | opcode);
    head.bytes[1] = static_cast<char>(head.bytes[1] | 0x80);
    const std::string mask{"\x11\x22\xfe\x7a", 4};
    std::string frame{head.bytes, head.size};
    frame += mask;
    for (std::size_t i = 0; i < payload.size(); ++i)
        frame += static_cast<char>(payload[i] ^ mask[i % 4]);
    return frame;
}

bool RawClient::upgrade(const std::string &path, const std::string &headers)
{
    write("GET " + path +
          " HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
          headers + "\r\n");
    const auto reply = answer();
    return reply && reply->status == 101 &&
           reply->header("Sec-WebSocket-Accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
}

bool RawClient::sendFrame(int opcode, std::string_view payload, bool final)
{
    return write(clientFrame(opcode, payload, final));
}

std::optional<RawClient::Frame> RawClient::frame()
{
    auto head = read(2);
    if (head.size() < 2)
        return {};
    Frame frame;
    frame.opcode = head[0] & 0x0f;
    frame.final = (head[0] & 0x80) != 0;
    std::size_t size = head[1] & 0x7f;
    if (size >= 126) {
        const auto more = read(size == 126 ? 2 : 8);
        size = 0;
        for (const char c : more)
            size = (size << 8) | static_cast<unsigned char>(c);
    }
    frame.payload = read(size);
    return frame.payload.size() == size ? std::optional{frame} : std::nullopt;
}

std::optional<RawClient::Frame> RawClient::message()
{
    auto next = frame();
    while (next && next->opcode == 9)
        next = frame();
    return next;
}

int RawClient::Frame::closeCode() const
{
    return opcode == 8 && payload.size() >= 2
               ? (static_cast<unsigned char>(payload[0]) << 8) | static_cast<unsigned char>(payload[1])
               : 0;
}

ports::HttpResponse RecordingEndpoint::accept(const ports::HttpRequest &request)
{
    if (judge)
        return judge(request);
    ports::HttpResponse response;
    response.status = 101;
    return response;
}

void RecordingEndpoint::opened(ports::SocketId socket, const ports::HttpRequest &, ports::SocketHub &hub)
{
    const std::lock_guard lock{m_mutex};
    m_hub = &hub;
    m_opened.push_back(socket);
    m_changed.notify_all();
}

void RecordingEndpoint::received(ports::SocketId socket, std::string_view payload, bool binary)
{
    const std::lock_guard lock{m_mutex};
    m_messages.emplace_back(payload, binary);
    if (echo)
        m_hub->send(socket, std::make_shared<ports::Frame>(ports::Frame{std::string{payload}, binary}));
    m_changed.notify_all();
}

void RecordingEndpoint::closed(ports::SocketId socket, std::uint16_t code)
{
    const std::lock_guard lock{m_mutex};
    m_closed[socket] = code;
    m_changed.notify_all();
}

bool RecordingEndpoint::until(const std::function<bool()> &condition)
{
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end)
            return false;
        std::unique_lock lock{m_mutex};
        m_changed.wait_for(lock, 5ms);
    }
    return true;
}

std::vector<ports::SocketId> RecordingEndpoint::openedOnes()
{
    const std::lock_guard lock{m_mutex};
    return m_opened;
}

std::vector<std::pair<std::string, bool>> RecordingEndpoint::messages()
{
    const std::lock_guard lock{m_mutex};
    return m_messages;
}

std::map<ports::SocketId, std::uint16_t> RecordingEndpoint::closedOnes()
{
    const std::lock_guard lock{m_mutex};
    return m_closed;
}

TestServer::TestServer()
{
    options.listen = "127.0.0.1:0";
}

void TestServer::start()
{
    server = std::make_unique<platform::HttpServer>(options, router, metrics, random, ports::Log{});
    server->start();
}

void writeCertificate(const std::string &certificateFile, const std::string &keyFile)
{
    std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY *)> key{EVP_EC_gen("P-256"), &EVP_PKEY_free};
    std::unique_ptr<X509, void (*)(X509 *)> certificate{X509_new(), &X509_free};
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 24L * 3600);
    X509_set_pubkey(certificate.get(), key.get());
    auto *name = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char *>("localhost"),
                               -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    std::unique_ptr<FILE, int (*)(FILE *)> certificateOut{std::fopen(certificateFile.c_str(), "w"),
                                                          &std::fclose};
    std::unique_ptr<FILE, int (*)(FILE *)> keyOut{std::fopen(keyFile.c_str(), "w"), &std::fclose};
    PEM_write_X509(certificateOut.get(), certificate.get());
    PEM_write_PrivateKey(keyOut.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
}

} // namespace tests
