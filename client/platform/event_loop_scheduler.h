#pragma once

#include "shared/base/scheduler.h"

#include <QObject>

#include <atomic>
#include <functional>
#include <unordered_map>

class QTimer;

namespace client::platform {

/// A scheduler over the event loop of the thread this object lives on. Work that is still waiting when it is
/// destroyed never runs. post(), after() and cancel() may be called from any thread; the object itself is
/// moved and destroyed as any QObject is.
class EventLoopScheduler : public QObject, public base::Scheduler {
    Q_OBJECT

public:
    explicit EventLoopScheduler(QObject *parent = nullptr);
    ~EventLoopScheduler() override;

    void post(std::function<void()> work) override;
    base::TimerId after(base::Duration delay, std::function<void()> work) override;
    void cancel(base::TimerId timer) override;

private:
    void startTimer(base::TimerId id, base::Duration delay, std::function<void()> work);
    void stopTimer(base::TimerId id);

    std::atomic<base::TimerId> m_next{1};
    std::unordered_map<base::TimerId, QTimer *> m_timers; // touched on the object's own thread only
};

} // namespace client::platform
