#pragma once

#include "shared/base/clock.h"
#include "shared/base/result.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The one language in which people say which conversations or contacts they mean: saved views, rules and the
/// filters of the REST API. Pure; the same answer wherever it is asked.
namespace domain {

enum class FilterSubject { Conversation, Contact };

enum class FilterOperation {
    EqualTo,
    NotEqualTo,
    Contains,
    DoesNotContain,
    StartsWith,
    IsPresent,
    IsNotPresent,
    IsGreaterThan,
    IsLessThan,
    DaysBefore
};
std::string_view toText(FilterOperation operation);
std::optional<FilterOperation> filterOperationFromText(std::string_view text);

/// "This attribute is one of these." A name that is no attribute of the subject is the account's own field.
struct FilterCondition {
    std::string attribute;
    FilterOperation operation = FilterOperation::EqualTo;
    std::vector<std::string> values; ///< as texts, also numbers and flags; case does not matter
    bool orNext = false;             ///< joined with the next condition by "or"; else by "and"

    bool operator==(const FilterCondition &) const = default;
};

/// Conditions; "and" binds stronger than "or".
struct Filter {
    std::vector<FilterCondition> conditions;

    bool operator==(const Filter &) const = default;
};

inline constexpr std::size_t maxFilterConditions = 30;
inline constexpr std::size_t maxFilterValues = 100;
inline constexpr std::size_t maxFilterText = 255; ///< code points, of a name and of a value

/// What something has under an attribute: texts (labels: several; none: not present), or a moment.
struct FilterValue {
    std::vector<std::string> texts;
    std::optional<base::Timestamp> moment;
};
using FilterFields = std::function<FilterValue(std::string_view attribute)>;

/// Whether the subject has this attribute by itself, so that it is no field of an account.
bool isFilterAttribute(FilterSubject subject, std::string_view attribute);

/// Fails with Invalid and what is wrong: "payload" (none or too many), "attribute_key", "filter_operator"
/// (not one of this attribute) or "values".
base::Status check(const Filter &filter, FilterSubject subject);

/// Whether something with these fields is meant. The filter has passed check().
bool matches(const Filter &filter, const FilterFields &fields, base::Timestamp now);

/// The values of which everything that matches has one under `attribute`; nothing when the filter does not
/// say. For finding candidates by an index.
std::optional<std::vector<std::string>> required(const Filter &filter, std::string_view attribute);

} // namespace domain
