#include "server/platform/config.h"

#include "server/platform/networks.h"
#include "shared/base/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <optional>
#include <toml++/toml.h>
#include <unistd.h>
#include <variant>

namespace server::platform {

namespace {

using Field = std::variant<std::string Config::*, std::int64_t Config::*, std::vector<std::string> Config::*>;
using Check = std::string (*)(const Config &);

/// A key, where it goes, and what is wrong with its value ("" when nothing is).
struct Setting {
    ConfigKey key;
    Field field;
    Check check;
};

std::string between(std::int64_t value, std::int64_t least, std::int64_t most)
{
    return value >= least && value <= most
               ? std::string{}
               : "must be between " + std::to_string(least) + " and " + std::to_string(most);
}

std::string oneOf(const std::string &value, std::initializer_list<std::string_view> allowed)
{
    if (std::find(allowed.begin(), allowed.end(), value) != allowed.end())
        return {};
    std::string text = "must be one of";
    for (const auto entry : allowed)
        text += (entry == *allowed.begin() ? " " : ", ") + std::string{entry};
    return text;
}

std::string checkListen(const Config &config)
{
    const auto colon = config.listen.rfind(':');
    int port = -1;
    if (colon != std::string::npos && colon > 0)
        std::from_chars(config.listen.data() + colon + 1, config.listen.data() + config.listen.size(), port);
    return port >= 0 && port <= 65535 ? std::string{}
                                      : "must be ADDRESS:PORT, as 127.0.0.1:8080 or [::1]:8080";
}

std::string checkUrl(const Config &config)
{
    const auto &url = config.publicUrl;
    const bool web = url.starts_with("http://") || url.starts_with("https://");
    const bool plain = url.find_first_of(" ?#\"<>") == std::string::npos && !url.ends_with('/');
    return url.empty() || (web && plain) ? std::string{}
                                         : "must be http(s)://HOST[:PORT] without a slash at its end";
}

std::string checkProxies(const Config &config)
{
    const auto parsed = Networks::parse(config.trustedProxies);
    return parsed ? std::string{} : parsed.error().detail;
}

std::string checkOutgoing(const Config &config)
{
    const auto parsed = Networks::parse(config.outgoingNetworks);
    return parsed ? std::string{} : parsed.error().detail;
}

const std::array<Setting, 16> settings{{
    {{"data_dir", "text", "Folder for the database, files and the server's secret key."},
     &Config::dataDir,
     [](const Config &c) { return c.dataDir.empty() ? std::string{"must not be empty"} : std::string{}; }},
    {{"listen", "text", "Address and port to serve on. Port 0 takes a free one."},
     &Config::listen,
     &checkListen},
    {{"public_url", "text",
      "How browsers and apps reach this server, as https://support.example.com; empty: as each request "
      "says."},
     &Config::publicUrl,
     &checkUrl},
    {{"tls.certificate", "text", "PEM file with the certificate chain; with tls.key it turns TLS on."},
     &Config::tlsCertificate,
     [](const Config &c) {
         return c.tlsCertificate.empty() == c.tlsKey.empty() ? std::string{}
                                                             : std::string{"needs tls.key as well"};
     }},
    {{"tls.key", "text", "PEM file with the certificate's private key."},
     &Config::tlsKey,
     [](const Config &c) {
         return c.tlsCertificate.empty() == c.tlsKey.empty() ? std::string{}
                                                             : std::string{"needs tls.certificate as well"};
     }},
    {{"trusted_proxies", "list of texts",
      "Addresses and ranges of proxies whose X-Forwarded-For and -Proto are believed."},
     &Config::trustedProxies,
     &checkProxies},
    {{"limits.max_connections", "number", "Connections at a time, WebSockets included; more are refused."},
     &Config::maxConnections,
     [](const Config &c) { return between(c.maxConnections, 1, 1'000'000); }},
    {{"limits.header_bytes", "number", "Most bytes of a request's head."},
     &Config::headerBytes,
     [](const Config &c) { return between(c.headerBytes, 1024, 65'536); }},
    {{"limits.upload_bytes", "number", "Most bytes of an uploaded file."},
     &Config::uploadBytes,
     [](const Config &c) { return between(c.uploadBytes, 1, std::int64_t{1} << 40); }},
    {{"limits.drain_seconds", "number",
      "After SIGTERM connections are sent away one by one over this time; 0: all at once."},
     &Config::drainSeconds,
     [](const Config &c) { return between(c.drainSeconds, 0, 600); }},
    {{"limits.devices_online", "number",
      "Devices of one agent that are connected at a time; a further one sends the longest connected away."},
     &Config::devicesOnline,
     [](const Config &c) { return between(c.devicesOnline, 1, 100'000); }},
    {{"high_water_file", "text",
      "Remembers how far the journal had come, so that an older database put in its place is noticed; best "
      "on "
      "another disk. Empty: sync.hwm in data_dir."},
     &Config::highWaterFile,
     [](const Config &) { return std::string{}; }},
    {{"outgoing.allowed_networks", "list of texts",
      "Addresses and ranges of private networks that this server may call, as 127.0.0.1 or 10.1.0.0/16. "
      "Public addresses need no entry."},
     &Config::outgoingNetworks,
     &checkOutgoing},
    {{"webhooks.timeout_seconds", "number", "How long the receiver of a webhook has for its answer."},
     &Config::webhookSeconds,
     [](const Config &c) { return between(c.webhookSeconds, 1, 30); }},
    {{"log.level", "text", "The least level that is logged: trace, debug, info, warning, error, off."},
     &Config::logLevel,
     [](const Config &c) {
         return oneOf(c.logLevel, {"trace", "debug", "info", "warning", "error", "off"});
     }},
    {{"log.format", "text", "How log lines look: text or json."},
     &Config::logFormat,
     [](const Config &c) {
         return oneOf(c.logFormat, {"text", "json"});
     }},
}};

const Setting *findSetting(std::string_view name)
{
    const auto found =
        std::find_if(settings.begin(), settings.end(), [&](const auto &s) { return s.key.name == name; });
    return found == settings.end() ? nullptr : &*found;
}

std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

std::string nearest(std::string_view name, const std::function<std::string(const ConfigKey &)> &form)
{
    const auto cut = name.substr(0, 100);
    std::string best;
    std::size_t least = std::string::npos;
    for (const auto &setting : settings) {
        auto known = form(setting.key);
        if (const auto far = distance(cut, known); far < least) {
            least = far;
            best = std::move(known);
        }
    }
    return best;
}

std::string plainName(const ConfigKey &key)
{
    return std::string{key.name};
}

base::Error invalid(std::string text)
{
    return {base::ErrorCode::Invalid, std::move(text)};
}

/// From one text, the form of the environment and of flags; lists are separated by commas.
std::string assign(Config &config, const Field &field, std::string_view text)
{
    if (const auto *member = std::get_if<std::string Config::*>(&field)) {
        config.**member = text;
        return {};
    }
    if (const auto *member = std::get_if<std::int64_t Config::*>(&field)) {
        const auto number = base::wholeNumber(text);
        if (!number)
            return "must be a number";
        config.**member = *number;
        return {};
    }
    auto &list = config.*std::get<std::vector<std::string> Config::*>(field);
    list.clear();
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        auto entry = text.substr(0, comma);
        const auto first = std::min(entry.find_first_not_of(' '), entry.size());
        entry.remove_prefix(first);
        entry = entry.substr(0, entry.find_last_not_of(' ') + 1);
        if (!entry.empty())
            list.emplace_back(entry);
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return {};
}

std::string assign(Config &config, const Field &field, const toml::node &node)
{
    if (const auto *member = std::get_if<std::string Config::*>(&field)) {
        if (!node.is_string())
            return "must be a text in quotes";
        config.**member = node.as_string()->get();
        return {};
    }
    if (const auto *member = std::get_if<std::int64_t Config::*>(&field)) {
        if (!node.is_integer())
            return "must be a whole number";
        config.**member = node.as_integer()->get();
        return {};
    }
    const auto *array = node.as_array();
    if (!array ||
        !std::all_of(array->begin(), array->end(), [](const auto &entry) { return entry.is_string(); }))
        return "must be a list of texts in quotes";
    auto &list = config.*std::get<std::vector<std::string> Config::*>(field);
    list.clear();
    for (const auto &entry : *array)
        list.push_back(entry.as_string()->get());
    return {};
}

std::optional<base::Error> readTable(const toml::table &table, const std::string &prefix,
                                     const std::string &file, LoadedConfig &loaded)
{
    for (const auto &[key, node] : table) {
        const auto name = prefix + std::string{key.str()};
        const auto place = file + ":" + std::to_string(key.source().begin.line);
        const auto *setting = findSetting(name);
        if (setting) {
            if (const auto wrong = assign(loaded.values, setting->field, node); !wrong.empty())
                return invalid(place + ": " + name + " " + wrong);
            loaded.sources[name] = place;
            continue;
        }
        const bool section = std::any_of(settings.begin(), settings.end(),
                                         [&](const auto &s) { return s.key.name.starts_with(name + "."); });
        if (!section || !node.is_table())
            return invalid(place + ": unknown key " + name + "; the nearest known one is " +
                           nearest(name, plainName));
        if (auto error = readTable(*node.as_table(), name + ".", file, loaded))
            return error;
    }
    return {};
}

std::optional<base::Error> readFile(const std::string &file, LoadedConfig &loaded)
{
    try {
        return readTable(toml::parse_file(file), {}, file, loaded);
    } catch (const toml::parse_error &error) {
        const auto line = error.source().begin.line;
        return invalid(file + (line > 0 ? ":" + std::to_string(line) : std::string{}) + ": " +
                       std::string{error.description()});
    }
}

std::optional<base::Error> readEnvironment(const ConfigInput &input, LoadedConfig &loaded)
{
    for (const auto &[name, text] : input.environment) {
        const auto &others = input.otherVariables;
        if (!name.starts_with("DESKBELL_") || std::find(others.begin(), others.end(), name) != others.end())
            continue;
        const auto found =
            std::find_if(settings.begin(), settings.end(), [&, &variable = name](const auto &s) {
                return s.key.environmentName() == variable;
            });
        if (found == settings.end())
            return invalid("environment: unknown variable " + name + "; the nearest known one is " +
                           nearest(name, &ConfigKey::environmentName));
        if (const auto wrong = assign(loaded.values, found->field, text); !wrong.empty())
            return invalid("environment: " + name + " " + wrong);
        loaded.sources[std::string{found->key.name}] = name;
    }
    return {};
}

std::optional<base::Error> readFlags(const ConfigInput &input, LoadedConfig &loaded)
{
    for (const auto &[name, text] : input.flags) {
        const auto *setting = findSetting(name);
        if (!setting)
            return invalid("unknown flag --" + name + "; the nearest known one is --" +
                           nearest(name, plainName));
        if (const auto wrong = assign(loaded.values, setting->field, text); !wrong.empty())
            return invalid("--" + name + " " + wrong);
        loaded.sources[name] = "--" + name;
    }
    return {};
}

std::string valueText(const Config &config, const Field &field)
{
    const auto quote = [](const std::string &text) {
        std::string quoted = "\"";
        for (const char c : text)
            quoted += (c == '"' || c == '\\') ? std::string{'\\', c} : std::string{c};
        return quoted + "\"";
    };
    if (const auto *member = std::get_if<std::string Config::*>(&field))
        return quote(config.**member);
    if (const auto *member = std::get_if<std::int64_t Config::*>(&field))
        return std::to_string(config.**member);
    std::string text = "[";
    for (const auto &entry : config.*std::get<std::vector<std::string> Config::*>(field))
        text += (text.size() > 1 ? ", " : "") + quote(entry);
    return text + "]";
}

} // namespace

std::string ConfigKey::environmentName() const
{
    std::string text = "DESKBELL_";
    for (const char c : name)
        text += c == '.' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return text;
}

std::span<const ConfigKey> configKeys()
{
    static const auto keys = [] {
        std::array<ConfigKey, settings.size()> all;
        std::transform(settings.begin(), settings.end(), all.begin(), [](const auto &s) { return s.key; });
        return all;
    }();
    return keys;
}

std::string LoadedConfig::explain() const
{
    std::string text;
    for (const auto &setting : settings)
        text += std::string{setting.key.name} + " = " + valueText(values, setting.field) + "  # " +
                sources.find(setting.key.name)->second + "\n";
    return text;
}

base::Result<LoadedConfig> loadConfig(const ConfigInput &input)
{
    LoadedConfig loaded;
    for (const auto &setting : settings)
        loaded.sources[std::string{setting.key.name}] = "default";
    if (!input.file.empty())
        if (auto error = readFile(input.file, loaded))
            return *error;
    if (auto error = readEnvironment(input, loaded))
        return *error;
    if (auto error = readFlags(input, loaded))
        return *error;
    for (const auto &setting : settings)
        if (const auto wrong = setting.check(loaded.values); !wrong.empty())
            return invalid(loaded.sources.find(setting.key.name)->second + ": " +
                           std::string{setting.key.name} + " " + wrong);
    return loaded;
}

std::map<std::string, std::string> deskbellEnvironment()
{
    std::map<std::string, std::string> found;
    for (char **entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text{*entry};
        const auto equals = text.find('=');
        if (text.starts_with("DESKBELL_") && equals != std::string_view::npos)
            found.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return found;
}

} // namespace server::platform
