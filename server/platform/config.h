#pragma once

#include "shared/base/result.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace server::platform {

/// The server's settings, typed. Read them with loadConfig().
struct Config {
    std::string dataDir = "var";
    std::string listen = "127.0.0.1:8080";
    std::string publicUrl;
    std::string tlsCertificate;
    std::string tlsKey;
    std::vector<std::string> trustedProxies;
    std::int64_t maxConnections = 18'000;
    std::int64_t headerBytes = 8'192;
    std::int64_t uploadBytes = 41'943'040;
    std::int64_t drainSeconds = 20;
    std::int64_t devicesOnline = 5;
    std::string highWaterFile;
    std::vector<std::string> outgoingNetworks;
    std::int64_t webhookSeconds = 5;
    std::string logLevel = "info";
    std::string logFormat = "text";
};

/// One setting as it is documented. The order is the documents' order.
struct ConfigKey {
    std::string_view name; ///< "limits.upload_bytes"; the flag is --limits.upload_bytes
    std::string_view type; ///< "text", "number", "list of texts"
    std::string_view doc;

    /// DESKBELL_LIMITS_UPLOAD_BYTES
    [[nodiscard]] std::string environmentName() const;
};
std::span<const ConfigKey> configKeys();

struct LoadedConfig {
    Config values;
    /// Where each key's value comes from: "default", "deskbell.toml:12", "DESKBELL_LISTEN", "--listen".
    std::map<std::string, std::string, std::less<>> sources;
    /// key = value # source, for `config explain`; without secrets, of which there are none here.
    [[nodiscard]] std::string explain() const;
};

/// Where settings can stand; each later one wins.
struct ConfigInput {
    std::string file; ///< TOML, empty for none; must exist when named
    /// Of the process; names that begin with DESKBELL_ and are no key are errors, except those in
    /// `otherVariables`.
    std::map<std::string, std::string> environment;
    /// Those of the build and its tests, which a server started by them inherits.
    std::vector<std::string> otherVariables{"DESKBELL_BIN", "DESKBELL_BUILD", "DESKBELL_SHARED",
                                            "DESKBELL_SOURCE", "DESKBELL_TESTDATA"};
    std::vector<std::pair<std::string, std::string>> flags; ///< key name and text
};

/// Fails with Invalid, in one sentence for people: file, line, key, what is wrong, and the nearest known key.
base::Result<LoadedConfig> loadConfig(const ConfigInput &input);

/// The variables of this process that begin with DESKBELL_.
std::map<std::string, std::string> deskbellEnvironment();

} // namespace server::platform
