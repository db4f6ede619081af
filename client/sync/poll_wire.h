#pragma once

#include "client/sync/wire.h"
#include "shared/base/json_fwd.h"
#include "shared/base/scheduler.h"

#include <QObject>
#include <QUrl>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

class QNetworkAccessManager;
class QNetworkReply;

namespace client::sync {

/// The Wire over plain requests (docs/protocol.md A.3, "Without WebSockets"): one request waits at the server
/// for frames; what is to be sent goes with a further one, which takes over the waiting. A request that fails
/// ends the connection: nothing is ever repeated, the hello that follows puts everything right. Lives on the
/// engine's thread.
class PollWire : public QObject, public Wire {
    Q_OBJECT

public:
    PollWire(const QUrl &server, QNetworkAccessManager &network, base::Scheduler &scheduler,
             QObject *parent = nullptr);
    ~PollWire() override;

    void open(WireEvents events) override;
    void send(const std::string &text) override;
    void close() override;

private:
    QNetworkReply *post();
    void request();
    void answered(QNetworkReply &reply);
    void take(const base::Json &json);
    void ended(int code, const std::string &why, base::Duration retryAfter);
    void drop();

    QUrl m_url;
    QNetworkAccessManager &m_network;
    base::Scheduler &m_scheduler;
    WireEvents m_events;
    std::uint64_t m_life = 0; ///< names the current connection
    std::string m_name;       ///< the server's for it; empty before its first answer
    std::vector<std::string> m_up;
    std::set<QNetworkReply *> m_replies;
    bool m_sending = false;                     ///< a request with frames is on its way: order is kept
    std::int64_t m_batch = 0;                   ///< the last one taken
    std::map<std::int64_t, base::Json> m_early; ///< answers that overtook another
    base::TimerId m_pause = 0;
    base::TimerId m_opening = 0;
};

} // namespace client::sync
