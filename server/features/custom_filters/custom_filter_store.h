#pragma once

#include "server/storage/database.h"
#include "server/sync/change.h"
#include "shared/base/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace server::custom_filters {

/// What a saved view shows; stored by number.
enum class FilterType { Conversation = 0, Contact = 1, Report = 2 };
std::string_view toText(FilterType type);
std::optional<FilterType> filterTypeFromText(std::string_view text);

/// A view that somebody saved for themselves.
struct CustomFilterRow {
    std::int64_t number = 0;
    sync::AccountNumber account = 0;
    std::int64_t user = 0; ///< users.id
    FilterType type = FilterType::Conversation;
    std::string name;
    std::string query = "{}"; ///< JSON object
    base::Timestamp createdAt{};
    base::Timestamp updatedAt{};
};

/// The only code that names the table custom_filters. Lives as long as one transaction.
class CustomFilterStore {
public:
    explicit CustomFilterStore(storage::Transaction &tx) : m_tx{tx} {}

    static std::vector<storage::Migration> migrations();

    /// Of this user in this account only.
    [[nodiscard]] std::optional<CustomFilterRow> find(sync::AccountNumber account, std::int64_t user,
                                                      std::int64_t number) const;
    /// In the order in which they were made.
    [[nodiscard]] std::vector<CustomFilterRow> all(sync::AccountNumber account, std::int64_t user,
                                                   FilterType type) const;
    [[nodiscard]] std::int64_t count(sync::AccountNumber account, std::int64_t user) const;
    std::int64_t insert(const CustomFilterRow &row); ///< custom_filters.id
    void update(const CustomFilterRow &row);
    void remove(std::int64_t number);
    void removeAll(sync::AccountNumber account, std::int64_t user);

private:
    storage::Transaction &m_tx;
};

} // namespace server::custom_filters
