#pragma once

#include "shared/base/json_fwd.h"
#include "shared/base/uuid.h"

#include <QObject>
#include <QString>
#include <QWebSocket>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

/// One agent's sync session without a cache: says hello, keeps `inFlight` replies on their way, counts what
/// comes back.
class AgentLoad : public QObject {
    Q_OBJECT

public:
    struct Settings {
        QString url; ///< ws://…
        std::string accessToken;
        base::Uuid device;
        std::vector<std::string> conversations; ///< to write into, in turn; empty: only listen
        int inFlight = 0;
    };
    AgentLoad(Settings settings, base::UuidMaker &ids, QObject *parent = nullptr);

    void open();
    void write(); ///< keep writing until stop()
    void stop() { m_writing = false; }
    [[nodiscard]] long accepted() const { return m_accepted; }
    [[nodiscard]] long refused() const { return m_refused; }
    [[nodiscard]] int waiting() const { return m_waiting; }

Q_SIGNALS:
    void live();
    /// A message row of this session or another came; `sentNs` is the moment its writer queued it.
    void delivered(qint64 sentNs);

private:
    void take(const QByteArray &bytes);
    void send(const base::Json &frame);
    void fill();

    Settings m_settings;
    base::UuidMaker &m_ids;
    QWebSocket m_socket;
    std::vector<std::int64_t> m_lastOfLane; ///< newest n per conversation, for `after`
    std::int64_t m_next = 1;
    long m_accepted = 0;
    long m_refused = 0;
    int m_waiting = 0;
    bool m_writing = false;
    bool m_isLive = false;
};
