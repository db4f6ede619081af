#pragma once

#include "server/storage/database.h"
#include "server/sync/change.h"
#include "shared/domain/canned_responses/canned_response.h"

#include <optional>
#include <string_view>
#include <vector>

namespace server::canned_responses {

struct CannedResponseRow {
    domain::CannedResponse response;
    sync::AccountNumber account = 0;
    base::Timestamp createdAt{};
    base::Timestamp updatedAt{};
};

/// The only code that names the table canned_responses. Lives as long as one transaction.
class CannedResponseStore {
public:
    explicit CannedResponseStore(storage::Transaction &tx) : m_tx{tx} {}

    static std::vector<storage::Migration> migrations();

    [[nodiscard]] std::optional<CannedResponseRow> find(sync::AccountNumber account,
                                                        std::int64_t number) const;
    [[nodiscard]] std::optional<CannedResponseRow> find(sync::AccountNumber account,
                                                        const base::Uuid &id) const;
    [[nodiscard]] std::optional<CannedResponseRow> byShortCode(sync::AccountNumber account,
                                                               std::string_view code) const;
    /// By short code; with a text only those that hold it, codes that begin with it first.
    [[nodiscard]] std::vector<CannedResponseRow> all(sync::AccountNumber account,
                                                     std::string_view text = {}) const;
    [[nodiscard]] std::int64_t count(sync::AccountNumber account) const;

    std::int64_t insert(const CannedResponseRow &row); ///< canned_responses.id
    void update(const CannedResponseRow &row);
    void remove(std::int64_t number);

private:
    storage::Transaction &m_tx;
};

} // namespace server::canned_responses
