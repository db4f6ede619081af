#include "server/platform/curl_client.h"

#include <arpa/inet.h>
#include <atomic>
#include <chrono>
#include <curl/curl.h>
#include <map>
#include <mutex>
#include <netinet/in.h>
#include <thread>
#include <unistd.h>

namespace server::platform {

namespace {

constexpr std::size_t mostAnswer = 64 << 10; // beyond, the status is enough
constexpr int pollMs = 1000;

// Everything the registries of special addresses keep from the public Internet (RFC 6890 and its updates).
const Networks &special()
{
    static const auto networks = Networks::parse(
        {"0.0.0.0/8",     "10.0.0.0/8",      "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16",
         "172.16.0.0/12", "192.0.0.0/24",    "192.0.2.0/24",   "192.168.0.0/16", "192.88.99.0/24",
         "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",    "240.0.0.0/4",
         "::/96",         "64:ff9b::/96",    "64:ff9b:1::/48", "100::/64",       "2001::/23",
         "2001:db8::/32", "2002::/16",       "fc00::/7",       "fe80::/10",      "fec0::/10",
         "ff00::/8"});
    return *networks;
}

std::string textOf(const sockaddr &address)
{
    char text[INET6_ADDRSTRLEN] = "";
    if (address.sa_family == AF_INET) {
        const auto &four = reinterpret_cast<const sockaddr_in &>(address);
        inet_ntop(AF_INET, &four.sin_addr, text, sizeof text);
    } else if (address.sa_family == AF_INET6) {
        const auto &six = reinterpret_cast<const sockaddr_in6 &>(address);
        if (IN6_IS_ADDR_V4MAPPED(&six.sin6_addr))
            inet_ntop(AF_INET, six.sin6_addr.s6_addr + 12, text, sizeof text);
        else
            inet_ntop(AF_INET6, &six.sin6_addr, text, sizeof text);
    }
    return text;
}

struct Call {
    std::uint64_t ticket = 0;
    ports::OutgoingCall wanted;
    const Networks *allowed = nullptr;
    bool isForbidden = false;
    bool isCut = false;
    std::size_t received = 0;
    std::string kept;
    CURL *easy = nullptr;
    curl_slist *headers = nullptr;

    Call() = default;
    Call(const Call &) = delete;
    Call &operator=(const Call &) = delete;
    ~Call()
    {
        curl_easy_cleanup(easy);
        curl_slist_free_all(headers);
    }
};

// The moment of truth: this very address is about to be connected to.
curl_socket_t openSocket(void *user, curlsocktype, curl_sockaddr *address)
{
    auto &call = *static_cast<Call *>(user);
    const auto text = textOf(address->addr);
    if (!isPublicAddress(text) && !call.allowed->contains(text)) {
        call.isForbidden = true;
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::size_t takeBody(char *bytes, std::size_t size, std::size_t count, void *user)
{
    auto &call = *static_cast<Call *>(user);
    const auto keep = call.wanted.keepBytes;
    call.received += size * count;
    call.isCut = call.received > (keep > 0 ? keep : mostAnswer);
    if (call.isCut)
        return 0;
    if (keep > 0)
        call.kept.append(bytes, size * count);
    return size * count;
}

std::string failureOf(CURLcode code, const Call &call)
{
    if (call.isForbidden)
        return "address_forbidden";
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
        return "timeout";
    case CURLE_COULDNT_RESOLVE_HOST:
        return "name_unknown";
    case CURLE_COULDNT_CONNECT:
        return "unreachable";
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
        return "tls";
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return "invalid_url";
    default:
        return "no_answer";
    }
}

} // namespace

bool isPublicAddress(std::string_view address)
{
    return Networks::isAddress(address) && !special().contains(address);
}

struct CurlClient::Impl {
    Impl(Networks networks, std::string name) : allowed{std::move(networks)}, agent{std::move(name)}
    {
        static const auto global = curl_global_init(CURL_GLOBAL_DEFAULT);
        (void)global;
        multi = curl_multi_init();
        thread = std::thread{[this] { run(); }};
    }
    ~Impl()
    {
        stopping = true;
        curl_multi_wakeup(multi);
        thread.join();
        for (auto &[easy, call] : running)
            curl_multi_remove_handle(multi, easy);
        running.clear();
        curl_multi_cleanup(multi);
    }

    void run();
    void begin(std::unique_ptr<Call> call);
    void settle(CURL *easy, CURLcode code);
    void tell(ports::CallOutcome outcome);

    const Networks allowed;
    const std::string agent;
    CURLM *multi = nullptr;
    std::map<CURL *, std::unique_ptr<Call>> running; // the thread's own
    std::function<void()> wake;
    std::atomic<bool> stopping{false};
    std::mutex mutex; // guards the two below
    std::vector<std::unique_ptr<Call>> waiting;
    std::vector<ports::CallOutcome> done;
    std::thread thread;
};

void CurlClient::Impl::run()
{
    while (!stopping) {
        std::vector<std::unique_ptr<Call>> fresh;
        {
            const std::lock_guard lock{mutex};
            fresh.swap(waiting);
        }
        for (auto &call : fresh)
            begin(std::move(call));
        int active = 0;
        curl_multi_perform(multi, &active);
        int left = 0;
        while (const auto *message = curl_multi_info_read(multi, &left))
            if (message->msg == CURLMSG_DONE)
                settle(message->easy_handle, message->data.result);
        curl_multi_poll(multi, nullptr, 0, pollMs, nullptr);
    }
}

void CurlClient::Impl::begin(std::unique_ptr<Call> call)
{
    call->allowed = &allowed;
    call->easy = curl_easy_init();
    for (const auto &[name, value] : call->wanted.headers.all())
        call->headers = curl_slist_append(call->headers, (name + ": " + value).c_str());
    call->headers = curl_slist_append(call->headers, "Expect:");
    auto *easy = call->easy;
    curl_easy_setopt(easy, CURLOPT_URL, call->wanted.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, call->wanted.redirects > 0 ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, static_cast<long>(call->wanted.redirects));
    curl_easy_setopt(easy, CURLOPT_PROXY, ""); // not what the environment says: the guard is for the peer
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, agent.c_str());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, call->headers);
    if (call->wanted.method == ports::OutgoingCall::Method::Get) {
        curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    } else {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                         static_cast<curl_off_t>(call->wanted.body.size()));
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, call->wanted.body.c_str());
    }
    if (call->wanted.keepBytes > 0) // told beforehand, it is not even begun
        curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(call->wanted.keepBytes));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(call->wanted.timeout.count()));
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &openSocket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, call.get());
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &takeBody);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, call.get());
    running[easy] = std::move(call);
    curl_multi_add_handle(multi, easy);
}

void CurlClient::Impl::settle(CURL *easy, CURLcode code)
{
    const auto found = running.find(easy);
    curl_multi_remove_handle(multi, easy);
    const auto call = std::move(found->second);
    running.erase(found);
    ports::CallOutcome outcome;
    outcome.ticket = call->ticket;
    long status = 0;
    curl_off_t microseconds = 0;
    curl_off_t seconds = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &microseconds);
    curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds);
    if (code == CURLE_FILESIZE_EXCEEDED || (call->isCut && call->wanted.keepBytes > 0))
        outcome.failure = "too_large";
    else if (code == CURLE_OK || call->isCut)
        outcome.status = static_cast<int>(status);
    else
        outcome.failure = failureOf(code, *call);
    outcome.body = std::move(call->kept);
    outcome.took = base::Duration{microseconds / 1000};
    outcome.retryAfter = std::chrono::seconds{seconds};
    tell(std::move(outcome));
}

void CurlClient::Impl::tell(ports::CallOutcome outcome)
{
    {
        const std::lock_guard lock{mutex};
        done.push_back(std::move(outcome));
    }
    if (wake)
        wake();
}

CurlClient::CurlClient(Networks allowed, std::string agent)
    : m_impl{std::make_unique<Impl>(std::move(allowed), std::move(agent))}
{
}

CurlClient::~CurlClient() = default;

void CurlClient::begin(std::uint64_t ticket, ports::OutgoingCall wanted)
{
    auto call = std::make_unique<Call>();
    call->ticket = ticket;
    call->wanted = std::move(wanted);
    {
        const std::lock_guard lock{m_impl->mutex};
        m_impl->waiting.push_back(std::move(call));
    }
    curl_multi_wakeup(m_impl->multi);
}

std::vector<ports::CallOutcome> CurlClient::finished()
{
    const std::lock_guard lock{m_impl->mutex};
    return std::exchange(m_impl->done, {});
}

void CurlClient::onFinished(std::function<void()> wake)
{
    m_impl->wake = std::move(wake);
}

} // namespace server::platform
