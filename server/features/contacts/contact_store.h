#pragma once

#include "server/storage/database.h"
#include "server/sync/change.h"
#include "shared/domain/contacts/contact.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace server::contacts {

struct ContactRow {
    domain::Contact contact;
    sync::AccountNumber account = 0;
    std::string additionalAttributes = "{}"; ///< JSON object: what the system found out
    std::string customAttributes = "{}";     ///< JSON object: the account's own fields
    base::Timestamp updatedAt{};
};

/// How a contact is known in one inbox.
struct ContactInboxRow {
    std::int64_t number = 0;
    std::int64_t contact = 0;
    std::int64_t inbox = 0;
    std::string sourceId;  ///< unique in the inbox; for website inboxes the visitor's uuid
    bool verified = false; ///< the site proved who it is
    base::Timestamp createdAt{};
};

enum class ContactOrder { Name, Email, LastActivity, Created };

struct ContactPage {
    std::vector<ContactRow> rows;
    std::int64_t total = 0;
};

/// The only code that names the tables contacts, contact_labels and
/// contact_inboxes. Lives as long as one transaction.
class ContactStore {
public:
    explicit ContactStore(storage::Transaction &tx) : m_tx{tx} {}

    static std::vector<storage::Migration> migrations();

    [[nodiscard]] std::optional<ContactRow> find(sync::AccountNumber account, std::int64_t number) const;
    [[nodiscard]] std::optional<ContactRow> find(sync::AccountNumber account, const base::Uuid &id) const;
    [[nodiscard]] std::optional<ContactRow> byIdentifier(sync::AccountNumber account,
                                                         std::string_view value) const;
    [[nodiscard]] std::optional<ContactRow> byEmail(sync::AccountNumber account,
                                                    std::string_view value) const;
    [[nodiscard]] std::optional<ContactRow> byPhone(sync::AccountNumber account,
                                                    std::string_view value) const;
    /// Contacts that have an email, phone or identifier (`all`: also nameless visitors), `limit` after
    /// `offset`.
    [[nodiscard]] ContactPage page(sync::AccountNumber account, ContactOrder order, bool descending,
                                   std::int64_t offset, std::int64_t limit, bool all = false) const;
    /// All of them by name, `limit` at most, one after the other.
    void eachByName(sync::AccountNumber account, std::int64_t limit,
                    const std::function<void(const ContactRow &)> &take) const;
    /// Whose name, email, phone or identifier contains the text, newest activity first.
    [[nodiscard]] ContactPage search(sync::AccountNumber account, std::string_view text, std::int64_t offset,
                                     std::int64_t limit) const;

    std::int64_t insert(const ContactRow &row); ///< contacts.id
    /// All but the labels.
    void update(const ContactRow &row);
    void setLabels(const ContactRow &row);
    [[nodiscard]] std::vector<ContactRow> labelled(sync::AccountNumber account, const std::string &title,
                                                   std::int64_t limit) const;
    void touch(std::int64_t contact, base::Timestamp now);
    /// With their places in inboxes. Nothing may refer to them any more.
    void remove(std::int64_t contact);

    [[nodiscard]] std::optional<ContactInboxRow> inboxBySource(std::int64_t inbox,
                                                               std::string_view source) const;
    [[nodiscard]] std::optional<ContactInboxRow> contactInbox(std::int64_t number) const;
    [[nodiscard]] std::vector<ContactInboxRow> inboxesOf(std::int64_t contact) const;
    std::int64_t insertInbox(const ContactInboxRow &row); ///< contact_inboxes.id
    void verifyInbox(std::int64_t number);
    /// All places of one contact become another's.
    void moveInboxes(std::int64_t from, std::int64_t to);

private:
    storage::Transaction &m_tx;
};

} // namespace server::contacts
