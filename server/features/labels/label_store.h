#pragma once

#include "server/storage/database.h"
#include "server/sync/change.h"
#include "shared/domain/labels/label.h"

#include <optional>
#include <string_view>
#include <vector>

namespace server::labels {

struct LabelRow {
    domain::Label label;
    sync::AccountNumber account = 0;
};

/// The only code that names the table labels. Lives as long as one transaction.
class LabelStore {
public:
    explicit LabelStore(storage::Transaction &tx) : m_tx{tx} {}

    static std::vector<storage::Migration> migrations();

    [[nodiscard]] std::optional<LabelRow> find(sync::AccountNumber account, std::int64_t number) const;
    [[nodiscard]] std::optional<LabelRow> find(sync::AccountNumber account, const base::Uuid &id) const;
    [[nodiscard]] std::optional<LabelRow> byTitle(sync::AccountNumber account, std::string_view title) const;
    /// By title.
    [[nodiscard]] std::vector<LabelRow> all(sync::AccountNumber account) const;

    std::int64_t insert(const LabelRow &row, base::Timestamp now); ///< labels.id
    void update(const LabelRow &row, base::Timestamp now);
    void remove(std::int64_t number);

private:
    storage::Transaction &m_tx;
};

} // namespace server::labels
