#include "server/platform/tls_bridge.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdexcept>
#include <sys/socket.h>

namespace server::platform {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t pieceBytes = 16 << 10; // one TLS record
constexpr int roundsPerTurn = 32;

std::string lastError()
{
    std::array<char, 256> text{};
    ERR_error_string_n(ERR_get_error(), text.data(), text.size());
    ERR_clear_error();
    return text.data();
}

int chooseProtocol(SSL *, const unsigned char **out, unsigned char *outSize, const unsigned char *offered,
                   unsigned int offeredSize, void *)
{
    static constexpr unsigned char ours[] = "\x08http/1.1";
    unsigned char *chosen = nullptr;
    if (SSL_select_next_proto(&chosen, outSize, ours, sizeof ours - 1, offered, offeredSize) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_NOACK;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

std::unique_ptr<SSL_CTX, void (*)(SSL_CTX *)> makeContext(const TlsOptions &options)
{
    std::unique_ptr<SSL_CTX, void (*)(SSL_CTX *)> context{SSL_CTX_new(TLS_server_method()), &SSL_CTX_free};
    if (!context)
        throw std::runtime_error{"TLS: " + lastError()};
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_options(context.get(),
                        SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                        SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_alpn_select_cb(context.get(), &chooseProtocol, nullptr);
    if (SSL_CTX_use_certificate_chain_file(context.get(), options.certificateFile.c_str()) != 1)
        throw std::runtime_error{"TLS certificate " + options.certificateFile + ": " + lastError()};
    if (SSL_CTX_use_PrivateKey_file(context.get(), options.keyFile.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context.get()) != 1)
        throw std::runtime_error{"TLS key " + options.keyFile + ": " + lastError()};
    return context;
}

} // namespace

/// One TLS connection and the socket that stands for it inside.
struct TlsBridge::Link {
    std::uint64_t id = 0;
    Descriptor outer;
    Descriptor inner;
    std::unique_ptr<SSL, void (*)(SSL *)> ssl{nullptr, &SSL_free};
    std::string address;
    bool shaken = false;
    bool outerEnded = false;
    bool innerEnded = false;
    bool innerShut = false;
    bool outerShut = false;
    bool finishing = false;
    bool broken = false;
    std::string toInner;
    std::string toOuter;
    SteadyTime moved = std::chrono::steady_clock::now();
};

TlsBridge::TlsBridge(const TlsOptions &options, Descriptor listener, Adopt adopt, ports::Log log)
    : m_options{options}
    , m_adopt{std::move(adopt)}
    , m_log{std::move(log)}
    , m_context{makeContext(options)}
    , m_listener{std::move(listener)}
{
    if (!m_poller.add(m_listener.get(), EPOLLIN, 0))
        throw std::runtime_error{"TLS: no room to listen"};
}

TlsBridge::~TlsBridge()
{
    m_stopping = true;
    m_poller.wake();
    if (m_thread.joinable())
        m_thread.join();
}

void TlsBridge::start()
{
    m_thread = std::jthread{[this] { run(); }};
}

void TlsBridge::drain()
{
    m_draining = true;
    m_poller.wake();
}

void TlsBridge::run()
{
    ignoreBrokenPipes();
    while (!m_stopping) {
        m_poller.wait(untilNextDue(),
                      [this](std::uint64_t tag, std::uint32_t events) { onEvent(tag, events); });
        if (m_draining && m_listener) {
            m_poller.remove(m_listener.get());
            m_listener.reset();
        }
        expire();
    }
    m_links.clear();
}

std::chrono::milliseconds TlsBridge::untilNextDue() const
{
    auto first = m_acceptAgain;
    for (const auto *due : {&m_handshakes, &m_finishing})
        if (!due->empty())
            first = std::min(first, due->front().at);
    if (first == SteadyTime::max())
        return -1ms;
    return std::max(0ms,
                    std::chrono::ceil<std::chrono::milliseconds>(first - std::chrono::steady_clock::now()));
}

void TlsBridge::onEvent(std::uint64_t tag, std::uint32_t events)
{
    if (tag == 0)
        return acceptSome();
    const auto found = m_links.find(tag / 2);
    if (found == m_links.end())
        return;
    auto &link = *found->second;
    if ((tag & 1) != 0 && (events & EPOLLHUP))
        finish(link);
    pump(link);
}

void TlsBridge::acceptSome()
{
    for (int i = 0; i < 64; ++i) {
        Descriptor socket{::accept4(m_listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
        if (!socket) {
            if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
                m_poller.change(m_listener.get(), 0, 0);
                m_acceptAgain = std::chrono::steady_clock::now() + 100ms;
            }
            return;
        }
        if (m_links.size() >= m_options.maxConnections) {
            resetOnClose(socket.get());
            continue;
        }
        const int on = 1;
        ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        auto link = std::make_unique<Link>();
        link->id = m_nextId++;
        link->address = peerAddress(socket.get());
        link->outer = std::move(socket);
        link->ssl.reset(SSL_new(m_context.get()));
        if (!link->ssl || SSL_set_fd(link->ssl.get(), link->outer.get()) != 1)
            continue;
        SSL_set_accept_state(link->ssl.get());
        if (!m_poller.add(link->outer.get(), EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, link->id * 2))
            continue;
        m_handshakes.push_back({std::chrono::steady_clock::now() + m_options.handshakeDeadline, link->id});
        m_links.emplace(link->id, std::move(link));
    }
}

void TlsBridge::pump(Link &link)
{
    if (!link.shaken && !shakeHands(link)) {
        if (link.broken)
            drop(link);
        return;
    }
    for (int round = 0;; ++round) {
        const bool in = inward(link);
        const bool out = outward(link);
        if (link.broken || (link.innerShut && link.outerShut))
            return drop(link);
        if (!in && !out)
            return;
        link.moved = std::chrono::steady_clock::now();
        if (round == roundsPerTurn) { // others first; re-arming an edge reports what is ready again
            m_poller.change(link.outer.get(), EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, link.id * 2);
            m_poller.change(link.inner.get(), EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, link.id * 2 + 1);
            return;
        }
    }
}

bool TlsBridge::shakeHands(Link &link)
{
    ERR_clear_error();
    const int done = SSL_do_handshake(link.ssl.get());
    if (done != 1) {
        const int why = SSL_get_error(link.ssl.get(), done);
        link.broken = why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE;
        if (link.broken && m_log.enabled(ports::LogLevel::Debug))
            m_log.debug("tls_handshake_failed", {{"what", lastError()}, {"remote", link.address}});
        return false;
    }
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0) {
        link.broken = true;
        return false;
    }
    link.inner.reset(ends[0]);
    Descriptor plain{ends[1]};
    if (!m_poller.add(link.inner.get(), EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, link.id * 2 + 1)) {
        link.broken = true;
        return false;
    }
    link.shaken = true;
    m_adopt(std::move(plain), link.address);
    return true;
}

/// From the peer to the server; whether anything moved.
bool TlsBridge::inward(Link &link)
{
    bool moved = false;
    if (link.toInner.empty() && !link.outerEnded) {
        std::array<char, pieceBytes> piece;
        ERR_clear_error();
        const int count = SSL_read(link.ssl.get(), piece.data(), static_cast<int>(piece.size()));
        if (count > 0) {
            link.toInner.assign(piece.data(), static_cast<std::size_t>(count));
        } else {
            const int why = SSL_get_error(link.ssl.get(), count);
            // An end without close_notify is an end all the same: lengths tell whether something is missing.
            link.outerEnded = why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE;
            moved = link.outerEnded;
        }
    }
    if (!link.toInner.empty()) {
        const auto result = transmit(link.inner.get(), link.toInner);
        if (result.state == IoState::Failed) {
            link.toInner = {}; // the server is done with this connection; what it answered still goes out
            link.outerEnded = true;
        }
        link.toInner.erase(0, result.size);
        moved = moved || result.size > 0;
    }
    if (link.toInner.empty())
        link.toInner = {};
    if (link.outerEnded && link.toInner.empty() && !link.innerShut) {
        ::shutdown(link.inner.get(), SHUT_WR);
        link.innerShut = true;
    }
    return moved;
}

/// From the server to the peer; whether anything moved.
bool TlsBridge::outward(Link &link)
{
    bool moved = false;
    if (link.toOuter.empty() && !link.innerEnded) {
        std::array<char, pieceBytes> piece;
        const auto result = receive(link.inner.get(), piece.data(), piece.size());
        if (result.state == IoState::Ok)
            link.toOuter.assign(piece.data(), result.size);
        else if (result.state != IoState::Blocked)
            link.innerEnded = moved = true;
    }
    if (!link.toOuter.empty()) {
        ERR_clear_error();
        const int count =
            SSL_write(link.ssl.get(), link.toOuter.data(), static_cast<int>(link.toOuter.size()));
        if (count > 0) {
            link.toOuter.erase(0, static_cast<std::size_t>(count));
            moved = true;
        } else {
            const int why = SSL_get_error(link.ssl.get(), count);
            link.broken = why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE;
        }
    }
    if (link.toOuter.empty())
        link.toOuter = {};
    if (link.innerEnded && link.toOuter.empty() && !link.outerShut) {
        SSL_shutdown(link.ssl.get());
        ::shutdown(link.outer.get(), SHUT_WR);
        link.outerShut = true;
        finish(link);
    }
    return moved;
}

void TlsBridge::finish(Link &link)
{
    if (!std::exchange(link.finishing, true))
        m_finishing.push_back({std::chrono::steady_clock::now() + m_options.finishDeadline, link.id});
}

void TlsBridge::drop(Link &link)
{
    m_links.erase(link.id);
}

void TlsBridge::expire()
{
    const auto now = std::chrono::steady_clock::now();
    if (m_acceptAgain <= now) {
        m_acceptAgain = SteadyTime::max();
        if (m_listener)
            m_poller.change(m_listener.get(), EPOLLIN, 0);
    }
    for (; !m_handshakes.empty() && m_handshakes.front().at <= now; m_handshakes.pop_front())
        if (const auto found = m_links.find(m_handshakes.front().id);
            found != m_links.end() && !found->second->shaken)
            drop(*found->second);
    for (; !m_finishing.empty() && m_finishing.front().at <= now; m_finishing.pop_front()) {
        const auto found = m_links.find(m_finishing.front().id);
        if (found == m_links.end())
            continue;
        if (found->second->moved + m_options.finishDeadline > now)
            m_finishing.push_back({now + m_options.finishDeadline, found->first});
        else
            drop(*found->second);
    }
}

} // namespace server::platform
