#include "server/features/contacts/contact_store.h"

#include "shared/base/json.h"
#include "shared/base/text.h"

namespace server::contacts {

namespace {

#define CONTACT_COLUMNS                                                                                      \
    "id, uuid, account_id, name, email, phone, identifier, avatar_url, city, country, company, last_page, "  \
    "blocked, additional_attributes, custom_attributes, created_at, last_activity_at, updated_at, labels"

constexpr const char *selectByNumber =
    "SELECT " CONTACT_COLUMNS " FROM contacts WHERE account_id = ? AND id = ?";
constexpr const char *selectByUuid =
    "SELECT " CONTACT_COLUMNS " FROM contacts WHERE uuid = ?2 AND account_id = ?1";
constexpr const char *selectByIdentifier =
    "SELECT " CONTACT_COLUMNS " FROM contacts WHERE account_id = ? AND identifier = ?";
constexpr const char *selectByEmail =
    "SELECT " CONTACT_COLUMNS " FROM contacts WHERE account_id = ? AND email = ?";
constexpr const char *selectByPhone =
    "SELECT " CONTACT_COLUMNS " FROM contacts WHERE account_id = ? AND phone = ?";

#define KNOWN_CONTACT "(?2 OR email IS NOT NULL OR phone IS NOT NULL OR identifier IS NOT NULL)"
#define CONTACT_PAGE(order)                                                                                  \
    "SELECT " CONTACT_COLUMNS " FROM contacts WHERE account_id = ?1 AND " KNOWN_CONTACT " ORDER BY " order   \
    " LIMIT ?3 OFFSET ?4"

/// One literal an order and direction.
const char *pageSql(ContactOrder order, bool descending)
{
    switch (order) {
    case ContactOrder::Name:
        return descending ? CONTACT_PAGE("name COLLATE NOCASE DESC, id DESC")
                          : CONTACT_PAGE("name COLLATE NOCASE, id");
    case ContactOrder::Email:
        return descending ? CONTACT_PAGE("email DESC, id DESC") : CONTACT_PAGE("email, id");
    case ContactOrder::LastActivity:
        return descending ? CONTACT_PAGE("last_activity_at DESC, id DESC")
                          : CONTACT_PAGE("last_activity_at, id");
    case ContactOrder::Created:
        return descending ? CONTACT_PAGE("created_at DESC, id DESC") : CONTACT_PAGE("created_at, id");
    }
    return CONTACT_PAGE("name COLLATE NOCASE, id");
}

#define CONTACT_MATCHES                                                                                      \
    "account_id = ?1 AND (name LIKE ?2 ESCAPE '\\' OR email LIKE ?2 ESCAPE '\\' OR phone LIKE ?2 ESCAPE "    \
    "'\\' "                                                                                                  \
    "OR identifier LIKE ?2 ESCAPE '\\')"

std::vector<std::string> titlesFrom(const std::string &text)
{
    const auto json = base::parseJson(text);
    return json && json->is_array() ? json->get<std::vector<std::string>>() : std::vector<std::string>{};
}

ContactRow fromRow(const storage::Row &row)
{
    ContactRow contact;
    contact.contact.number = row.integer(0);
    contact.contact.id = {row.uuid(1)};
    contact.account = row.integer(2);
    contact.contact.name = row.text(3);
    contact.contact.email = row.maybeText(4).value_or("");
    contact.contact.phone = row.maybeText(5).value_or("");
    contact.contact.identifier = row.maybeText(6).value_or("");
    contact.contact.avatarUrl = row.text(7);
    contact.contact.city = row.text(8);
    contact.contact.country = row.text(9);
    contact.contact.company = row.text(10);
    contact.contact.lastPage = row.text(11);
    contact.contact.blocked = row.flag(12);
    contact.additionalAttributes = row.text(13);
    contact.customAttributes = row.text(14);
    contact.contact.createdAt = row.time(15);
    contact.contact.lastActivityAt = row.maybeTime(16);
    contact.updatedAt = row.time(17);
    contact.contact.labels = titlesFrom(row.text(18));
    return contact;
}

std::optional<ContactRow> maybe(const std::optional<storage::Row> &row)
{
    return row ? std::optional{fromRow(*row)} : std::nullopt;
}

std::vector<ContactRow> several(const std::vector<storage::Row> &rows)
{
    std::vector<ContactRow> found;
    for (const auto &row : rows)
        found.push_back(fromRow(row));
    return found;
}

/// Natural keys are NULL when unknown, so that UNIQUE lets many be unknown.
storage::Value orNull(const std::string &text)
{
    return text.empty() ? storage::Value{} : storage::Value{text};
}

ContactInboxRow placeFrom(const storage::Row &row)
{
    return {row.integer(0), row.integer(1), row.integer(2), row.text(3), row.flag(4), row.time(5)};
}

std::string pattern(std::string_view text)
{
    std::string escaped{"%"};
    for (const auto c : text) {
        if (c == '%' || c == '_' || c == '\\')
            escaped += '\\';
        escaped += c;
    }
    return escaped + "%";
}

} // namespace

std::vector<storage::Migration> ContactStore::migrations()
{
    return {{41, "contacts", R"(
        CREATE TABLE contacts (
            id                    INTEGER PRIMARY KEY AUTOINCREMENT,
            uuid                  BLOB NOT NULL UNIQUE,
            account_id            INTEGER NOT NULL REFERENCES accounts (id),
            name                  TEXT NOT NULL,
            email                 TEXT COLLATE NOCASE,
            phone                 TEXT,
            identifier            TEXT,
            avatar_url            TEXT NOT NULL,
            city                  TEXT NOT NULL,
            country               TEXT NOT NULL,
            company               TEXT NOT NULL,
            last_page             TEXT NOT NULL,
            blocked               INTEGER NOT NULL,
            additional_attributes TEXT NOT NULL,
            custom_attributes     TEXT NOT NULL,
            created_at            INTEGER NOT NULL,
            last_activity_at      INTEGER,
            updated_at            INTEGER NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX contacts_email ON contacts (account_id, email) WHERE email IS NOT NULL;
        CREATE UNIQUE INDEX contacts_phone ON contacts (account_id, phone) WHERE phone IS NOT NULL;
        CREATE UNIQUE INDEX contacts_identifier ON contacts (account_id, identifier) WHERE identifier IS NOT NULL;
        CREATE INDEX contacts_name ON contacts (account_id, name COLLATE NOCASE, id);
        CREATE INDEX contacts_activity ON contacts (account_id, last_activity_at, id);
        CREATE TABLE contact_inboxes (
            id         INTEGER PRIMARY KEY AUTOINCREMENT,
            contact_id INTEGER NOT NULL REFERENCES contacts (id),
            inbox_id   INTEGER NOT NULL REFERENCES inboxes (id),
            source_id  TEXT NOT NULL,
            verified   INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            UNIQUE (inbox_id, source_id)
        ) STRICT;
        CREATE INDEX contact_inboxes_contact ON contact_inboxes (contact_id);
    )"},
            {44, "labels of contacts", R"(
        ALTER TABLE contacts ADD COLUMN labels TEXT NOT NULL DEFAULT '[]';
        CREATE TABLE contact_labels (
            account_id INTEGER NOT NULL,
            title      TEXT NOT NULL,
            contact_id INTEGER NOT NULL REFERENCES contacts (id),
            PRIMARY KEY (account_id, title, contact_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX contact_labels_contact ON contact_labels (contact_id, title);
    )"}};
}

std::optional<ContactRow> ContactStore::find(sync::AccountNumber account, std::int64_t number) const
{
    return maybe(m_tx.one(selectByNumber, {account, number}));
}

std::optional<ContactRow> ContactStore::find(sync::AccountNumber account, const base::Uuid &id) const
{
    return maybe(m_tx.one(selectByUuid, {account, id}));
}

std::optional<ContactRow> ContactStore::byIdentifier(sync::AccountNumber account,
                                                     std::string_view value) const
{
    return maybe(m_tx.one(selectByIdentifier, {account, value}));
}

std::optional<ContactRow> ContactStore::byEmail(sync::AccountNumber account, std::string_view value) const
{
    return maybe(m_tx.one(selectByEmail, {account, value}));
}

std::optional<ContactRow> ContactStore::byPhone(sync::AccountNumber account, std::string_view value) const
{
    return maybe(m_tx.one(selectByPhone, {account, value}));
}

ContactPage ContactStore::page(sync::AccountNumber account, ContactOrder order, bool descending,
                               std::int64_t offset, std::int64_t limit, bool all) const
{
    ContactPage page;
    page.rows = several(m_tx.all(pageSql(order, descending), {account, all, limit, offset}));
    page.total =
        m_tx.one("SELECT count(*) FROM contacts WHERE account_id = ?1 AND " KNOWN_CONTACT, {account, all})
            ->integer(0);
    return page;
}

void ContactStore::eachByName(sync::AccountNumber account, std::int64_t limit,
                              const std::function<void(const ContactRow &)> &take) const
{
    m_tx.each("SELECT " CONTACT_COLUMNS
              " FROM contacts WHERE account_id = ? ORDER BY name COLLATE NOCASE, id LIMIT ?",
              {account, limit}, [&](const storage::Row &row) {
                  take(fromRow(row));
                  return true;
              });
}

ContactPage ContactStore::search(sync::AccountNumber account, std::string_view text, std::int64_t offset,
                                 std::int64_t limit) const
{
    const auto wanted = pattern(text);
    ContactPage page;
    page.rows = several(m_tx.all("SELECT " CONTACT_COLUMNS " FROM contacts WHERE " CONTACT_MATCHES
                                 " ORDER BY last_activity_at DESC, id DESC LIMIT ?3 OFFSET ?4",
                                 {account, wanted, limit, offset}));
    page.total =
        m_tx.one("SELECT count(*) FROM contacts WHERE " CONTACT_MATCHES, {account, wanted})->integer(0);
    return page;
}

std::int64_t ContactStore::insert(const ContactRow &row)
{
    const auto &c = row.contact;
    m_tx.run(R"(
        INSERT INTO contacts (uuid, account_id, name, email, phone, identifier, avatar_url, city, country, company,
                              last_page, blocked, additional_attributes, custom_attributes, created_at,
                              last_activity_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))",
             {c.id, row.account, c.name, orNull(c.email), orNull(c.phone), orNull(c.identifier), c.avatarUrl,
              c.city, c.country, c.company, c.lastPage, c.blocked, row.additionalAttributes,
              row.customAttributes, c.createdAt, c.lastActivityAt, row.updatedAt});
    return m_tx.lastInsertId();
}

void ContactStore::update(const ContactRow &row)
{
    const auto &c = row.contact;
    m_tx.run(R"(
        UPDATE contacts
           SET name = ?, email = ?, phone = ?, identifier = ?, avatar_url = ?, city = ?, country = ?, company = ?,
               last_page = ?, blocked = ?, additional_attributes = ?, custom_attributes = ?, last_activity_at = ?,
               updated_at = ?
         WHERE id = ?)",
             {c.name, orNull(c.email), orNull(c.phone), orNull(c.identifier), c.avatarUrl, c.city, c.country,
              c.company, c.lastPage, c.blocked, row.additionalAttributes, row.customAttributes,
              c.lastActivityAt, row.updatedAt, c.number});
}

void ContactStore::setLabels(const ContactRow &row)
{
    const auto titles = base::toText(base::Json(row.contact.labels));
    m_tx.run("UPDATE contacts SET labels = ?, updated_at = ? WHERE id = ?",
             {titles, row.updatedAt, row.contact.number});
    m_tx.run("DELETE FROM contact_labels WHERE contact_id = ?", {row.contact.number});
    m_tx.run(
        "INSERT INTO contact_labels (account_id, title, contact_id) SELECT ?, value, ? FROM json_each(?)",
        {row.account, row.contact.number, titles});
}

std::vector<ContactRow> ContactStore::labelled(sync::AccountNumber account, const std::string &title,
                                               std::int64_t limit) const
{
    return several(m_tx.all("SELECT " CONTACT_COLUMNS " FROM contacts WHERE id IN (SELECT contact_id FROM"
                            " contact_labels WHERE account_id = ? AND title = ? LIMIT ?)",
                            {account, title, limit}));
}

void ContactStore::remove(std::int64_t contact)
{
    m_tx.run("DELETE FROM contact_labels WHERE contact_id = ?", {contact});
    m_tx.run("DELETE FROM contact_inboxes WHERE contact_id = ?", {contact});
    m_tx.run("DELETE FROM contacts WHERE id = ?", {contact});
}

void ContactStore::touch(std::int64_t contact, base::Timestamp now)
{
    m_tx.run("UPDATE contacts SET last_activity_at = max(coalesce(last_activity_at, 0), ?) WHERE id = ?",
             {now, contact});
}

std::optional<ContactInboxRow> ContactStore::inboxBySource(std::int64_t inbox, std::string_view source) const
{
    const auto row = m_tx.one(R"(
        SELECT id, contact_id, inbox_id, source_id, verified, created_at
          FROM contact_inboxes
         WHERE inbox_id = ? AND source_id = ?)",
                              {inbox, source});
    return row ? std::optional{placeFrom(*row)} : std::nullopt;
}

std::optional<ContactInboxRow> ContactStore::contactInbox(std::int64_t number) const
{
    const auto row = m_tx.one(
        "SELECT id, contact_id, inbox_id, source_id, verified, created_at FROM contact_inboxes WHERE id = ?",
        {number});
    return row ? std::optional{placeFrom(*row)} : std::nullopt;
}

std::vector<ContactInboxRow> ContactStore::inboxesOf(std::int64_t contact) const
{
    std::vector<ContactInboxRow> places;
    for (const auto &row : m_tx.all(R"(
            SELECT id, contact_id, inbox_id, source_id, verified, created_at
              FROM contact_inboxes
             WHERE contact_id = ?
             ORDER BY id)",
                                    {contact}))
        places.push_back(placeFrom(row));
    return places;
}

std::int64_t ContactStore::insertInbox(const ContactInboxRow &row)
{
    m_tx.run("INSERT INTO contact_inboxes (contact_id, inbox_id, source_id, verified, created_at) "
             "VALUES (?, ?, ?, ?, ?)",
             {row.contact, row.inbox, row.sourceId, row.verified, row.createdAt});
    return m_tx.lastInsertId();
}

void ContactStore::verifyInbox(std::int64_t number)
{
    m_tx.run("UPDATE contact_inboxes SET verified = 1 WHERE id = ?", {number});
}

void ContactStore::moveInboxes(std::int64_t from, std::int64_t to)
{
    m_tx.run("UPDATE contact_inboxes SET contact_id = ? WHERE contact_id = ?", {to, from});
}

} // namespace server::contacts
