#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/// Structured logging, without naming the library: one event with fields, never prose with values glued in.
namespace server::ports {

enum class LogLevel { Trace, Debug, Info, Warning, Error, Off };

/// key=value. Keys are snake_case constants; values may hold anything and are quoted by the sink.
struct LogField {
    LogField(std::string_view name, std::string_view text) : key{name}, value{text}, quoted{true} {}
    LogField(std::string_view name, const char *text) : LogField{name, std::string_view{text}} {}
    LogField(std::string_view name, const std::string &text) : LogField{name, std::string_view{text}} {}
    LogField(std::string_view name, bool flag) : key{name}, value{flag ? "true" : "false"}, quoted{false} {}
    template <class Number>
    requires std::is_arithmetic_v<Number> LogField(std::string_view name, Number number)
        : key{name}
        , value{std::to_string(number)}
        , quoted{false}
    {
    }

    std::string key;
    std::string value;
    bool quoted; ///< a text, not a number or flag
};

using LogFields = std::vector<LogField>;

/// Where lines go. Safe from any thread.
class LogSink {
public:
    virtual ~LogSink() = default;
    [[nodiscard]] virtual bool enabled(LogLevel level) const = 0;
    virtual void write(LogLevel level, std::string_view event, const LogFields &inherited,
                       const LogFields &fields) = 0;
};

/// What is passed around: a cheap value that knows the fields of its surroundings (request, session).
/// A default-made one is silent. Message text, secrets and addresses of people above Debug never go in.
class Log {
public:
    Log() = default;
    explicit Log(std::shared_ptr<LogSink> sink) : m_sink{std::move(sink)} {}

    /// The same log with one more field on every line.
    [[nodiscard]] Log with(LogField field) const
    {
        Log more = *this;
        auto fields = m_fields ? *m_fields : LogFields{};
        fields.push_back(std::move(field));
        more.m_fields = std::make_shared<const LogFields>(std::move(fields));
        return more;
    }

    [[nodiscard]] bool enabled(LogLevel level) const { return m_sink && m_sink->enabled(level); }
    void debug(std::string_view event, const LogFields &fields = {}) const
    {
        write(LogLevel::Debug, event, fields);
    }
    void info(std::string_view event, const LogFields &fields = {}) const
    {
        write(LogLevel::Info, event, fields);
    }
    void warning(std::string_view event, const LogFields &fields = {}) const
    {
        write(LogLevel::Warning, event, fields);
    }
    void error(std::string_view event, const LogFields &fields = {}) const
    {
        write(LogLevel::Error, event, fields);
    }
    void write(LogLevel level, std::string_view event, const LogFields &fields) const
    {
        if (enabled(level))
            m_sink->write(level, event, m_fields ? *m_fields : LogFields{}, fields);
    }

private:
    std::shared_ptr<LogSink> m_sink;
    std::shared_ptr<const LogFields> m_fields;
};

} // namespace server::ports
