#include "tests/bench/app_probe.h"

#include "shared/base/json.h"

#include <QCoreApplication>
#include <QEvent>
#include <QFile>
#include <QTimer>

#include <algorithm>
#include <ctime>

namespace bench {

namespace {

constexpr int patienceMs = 20000;
constexpr int beatMs = 2;
constexpr int wakeMs = 100;

base::Json spread(std::vector<double> values)
{
    if (values.empty())
        return nullptr;
    std::sort(values.begin(), values.end());
    const auto at = [&](double part) {
        return values[static_cast<std::size_t>(part * static_cast<double>(values.size() - 1))];
    };
    return {{"p50", at(.5)}, {"p95", at(.95)}, {"p99", at(.99)}, {"max", values.back()}};
}

} // namespace

double threadCpuMs()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double residentMb()
{
    QFile file{QStringLiteral("/proc/self/status")};
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    for (const auto &line : file.readAll().split('\n'))
        if (line.startsWith("VmRSS:"))
            return line.simplified().split(' ').value(1).toDouble() / 1024;
    return 0;
}

base::Json Series::summary() const
{
    return {{"cpu", spread(cpu)}, {"wall", spread(wall)}, {"n", wall.size()}};
}

PaintWatch::PaintWatch(QWidget *widget)
{
    if (widget)
        widget->installEventFilter(this);
    else
        QCoreApplication::instance()->installEventFilter(this);
}

bool PaintWatch::eventFilter(QObject *, QEvent *event)
{
    if (event->type() == QEvent::Paint)
        ++m_paints;
    return false;
}

BlockWatch::BlockWatch(QObject *parent) : QObject{parent}
{
    startTimer(beatMs, Qt::PreciseTimer);
    m_since.start();
}

void BlockWatch::timerEvent(QTimerEvent *)
{
    m_longest = std::max(m_longest, static_cast<double>(m_since.nsecsElapsed()) / 1e6 - beatMs);
    m_since.start();
}

void BlockWatch::restart()
{
    m_longest = 0;
    m_since.start();
}

bool spinUntil(const std::function<bool()> &done)
{
    QElapsedTimer since;
    since.start();
    QTimer wake; // with a time of its own processEvents() does not sleep, and would be what is measured
    wake.start(wakeMs);
    while (!done()) {
        if (since.elapsed() > patienceMs)
            return false;
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
    return true;
}

bool measure(Series &into, const PaintWatch &watch, const std::function<void()> &act,
             const std::function<bool()> &done)
{
    const int before = watch.paints();
    const auto cpu = threadCpuMs();
    QElapsedTimer since;
    since.start();
    act();
    // The filter hears of a paint before it happens; processEvents() returns after it.
    const bool good = spinUntil([&] { return watch.paints() > before && (!done || done()); });
    into.wall.push_back(static_cast<double>(since.nsecsElapsed()) / 1e6);
    into.cpu.push_back(threadCpuMs() - cpu);
    return good;
}

} // namespace bench
