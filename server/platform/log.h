#pragma once

#include "server/ports/log.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace server::platform {

enum class LogFormat { Text, Json };

struct LogOptions {
    ports::LogLevel level = ports::LogLevel::Info;
    LogFormat format = LogFormat::Text;
    std::string file; ///< empty: standard error
};

/// The process's log on spdlog. From then on what Poco logs itself arrives here too, from warnings up. Throws
/// std::runtime_error when the file cannot be opened.
///
/// Text:  2026-01-02T03:04:05.678Z info http_stopped connections_cut=0 note="two words"
/// JSON:  {"at":"2026-…","level":"info","event":"http_stopped","connections_cut":0,"note":"two words"}
std::shared_ptr<ports::LogSink> makeLogSink(const LogOptions &options);

std::optional<ports::LogLevel> logLevelFromText(std::string_view text);
std::string_view toText(ports::LogLevel level);

/// event and fields as one line without its end, however hostile the values: line breaks, quotes, control
/// characters and broken UTF-8 cannot make a second line or field.
std::string logLine(LogFormat format, std::string_view event, const ports::LogFields &inherited,
                    const ports::LogFields &fields);

} // namespace server::platform
