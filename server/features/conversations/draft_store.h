#pragma once

#include "server/storage/database.h"
#include "server/sync/change.h"
#include "shared/domain/conversations/message.h"
#include "shared/protocol/rows.h"

#include <optional>

namespace server::conversations {

/// What somebody is about to say. `device` wrote it.
struct DraftText {
    sync::AccountNumber account = 0;
    std::int64_t user = 0; ///< users.id
    base::Uuid conversation;
    domain::MessageKind kind = domain::MessageKind::Public;
    std::string body;
    base::Timestamp at{};
    base::Uuid device;
};

/// The only code that names the tables drafts and lost_drafts. Lives as long as one transaction.
class DraftStore {
public:
    explicit DraftStore(storage::Transaction &tx) : m_tx{tx} {}

    static std::vector<storage::Migration> migrations();

    /// The id of the author's drafts in that conversation, which is `freshId` on the first call.
    base::Uuid idOf(sync::AccountNumber account, std::int64_t user, const base::Uuid &conversation,
                    const base::Uuid &freshId);
    [[nodiscard]] std::optional<protocol::Draft> find(sync::AccountNumber account,
                                                      const base::Uuid &id) const;
    /// Puts it in the place of what was there. Words of another device are kept among the lost ones.
    void put(const base::Uuid &id, const DraftText &text);
    /// Everybody's, of a conversation that goes.
    void removeOf(const base::Uuid &conversation);

private:
    storage::Transaction &m_tx;
};

} // namespace server::conversations
