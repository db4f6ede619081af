#pragma once

#include "server/storage/database.h"
#include "server/sync/change.h"
#include "shared/base/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace server::custom_attributes {

/// What the field is of, and how it is shown; stored by number, which outside clients use too.
enum class AttributeModel { Conversation = 0, Contact = 1 };
enum class AttributeType {
    Text = 0,
    Number = 1,
    Currency = 2,
    Percent = 3,
    Link = 4,
    Date = 5,
    List = 6,
    Checkbox = 7
};

/// A field that an account adds to its conversations or contacts.
struct DefinitionRow {
    std::int64_t number = 0;
    sync::AccountNumber account = 0;
    AttributeModel model = AttributeModel::Conversation;
    std::string key; ///< under which the values stand; unique in account and model, never changes
    std::string displayName;
    std::string description;
    AttributeType type = AttributeType::Text;
    std::vector<std::string> values; ///< what can be chosen, of a list
    std::string regexPattern;
    std::string regexCue; ///< what to say to whoever did not follow the pattern
    base::Timestamp createdAt{};
    base::Timestamp updatedAt{};
};

/// The only code that names the table custom_attribute_definitions. Lives as long as one transaction.
class DefinitionStore {
public:
    explicit DefinitionStore(storage::Transaction &tx) : m_tx{tx} {}

    static std::vector<storage::Migration> migrations();

    [[nodiscard]] std::optional<DefinitionRow> find(sync::AccountNumber account, std::int64_t number) const;
    [[nodiscard]] std::optional<DefinitionRow> byKey(sync::AccountNumber account, AttributeModel model,
                                                     const std::string &key) const;
    /// By key; of one model, or of both.
    [[nodiscard]] std::vector<DefinitionRow> all(sync::AccountNumber account,
                                                 std::optional<AttributeModel> model) const;
    [[nodiscard]] std::int64_t count(sync::AccountNumber account) const;
    std::int64_t insert(const DefinitionRow &row); ///< custom_attribute_definitions.id
    /// All but model and key.
    void update(const DefinitionRow &row);
    void remove(std::int64_t number);

private:
    storage::Transaction &m_tx;
};

} // namespace server::custom_attributes
