#pragma once

#include "server/features/inboxes/inbox_settings.h"
#include "server/storage/database.h"
#include "server/sync/change.h"
#include "shared/domain/inboxes/inbox.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace server::inboxes {

struct InboxRow {
    domain::Inbox inbox; ///< `members` is filled by InboxService only
    sync::AccountNumber account = 0;
    std::string websiteToken; ///< api: the identifier outside programs use
    WebsiteSettings settings;
    std::string avatar; ///< name of its picture, see inbox_avatar.h; empty: none
    std::string sealedHmacSecret;
    base::Timestamp createdAt{};
    base::Timestamp updatedAt{};
};

/// The only code that names the tables inboxes and inbox_members. Lives as long as one transaction.
class InboxStore {
public:
    explicit InboxStore(storage::Transaction &tx) : m_tx{tx} {}

    static std::vector<storage::Migration> migrations();

    [[nodiscard]] std::optional<InboxRow> find(sync::AccountNumber account, std::int64_t number) const;
    [[nodiscard]] std::optional<InboxRow> find(sync::AccountNumber account, const base::Uuid &id) const;
    /// Over all accounts: visitors know nothing but the token.
    [[nodiscard]] std::optional<InboxRow> byWebsiteToken(std::string_view token) const;
    /// The same for inboxes of outside programs.
    [[nodiscard]] std::optional<InboxRow> byIdentifier(std::string_view identifier) const;
    /// Whose inbox this is.
    [[nodiscard]] std::optional<sync::AccountNumber> accountOf(std::int64_t number) const;
    /// The oldest website inbox over all accounts, for the demo page.
    [[nodiscard]] std::optional<InboxRow> first() const;
    [[nodiscard]] std::vector<InboxRow> all(sync::AccountNumber account) const;
    [[nodiscard]] std::vector<InboxRow> ofUser(sync::AccountNumber account, std::int64_t userNumber) const;
    /// Ids alone, in the order of all() and ofUser(): asked for with every page of changes.
    [[nodiscard]] std::vector<base::Uuid> allIds(sync::AccountNumber account) const;
    [[nodiscard]] std::vector<base::Uuid> idsOfUser(sync::AccountNumber account,
                                                    std::int64_t userNumber) const;
    /// Whether a program of the account's own is the channel of some inbox.
    [[nodiscard]] bool hasApi(sync::AccountNumber account) const;
    [[nodiscard]] bool exists(sync::AccountNumber account, std::int64_t number) const;
    [[nodiscard]] bool isMember(std::int64_t inbox, std::int64_t userNumber) const;
    /// Numbers of the inbox's members, in order.
    [[nodiscard]] std::vector<std::int64_t> memberNumbers(std::int64_t inbox) const;
    [[nodiscard]] std::vector<domain::UserId> memberIds(std::int64_t inbox) const;

    std::int64_t insert(const InboxRow &row); ///< inboxes.id
    void update(const InboxRow &row);
    bool addMember(std::int64_t inbox, std::int64_t userNumber, const base::Uuid &user, base::Timestamp now);
    bool removeMember(std::int64_t inbox, std::int64_t userNumber);

private:
    storage::Transaction &m_tx;
};

} // namespace server::inboxes
