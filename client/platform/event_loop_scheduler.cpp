#include "client/platform/event_loop_scheduler.h"

#include <QMetaObject>
#include <QThread>
#include <QTimer>

namespace client::platform {

EventLoopScheduler::EventLoopScheduler(QObject *parent) : QObject{parent} {}

EventLoopScheduler::~EventLoopScheduler() = default;

void EventLoopScheduler::post(std::function<void()> work)
{
    QMetaObject::invokeMethod(this, std::move(work), Qt::QueuedConnection);
}

base::TimerId EventLoopScheduler::after(base::Duration delay, std::function<void()> work)
{
    const auto id = m_next++;
    if (QThread::currentThread() == thread())
        startTimer(id, delay, std::move(work));
    else
        post([this, id, delay, work = std::move(work)]() mutable { startTimer(id, delay, std::move(work)); });
    return id;
}

void EventLoopScheduler::cancel(base::TimerId timer)
{
    if (QThread::currentThread() == thread())
        stopTimer(timer);
    else
        post([this, timer] { stopTimer(timer); });
}

void EventLoopScheduler::startTimer(base::TimerId id, base::Duration delay, std::function<void()> work)
{
    auto *timer = new QTimer{this};
    timer->setSingleShot(true);
    m_timers.emplace(id, timer);
    connect(timer, &QTimer::timeout, this, [this, id, work = std::move(work)] {
        const auto run = work; // the timer that holds it goes before it runs
        stopTimer(id);
        run();
    });
    timer->start(delay);
}

void EventLoopScheduler::stopTimer(base::TimerId id)
{
    const auto found = m_timers.find(id);
    if (found == m_timers.end())
        return;
    found->second->stop();
    found->second->deleteLater();
    m_timers.erase(found);
}

} // namespace client::platform
