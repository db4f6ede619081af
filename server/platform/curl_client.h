#pragma once

#include "server/platform/networks.h"
#include "server/ports/http_client.h"

#include <memory>

namespace server::platform {

/// HttpClient on libcurl: one thread for all calls at a time. Ends what runs when destroyed.
class CurlClient : public ports::HttpClient {
public:
    /// `allowed`: private networks that may be called. `agent`: the User-Agent.
    CurlClient(Networks allowed, std::string agent);
    ~CurlClient() override;

    void begin(std::uint64_t ticket, ports::OutgoingCall call) override;
    std::vector<ports::CallOutcome> finished() override;
    void onFinished(std::function<void()> wake) override;

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// Whether an address is one of the public Internet, of either family.
bool isPublicAddress(std::string_view address);

} // namespace server::platform
