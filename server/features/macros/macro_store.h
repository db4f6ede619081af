#pragma once

#include "server/storage/database.h"
#include "server/sync/change.h"
#include "shared/domain/macros/macro.h"

#include <optional>
#include <vector>

namespace server::macros {

struct MacroRow {
    domain::Macro macro;
    sync::AccountNumber account = 0;
    std::int64_t author = 0; ///< users.id
    base::Timestamp createdAt{};
    base::Timestamp updatedAt{};
};

/// The only code that names the table macros. Lives as long as one transaction.
class MacroStore {
public:
    explicit MacroStore(storage::Transaction &tx) : m_tx{tx} {}

    static std::vector<storage::Migration> migrations();

    [[nodiscard]] std::optional<MacroRow> find(sync::AccountNumber account, std::int64_t number) const;
    [[nodiscard]] std::optional<MacroRow> find(sync::AccountNumber account, const base::Uuid &id) const;
    /// The shared ones and those of `user`, by name.
    [[nodiscard]] std::vector<MacroRow> of(sync::AccountNumber account, std::int64_t user) const;
    /// What `user` alone has.
    [[nodiscard]] std::vector<MacroRow> personal(sync::AccountNumber account, std::int64_t user) const;
    [[nodiscard]] std::int64_t count(sync::AccountNumber account) const;

    std::int64_t insert(const MacroRow &row); ///< macros.id
    void update(const MacroRow &row);
    void remove(std::int64_t number);

private:
    storage::Transaction &m_tx;
};

} // namespace server::macros
