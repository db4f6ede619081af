#pragma once

#include "server/storage/database.h"
#include "server/sync/change.h"
#include "shared/protocol/rows.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace server::conversations {

/// A reply that was kept back, and whose it is.
struct HeldReplyRow {
    sync::AccountNumber account = 0;
    std::int64_t user = 0;    ///< users.id of its author
    protocol::HeldReply held; ///< attachments are filled by HeldReplyStore's readers
};

/// The only code that names the table held_replies. A held reply is no message: nothing that reads messages
/// can give it to a customer. Lives as long as one transaction.
class HeldReplyStore {
public:
    explicit HeldReplyStore(storage::Transaction &tx) : m_tx{tx} {}

    static std::vector<storage::Migration> migrations();

    [[nodiscard]] std::optional<HeldReplyRow> find(sync::AccountNumber account, const base::Uuid &id) const;
    void insert(const HeldReplyRow &row);
    void remove(const base::Uuid &id);

private:
    storage::Transaction &m_tx;
};

} // namespace server::conversations
