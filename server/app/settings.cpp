#include "server/app/settings.h"

#include "server/app/exit_code.h"
#include "server/platform/log.h"

namespace server::app {

platform::LoadedConfig configOf(const Command &command)
{
    platform::ConfigInput input;
    input.file = command.configFile;
    input.environment = platform::deskbellEnvironment();
    input.flags = command.settings;
    auto loaded = platform::loadConfig(input);
    if (!loaded)
        throw Stop{ExitCode::Usage, loaded.error().detail};
    return std::move(*loaded);
}

ports::Log logOf(const platform::Config &config)
{
    platform::LogOptions options;
    options.level = platform::logLevelFromText(config.logLevel).value_or(ports::LogLevel::Info);
    options.format = config.logFormat == "json" ? platform::LogFormat::Json : platform::LogFormat::Text;
    return ports::Log{platform::makeLogSink(options)};
}

} // namespace server::app
