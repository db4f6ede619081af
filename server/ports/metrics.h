#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

/// Counting and timing, without naming the metrics library.
namespace server::ports {

class Counter {
public:
    virtual ~Counter() = default;
    virtual void add(double amount = 1) = 0;
};

class Gauge {
public:
    virtual ~Gauge() = default;
    virtual void set(double value) = 0;
};

class Histogram {
public:
    virtual ~Histogram() = default;
    virtual void observe(double seconds) = 0;
};

using MetricLabels = std::vector<std::pair<std::string, std::string>>;

/// Hands out instruments; the same name and labels give the same instrument. They live as long as the
/// registry. Names follow Prometheus: deskbell_<what>_<unit>, counters end in _total.
class Metrics {
public:
    virtual ~Metrics() = default;
    virtual Counter &counter(const std::string &name, const std::string &help,
                             const MetricLabels &labels = {}) = 0;
    virtual Gauge &gauge(const std::string &name, const std::string &help,
                         const MetricLabels &labels = {}) = 0;
    virtual Histogram &histogram(const std::string &name, const std::string &help,
                                 const MetricLabels &labels = {}) = 0;
    /// Asked at each scrape, for values that exist anyway (queue lengths, connections).
    virtual void onScrape(std::function<void()> refresh) = 0;
};

} // namespace server::ports
