#include "server/app/webhook_thread.h"

#include <chrono>
#include <utility>

namespace server::app {

namespace {

constexpr std::chrono::seconds pause{1};
constexpr std::size_t mostEvents = 1000; // more than that is no news any more

} // namespace

WebhookThread::WebhookThread(server::webhooks::WebhookRecorder &recorder,
                             server::webhooks::WebhookSender &sender, sync::Ephemera &ephemera,
                             ports::Log log)
    : m_recorder{recorder}
    , m_sender{sender}
    , m_log{std::move(log)}
{
    m_recorder.onRecorded([this] { wake(); });
    ephemera.listen([this](const sync::EphemeralEvent &event) { note(event); });
}

WebhookThread::~WebhookThread()
{
    stop();
}

void WebhookThread::start()
{
    m_thread = std::thread{[this] { run(); }};
}

void WebhookThread::stop()
{
    {
        const std::lock_guard lock{m_mutex};
        m_isStopping = true;
    }
    m_changed.notify_all();
    if (m_thread.joinable())
        m_thread.join();
}

void WebhookThread::wake()
{
    {
        const std::lock_guard lock{m_mutex};
        m_isAwake = true;
    }
    m_changed.notify_all();
}

void WebhookThread::note(const sync::EphemeralEvent &event)
{
    using Kind = sync::EphemeralEvent::Kind;
    if (event.kind != Kind::Composing && event.kind != Kind::Arrival)
        return;
    {
        const std::lock_guard lock{m_mutex};
        if (m_events.size() >= mostEvents)
            return;
        m_events.push_back(event);
        m_isAwake = true;
    }
    m_changed.notify_all();
}

void WebhookThread::run()
{
    for (;;) {
        std::deque<sync::EphemeralEvent> events;
        {
            std::unique_lock lock{m_mutex};
            m_changed.wait_for(lock, pause, [this] { return m_isStopping || m_isAwake; });
            if (m_isStopping)
                return;
            m_isAwake = false;
            events.swap(m_events);
        }
        perform(events);
    }
}

// A database that fails for a while must not end the sending.
void WebhookThread::perform(const std::deque<sync::EphemeralEvent> &events)
{
    try {
        for (const auto &event : events)
            m_recorder.note(event);
        m_sender.round();
    } catch (const std::exception &error) {
        m_log.warning("webhook_round_failed", {{"reason", error.what()}});
    }
}

} // namespace server::app
