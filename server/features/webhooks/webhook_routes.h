#pragma once

#include "server/features/accounts/api_gate.h"
#include "server/features/webhooks/delivery_store.h"
#include "server/features/webhooks/webhook_service.h"

#include <functional>

namespace server::webhooks {

/// REST: webhooks of an account, what was sent to them and to the inboxes of outside programs, and sending it
/// again. For administrators.
class WebhookRoutes {
public:
    WebhookRoutes(accounts::ApiGate &gate, const ports::Crypto &crypto) : m_gate{gate}, m_webhooks{crypto} {}
    /// The router keeps references to this object.
    void add(ports::Router &router);

private:
    using Answer = base::Result<ports::HttpResponse>;
    using Which = std::function<base::Result<Target>(storage::Transaction &, const accounts::ApiCall &)>;

    void addLog(ports::Router &router, const std::string &path, const Which &which);
    Answer list(accounts::ApiCall &call);
    Answer create(accounts::ApiCall &call);
    Answer change(accounts::ApiCall &call);
    Answer renewSecret(accounts::ApiCall &call);
    Answer remove(accounts::ApiCall &call);
    Answer log(accounts::ApiCall &call, const Which &which);
    Answer show(accounts::ApiCall &call, const Which &which);
    Answer replay(accounts::ApiCall &call, const Which &which);
    Answer replayDead(accounts::ApiCall &call, const Which &which);

    [[nodiscard]] base::Json jsonOf(storage::Transaction &tx, const WebhookRow &row) const;
    Answer save(accounts::ApiCall &call,
                const std::function<base::Result<WebhookRow>(sync::WriteContext &)> &work);

    accounts::ApiGate &m_gate;
    WebhookService m_webhooks;
};

} // namespace server::webhooks
