#include "server/app/doctor.h"

#include "server/app/data_directory.h"
#include "server/app/exit_code.h"
#include "server/app/foundation.h"
#include "server/app/journal_check.h"
#include "server/app/settings.h"
#include "server/features/conversations/message_store.h"
#include "shared/base/json.h"

#include <Poco/Exception.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>

#include <algorithm>
#include <filesystem>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace server::app {

namespace {

using State = Finding::State;

constexpr std::uint64_t mib = 1 << 20;
constexpr std::uint64_t leastSpace = 64 * mib;
constexpr std::uint64_t goodSpace = 1024 * mib;
constexpr rlim_t spareFiles = 256; // database, files, log, pipes

std::string_view toText(State state)
{
    switch (state) {
    case State::Fine:
        return "ok";
    case State::Warning:
        return "warning";
    case State::Fault:
        return "fault";
    }
    return "fault";
}

std::string octal(mode_t mode)
{
    std::string text = "0";
    for (const int shift : {6, 3, 0})
        text += static_cast<char>('0' + ((mode >> shift) & 7));
    return text;
}

Finding configuration(const platform::LoadedConfig &config)
{
    std::string changed;
    for (const auto &[key, source] : config.sources)
        if (source != "default")
            changed += (changed.empty() ? "" : ", ") + key + " from " + source;
    return {"configuration", State::Fine, changed.empty() ? "all defaults" : changed, {}};
}

Finding dataDirectory(const std::string &path)
{
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
        return {"data_directory", State::Warning, path + " does not exist yet",
                "Run deskbelld init, or start the server: it is made then."};
    if (!S_ISDIR(status.st_mode) || ::access(path.c_str(), R_OK | W_OK | X_OK) != 0)
        return {"data_directory", State::Fault, path + " cannot be read and written by this user",
                "Run as the directory's owner, or: chown -R USER " + path};
    if ((status.st_mode & 0077) != 0)
        return {"data_directory", State::Warning,
                path + " is open to other users (" + octal(status.st_mode) + ")", "chmod 700 " + path};
    return {"data_directory", State::Fine, path + ", " + octal(status.st_mode), {}};
}

Finding diskSpace(std::string path)
{
    while (!path.empty() && ::access(path.c_str(), F_OK) != 0)
        path = std::filesystem::absolute(path).parent_path().string();
    struct statvfs disk {};
    if (::statvfs(path.c_str(), &disk) != 0)
        return {"disk_space", State::Fault, "the disk of " + path + " does not answer", "Check the mount."};
    const auto free = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
    const auto evidence = std::to_string(free / mib) + " MiB free";
    if (free < leastSpace)
        return {"disk_space", State::Fault, evidence,
                "Free some space: writing stops when the disk is full."};
    if (free < goodSpace)
        return {"disk_space", State::Warning, evidence, "Free some space soon."};
    return {"disk_space", State::Fine, evidence, {}};
}

Finding secretKey(const std::string &file)
{
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0)
        return {"secret_key", State::Warning, file + " does not exist yet", "It is made at the first start."};
    if ((status.st_mode & 0077) != 0)
        return {"secret_key", State::Fault, file + " is open to other users (" + octal(status.st_mode) + ")",
                "chmod 600 " + file};
    const auto key = platform::loadOrCreateKey(file);
    if (!key)
        return {"secret_key", State::Fault, key.error().detail, "Restore the key from the backup."};
    return {"secret_key", State::Fine, file + ", " + octal(status.st_mode), {}};
}

Finding address(const platform::Config &config, bool running)
{
    try {
        const Poco::Net::SocketAddress wanted{config.listen};
        if (wanted.port() == 0)
            return {"address", State::Fine, "any free port", {}};
        Poco::Net::ServerSocket probe;
        probe.bind(wanted, true);
        return {"address", State::Fine, config.listen + " is free", {}};
    } catch (const Poco::Exception &error) {
        if (running)
            return {"address",
                    State::Fine,
                    config.listen + " is in use; a server runs on this data directory",
                    {}};
        return {"address", State::Fault, config.listen + ": " + error.displayText(),
                "Stop the other program or choose another address with --listen."};
    }
}

Finding openFiles(const platform::Config &config)
{
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    const auto needed = static_cast<rlim_t>(config.maxConnections) + spareFiles;
    const auto evidence = std::to_string(limit.rlim_max) + " allowed, " + std::to_string(needed) +
                          " needed for limits.max_connections";
    if (limit.rlim_max < needed)
        return {"open_files", State::Warning, evidence, "Raise LimitNOFILE (ulimit -Hn) or lower the limit."};
    return {"open_files", State::Fine, evidence, {}};
}

Finding thumbnails()
{
    try {
        if (platform::ImageTools{}.canMakeThumbnails())
            return {"thumbnails", State::Fine, "vipsthumbnail found", {}};
        return {"thumbnails", State::Warning, "vipsthumbnail is missing: pictures have no previews",
                "apt-get install libvips-tools"};
    } catch (const std::exception &error) {
        return {"thumbnails", State::Fault, error.what(), "apt-get install libmagic-mgc"};
    }
}

void addDatabase(const std::string &path, std::vector<Finding> &findings)
{
    const auto file = path + "/" + DataDirectory::databaseFile;
    if (::access(file.c_str(), F_OK) != 0) {
        findings.push_back({"database", State::Warning, file + " does not exist yet", "Run deskbelld init."});
        return;
    }
    const auto opened = storage::Database::open(path, allMigrations());
    if (!opened) {
        findings.push_back({"database", State::Fault, opened.error().detail, "See the sentence."});
        return;
    }
    auto &database = **opened;
    const auto damage = database.check();
    if (damage.empty())
        findings.push_back(
            {"database", State::Fine, "intact, schema " + std::to_string(database.schemaVersion()), {}});
    else
        findings.push_back(
            {"database", State::Fault, damage, "Stop the server and restore the newest backup."});
    database.read([&](storage::Transaction &tx) {
        const auto breaches = brokenInvariants(tx);
        if (breaches.empty()) {
            findings.push_back({"journal", State::Fine, "every invariant holds", {}});
            return;
        }
        for (const auto &breach : breaches)
            findings.push_back(
                {"journal", State::Fault, breach,
                 "Report this with the log: a change went past the executor. Clients recover with "
                 "\"sync again from the start\"."});
    });
    database.read([&](storage::Transaction &tx) {
        const auto count = server::conversations::MessageStore{tx}.countBeforeRestore();
        if (count > 0)
            findings.push_back({"restored",
                                State::Warning,
                                std::to_string(count) +
                                    " replies had been sent before a restore; they are on "
                                    "record again and were not sent again",
                                {}});
    });
}

} // namespace

std::vector<Finding> examine(const Command &command)
{
    std::vector<Finding> findings;
    platform::LoadedConfig config;
    try {
        config = configOf(command);
    } catch (const Stop &stop) {
        findings.push_back({"configuration", State::Fault, stop.what(), "Correct this setting."});
        return findings;
    }
    const auto &values = config.values;
    const bool running = DataDirectory::isInUse(values.dataDir);
    findings.push_back(configuration(config));
    findings.push_back(dataDirectory(values.dataDir));
    const bool usable = findings.back().state != State::Fault;
    findings.push_back(diskSpace(values.dataDir));
    if (usable) {
        findings.push_back(secretKey(values.dataDir + "/" + DataDirectory::keyFile));
        addDatabase(values.dataDir, findings);
    }
    findings.push_back(address(values, running));
    findings.push_back(openFiles(values));
    findings.push_back(thumbnails());
    return findings;
}

bool isHealthy(const std::vector<Finding> &findings)
{
    return std::none_of(findings.begin(), findings.end(),
                        [](const Finding &finding) { return finding.state == State::Fault; });
}

std::string toText(const std::vector<Finding> &findings)
{
    std::string text;
    for (const auto &finding : findings) {
        std::string line{toText(finding.state)};
        line.resize(9, ' ');
        line += finding.check;
        line.resize(26, ' ');
        text += line + finding.evidence + "\n";
        if (!finding.fix.empty())
            text.append(26, ' ').append("→ ").append(finding.fix).append("\n");
    }
    return text + (isHealthy(findings) ? "healthy" : "not healthy");
}

std::string toJson(const std::vector<Finding> &findings)
{
    auto checks = base::Json::array();
    for (const auto &finding : findings)
        checks.push_back({{"check", finding.check},
                          {"state", std::string{toText(finding.state)}},
                          {"evidence", finding.evidence},
                          {"fix", finding.fix}});
    return base::toText({{"healthy", isHealthy(findings)}, {"checks", checks}});
}

} // namespace server::app
