#pragma once

#include "shared/base/json_fwd.h"

#include <QElapsedTimer>
#include <QObject>
#include <QWidget>

#include <functional>
#include <string>
#include <vector>

namespace bench {

/// CPU milliseconds of the calling thread so far.
double threadCpuMs();
/// Resident memory of this process, MB.
double residentMb();

/// Measurements of one thing, in milliseconds.
struct Series {
    std::vector<double> cpu;
    std::vector<double> wall;

    /// {"cpu":{"p50","p95","p99","max"},"wall":{…},"n"}
    [[nodiscard]] base::Json summary() const;
};

/// Counts the paints of a widget, or with none of all, to know when something is on screen.
class PaintWatch : public QObject {
    Q_OBJECT

public:
    explicit PaintWatch(QWidget *widget = nullptr);
    [[nodiscard]] int paints() const { return m_paints; }

    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    int m_paints = 0;
};

/// How long the event loop did not come round: what a person feels as a hang. GUI thread.
class BlockWatch : public QObject {
    Q_OBJECT

public:
    explicit BlockWatch(QObject *parent = nullptr);
    void restart();
    [[nodiscard]] double longestMs() const { return m_longest; }

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    QElapsedTimer m_since;
    double m_longest = 0;
};

/// Runs the event loop until `done`, at most 20 s; false when that was not enough.
bool spinUntil(const std::function<bool()> &done);
/// Runs `act`, then the event loop until `watch` has painted once more and `done` holds; adds what it took.
bool measure(Series &into, const PaintWatch &watch, const std::function<void()> &act,
             const std::function<bool()> &done = {});

} // namespace bench
