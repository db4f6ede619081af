#pragma once

#include "server/features/webhooks/webhook_recorder.h"
#include "server/features/webhooks/webhook_sender.h"
#include "server/sync/ephemera.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace server::app {

/// Gives the sender of webhooks a thread of its own: it sends when something was recorded, when an outcome
/// has come, and every second.
class WebhookThread {
public:
    WebhookThread(server::webhooks::WebhookRecorder &recorder, server::webhooks::WebhookSender &sender,
                  sync::Ephemera &ephemera, ports::Log log);
    /// Waits for the round that runs.
    ~WebhookThread();

    void start();
    void stop();
    /// There is something to do. Any thread.
    void wake();

private:
    void run();
    void note(const sync::EphemeralEvent &event);
    void perform(const std::deque<sync::EphemeralEvent> &events);

    server::webhooks::WebhookRecorder &m_recorder;
    server::webhooks::WebhookSender &m_sender;
    ports::Log m_log;
    std::mutex m_mutex; // guards the three below
    bool m_isStopping = false;
    bool m_isAwake = false;
    std::deque<sync::EphemeralEvent> m_events; ///< of the moment, not recorded yet
    std::condition_variable m_changed;
    std::thread m_thread;
};

} // namespace server::app
