#pragma once

#include "shared/base/error_code.h"

#include <string>
#include <utility>
#include <variant>

namespace base {

/// A refusal: a stable code, and a detail for the log or for a caller that passes it on. Sentences for people
/// are made from the code where they are shown.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string detail;

    bool operator==(const Error &) const = default;
};

/// A value, or the reason there is none.
template <class T>
class [[nodiscard]] Result {
public:
    Result(T value) : m_state{std::in_place_index<0>, std::move(value)} {}
    Result(Error error) : m_state{std::in_place_index<1>, std::move(error)} {}

    explicit operator bool() const { return m_state.index() == 0; }
    const T &operator*() const & { return std::get<0>(m_state); }
    T &operator*() & { return std::get<0>(m_state); }
    T &&operator*() && { return std::get<0>(std::move(m_state)); }
    const T *operator->() const { return &std::get<0>(m_state); }
    T *operator->() { return &std::get<0>(m_state); }
    const Error &error() const { return std::get<1>(m_state); }

private:
    std::variant<T, Error> m_state;
};

struct Done {
    bool operator==(const Done &) const = default;
};

/// Success without a value, or the reason of failure.
using Status = Result<Done>;

} // namespace base
