#pragma once

#include "server/ports/http.h"
#include "shared/base/clock.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace server::ports {

/// A request to somebody else's server.
struct OutgoingCall {
    enum class Method { Post, Get };

    Method method = Method::Post;
    std::string url; ///< http or https
    Headers headers;
    std::string body;          ///< of a POST
    std::size_t keepBytes = 0; ///< of the answer's body; a longer one fails as "too_large". 0: it is dropped
    int redirects = 0;         ///< followed at most, each address judged as the first was
    base::Duration timeout{5000}; ///< for all of it, from the look-up of the name to the end of the answer
};

/// What came of it.
struct CallOutcome {
    std::uint64_t ticket = 0;
    int status = 0; ///< of the answer; 0 when there was none
    /// Why there was no answer, a short constant: "timeout", "name_unknown", "unreachable", "tls",
    /// "address_forbidden", "invalid_url", "too_large", "no_answer".
    std::string failure;
    std::string body;             ///< when it was to be kept
    base::Duration retryAfter{0}; ///< what the answer asks for
    base::Duration took{0};
};

/// Calls other servers. Only what is public on the Internet is reached, and the networks that the operator
/// allowed: whoever may name an address must not reach this machine's neighbours by it. The address that is
/// connected to is the one that is judged, so a name that changes its meaning gains nothing. Cookies are
/// neither kept nor sent, and no referrer.
class HttpClient {
public:
    virtual ~HttpClient() = default;
    /// Begins a call and returns; its outcome comes out of finished() under this ticket. Any thread.
    virtual void begin(std::uint64_t ticket, OutgoingCall call) = 0;
    /// Outcomes since the last time. One thread.
    virtual std::vector<CallOutcome> finished() = 0;
    /// Called when an outcome is there, on a thread of the client's: must be quick. Before the first call.
    virtual void onFinished(std::function<void()> wake) = 0;
};

/// The same for who can wait for an answer. Any thread.
class WaitingClient {
public:
    virtual ~WaitingClient() = default;
    /// GETs and waits; one address is asked once at a time, whoever waits for it. Nothing when too many wait
    /// already.
    virtual std::optional<CallOutcome> get(OutgoingCall call) = 0;
};

} // namespace server::ports
