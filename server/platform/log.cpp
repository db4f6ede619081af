#include "server/platform/log.h"

#include "shared/base/json.h"
#include "shared/base/text.h"

#include <Poco/AutoPtr.h>
#include <Poco/Channel.h>
#include <Poco/Logger.h>
#include <Poco/Message.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <stdexcept>

namespace server::platform {

using ports::LogFields;
using ports::LogLevel;

namespace {

constexpr std::array<std::pair<LogLevel, std::string_view>, 6> levels{{{LogLevel::Trace, "trace"},
                                                                       {LogLevel::Debug, "debug"},
                                                                       {LogLevel::Info, "info"},
                                                                       {LogLevel::Warning, "warning"},
                                                                       {LogLevel::Error, "error"},
                                                                       {LogLevel::Off, "off"}}};
constexpr std::size_t longestValue = 4096;

spdlog::level::level_enum spdlogLevel(LogLevel level)
{
    switch (level) {
    case LogLevel::Trace:
        return spdlog::level::trace;
    case LogLevel::Debug:
        return spdlog::level::debug;
    case LogLevel::Info:
        return spdlog::level::info;
    case LogLevel::Warning:
        return spdlog::level::warn;
    case LogLevel::Error:
        return spdlog::level::err;
    case LogLevel::Off:
        break;
    }
    return spdlog::level::off;
}

bool isBare(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) > 0x20 && static_cast<unsigned char>(c) < 0x7f && c != '"' &&
               c != '=' && c != '\\';
    });
}

/// A JSON string: what it escapes is what a line needs escaped; other than there, so are DEL and C1 controls.
std::string inQuotes(std::string_view text)
{
    const bool cut = text.size() > longestValue;
    const auto json = base::toText(base::Json(std::string{text.substr(0, longestValue)} + (cut ? "…" : "")));
    std::string safe;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const auto c = static_cast<unsigned char>(json[i]);
        const auto next = static_cast<unsigned char>(i + 1 < json.size() ? json[i + 1] : '\0');
        if (c == 0x7f) {
            safe += "\\u007f";
        } else if (c == 0xc2 && next >= 0x80 && next < 0xa0) {
            constexpr std::string_view digits = "0123456789abcdef";
            safe += "\\u00";
            safe += digits[next >> 4];
            safe += digits[next & 15];
            ++i;
        } else {
            safe += json[i];
        }
    }
    return safe;
}

std::string timestamp(spdlog::log_clock::time_point at)
{
    const auto ms = std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count();
    const std::time_t seconds = ms / 1000;
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    return fmt::format("{}.{:03}Z", text.data(), ms % 1000);
}

/// Puts time and level before a line that logLine() made.
class LineFormatter : public spdlog::formatter {
public:
    explicit LineFormatter(LogFormat format) : m_format{format} {}

    void format(const spdlog::details::log_msg &message, spdlog::memory_buf_t &out) override
    {
        const auto level = std::find_if(levels.begin(), levels.end(), [&](const auto &entry) {
            return spdlogLevel(entry.first) == message.level;
        });
        const auto name = level == levels.end() ? std::string_view{"error"} : level->second;
        const std::string_view line{message.payload.data(), message.payload.size()};
        const auto text = m_format == LogFormat::Text
                              ? fmt::format("{} {} {}\n", timestamp(message.time), name, line)
                              : fmt::format("{{\"at\":\"{}\",\"level\":\"{}\",{}\n", timestamp(message.time),
                                            name, line.substr(1));
        out.append(text.data(), text.data() + text.size());
    }

    [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override
    {
        return std::make_unique<LineFormatter>(m_format);
    }

private:
    LogFormat m_format;
};

class SpdlogSink : public ports::LogSink {
public:
    SpdlogSink(std::shared_ptr<spdlog::logger> logger, LogFormat format)
        : m_logger{std::move(logger)}
        , m_format{format}
    {
    }

    [[nodiscard]] bool enabled(LogLevel level) const override
    {
        return m_logger->should_log(spdlogLevel(level));
    }

    void write(LogLevel level, std::string_view event, const LogFields &inherited,
               const LogFields &fields) override
    {
        m_logger->log(spdlogLevel(level), spdlog::string_view_t{logLine(m_format, event, inherited, fields)});
    }

private:
    std::shared_ptr<spdlog::logger> m_logger;
    LogFormat m_format;
};

/// What Poco says about itself.
class PocoChannel : public Poco::Channel {
public:
    explicit PocoChannel(std::shared_ptr<ports::LogSink> sink) : m_sink{std::move(sink)} {}

    void log(const Poco::Message &message) override
    {
        const auto level = message.getPriority() <= Poco::Message::PRIO_ERROR     ? LogLevel::Error
                           : message.getPriority() <= Poco::Message::PRIO_WARNING ? LogLevel::Warning
                                                                                  : LogLevel::Debug;
        if (m_sink->enabled(level))
            m_sink->write(level, "poco", {}, {{"source", message.getSource()}, {"text", message.getText()}});
    }

private:
    std::shared_ptr<ports::LogSink> m_sink;
};

} // namespace

std::optional<LogLevel> logLevelFromText(std::string_view text)
{
    const auto found =
        std::find_if(levels.begin(), levels.end(), [&](const auto &entry) { return entry.second == text; });
    return found == levels.end() ? std::nullopt : std::optional{found->first};
}

std::string_view toText(LogLevel level)
{
    return levels[static_cast<std::size_t>(level)].second;
}

std::string logLine(LogFormat format, std::string_view event, const LogFields &inherited,
                    const LogFields &fields)
{
    const bool text = format == LogFormat::Text;
    std::string line =
        text ? std::string{isBare(event) ? event : inQuotes(event)} : "{\"event\":" + inQuotes(event);
    for (const auto *list : {&inherited, &fields})
        for (const auto &field : *list) {
            const bool bare = !field.quoted || (text && isBare(field.value));
            if (text)
                line += " " + (isBare(field.key) ? field.key : inQuotes(field.key)) + "=";
            else
                line += "," + inQuotes(field.key) + ":";
            line += bare && field.value.size() <= longestValue ? field.value : inQuotes(field.value);
        }
    return text ? line : line + "}";
}

std::shared_ptr<ports::LogSink> makeLogSink(const LogOptions &options)
{
    std::shared_ptr<spdlog::sinks::sink> target;
    try {
        if (options.file.empty())
            target = std::make_shared<spdlog::sinks::stderr_sink_mt>();
        else
            target = std::make_shared<spdlog::sinks::basic_file_sink_mt>(options.file);
    } catch (const spdlog::spdlog_ex &error) {
        throw std::runtime_error{"log file " + options.file + ": " + error.what()};
    }
    auto logger = std::make_shared<spdlog::logger>("deskbell", std::move(target));
    logger->set_level(spdlogLevel(options.level));
    logger->set_formatter(std::make_unique<LineFormatter>(options.format));
    logger->flush_on(spdlog::level::info);
    auto sink = std::make_shared<SpdlogSink>(std::move(logger), options.format);
    const Poco::AutoPtr<Poco::Channel> channel{new PocoChannel{sink}};
    Poco::Logger::root(); // what comes later inherits from it, so it must be there
    Poco::Logger::setChannel("", channel);
    Poco::Logger::setLevel("", Poco::Message::PRIO_WARNING);
    return sink;
}

} // namespace server::platform
