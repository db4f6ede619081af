#pragma once

#include "server/ports/metrics.h"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace server::platform {

/// Prometheus instruments and their text. Safe from any thread; instruments themselves take no lock.
class MetricsRegistry : public ports::Metrics {
public:
    MetricsRegistry();
    ~MetricsRegistry() override;

    ports::Counter &counter(const std::string &name, const std::string &help,
                            const ports::MetricLabels &labels = {}) override;
    ports::Gauge &gauge(const std::string &name, const std::string &help,
                        const ports::MetricLabels &labels = {}) override;
    ports::Histogram &histogram(const std::string &name, const std::string &help,
                                const ports::MetricLabels &labels = {}) override;
    void onScrape(std::function<void()> refresh) override;

    /// Everything in the Prometheus text format (content type "text/plain; version=0.0.4").
    [[nodiscard]] std::string serialize();

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace server::platform
