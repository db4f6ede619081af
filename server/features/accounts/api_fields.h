#pragma once

#include "shared/base/clock.h"
#include "shared/base/json_fwd.h"
#include "shared/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace server::accounts {

/// Reads the fields of a request of the REST API as forgivingly as its clients expect: "7" is a number,
/// "true" and 1 are flags. Remembers the first field that is of no usable type. An absent or null field is
/// nothing.
class ApiFields {
public:
    explicit ApiFields(const base::Json &object) : m_object{object} {}

    [[nodiscard]] bool has(const char *key) const;
    std::optional<std::string> text(const char *key);
    std::optional<std::int64_t> integer(const char *key);
    std::optional<bool> flag(const char *key);
    /// A JSON object, also as text (forms); null when absent.
    base::Json object(const char *key);
    /// The same as text for storage.
    std::optional<std::string> objectText(const char *key);
    std::vector<std::int64_t> integers(const char *key);
    std::vector<std::string> texts(const char *key);

    /// Done, or Invalid with the name of the first bad field.
    [[nodiscard]] base::Status status() const;

private:
    void refuse(const char *key);

    const base::Json &m_object;
    std::string m_bad;
};

/// "2026-03-01T12:30:00.000Z"
std::string isoTime(base::Timestamp at);
/// Seconds since 1970.
std::int64_t unixTime(base::Timestamp at);

} // namespace server::accounts
