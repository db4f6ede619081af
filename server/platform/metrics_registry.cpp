#include "server/platform/metrics_registry.h"

#include <map>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace server::platform {

namespace {

class CounterOf : public ports::Counter {
public:
    explicit CounterOf(prometheus::Counter &counter) : m_counter{counter} {}
    void add(double amount) override { m_counter.Increment(amount); }

private:
    prometheus::Counter &m_counter;
};

class GaugeOf : public ports::Gauge {
public:
    explicit GaugeOf(prometheus::Gauge &gauge) : m_gauge{gauge} {}
    void set(double value) override { m_gauge.Set(value); }

private:
    prometheus::Gauge &m_gauge;
};

class HistogramOf : public ports::Histogram {
public:
    explicit HistogramOf(prometheus::Histogram &histogram) : m_histogram{histogram} {}
    void observe(double seconds) override { m_histogram.Observe(seconds); }

private:
    prometheus::Histogram &m_histogram;
};

prometheus::Histogram::BucketBoundaries buckets()
{
    return {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
}

using Key = std::pair<std::string, std::map<std::string, std::string>>;

} // namespace

struct MetricsRegistry::Parts {
    prometheus::Registry registry;
    std::mutex mutex; // guards the four below
    std::map<Key, std::unique_ptr<ports::Counter>> counters;
    std::map<Key, std::unique_ptr<ports::Gauge>> gauges;
    std::map<Key, std::unique_ptr<ports::Histogram>> histograms;
    std::vector<std::function<void()>> refreshers;
};

MetricsRegistry::MetricsRegistry() : m_parts{std::make_unique<Parts>()} {}

MetricsRegistry::~MetricsRegistry() = default;

ports::Counter &MetricsRegistry::counter(const std::string &name, const std::string &help,
                                         const ports::MetricLabels &labels)
{
    const std::lock_guard lock{m_parts->mutex};
    Key key{name, {labels.begin(), labels.end()}};
    auto &entry = m_parts->counters[key];
    if (!entry)
        entry = std::make_unique<CounterOf>(
            prometheus::BuildCounter().Name(name).Help(help).Register(m_parts->registry).Add(key.second));
    return *entry;
}

ports::Gauge &MetricsRegistry::gauge(const std::string &name, const std::string &help,
                                     const ports::MetricLabels &labels)
{
    const std::lock_guard lock{m_parts->mutex};
    Key key{name, {labels.begin(), labels.end()}};
    auto &entry = m_parts->gauges[key];
    if (!entry)
        entry = std::make_unique<GaugeOf>(
            prometheus::BuildGauge().Name(name).Help(help).Register(m_parts->registry).Add(key.second));
    return *entry;
}

ports::Histogram &MetricsRegistry::histogram(const std::string &name, const std::string &help,
                                             const ports::MetricLabels &labels)
{
    const std::lock_guard lock{m_parts->mutex};
    Key key{name, {labels.begin(), labels.end()}};
    auto &entry = m_parts->histograms[key];
    if (!entry)
        entry = std::make_unique<HistogramOf>(prometheus::BuildHistogram()
                                                  .Name(name)
                                                  .Help(help)
                                                  .Register(m_parts->registry)
                                                  .Add(key.second, buckets()));
    return *entry;
}

void MetricsRegistry::onScrape(std::function<void()> refresh)
{
    const std::lock_guard lock{m_parts->mutex};
    m_parts->refreshers.push_back(std::move(refresh));
}

std::string MetricsRegistry::serialize()
{
    std::vector<std::function<void()>> refreshers;
    {
        const std::lock_guard lock{m_parts->mutex};
        refreshers = m_parts->refreshers;
    }
    for (const auto &refresh : refreshers)
        refresh();
    return prometheus::TextSerializer{}.Serialize(m_parts->registry.Collect());
}

} // namespace server::platform
