#include "server/features/inboxes/inbox_store.h"

namespace server::inboxes {

namespace {

constexpr const char *byNumber = R"(
    SELECT id, uuid, account_id, name, channel, website_token, settings, hmac_secret, created_at, updated_at,
           avatar
      FROM inboxes WHERE account_id = ? AND id = ?)";
constexpr const char *byUuid = R"(
    SELECT id, uuid, account_id, name, channel, website_token, settings, hmac_secret, created_at, updated_at,
           avatar
      FROM inboxes WHERE account_id = ? AND uuid = ?)";
constexpr const char *byToken = R"(
    SELECT id, uuid, account_id, name, channel, website_token, settings, hmac_secret, created_at, updated_at,
           avatar
      FROM inboxes WHERE website_token = ? AND channel = ?)";
constexpr const char *oldest = R"(
    SELECT id, uuid, account_id, name, channel, website_token, settings, hmac_secret, created_at, updated_at,
           avatar
      FROM inboxes WHERE channel = 'web_widget' ORDER BY id LIMIT 1)";
constexpr const char *ofAccount = R"(
    SELECT id, uuid, account_id, name, channel, website_token, settings, hmac_secret, created_at, updated_at,
           avatar
      FROM inboxes WHERE account_id = ? ORDER BY id)";
constexpr const char *ofMember = R"(
    SELECT i.id, i.uuid, i.account_id, i.name, i.channel, i.website_token, i.settings, i.hmac_secret, i.created_at,
           i.updated_at, i.avatar
      FROM inbox_members m JOIN inboxes i ON i.id = m.inbox_id
     WHERE m.user_id = ? AND i.account_id = ? ORDER BY i.id)";

InboxRow fromRow(const storage::Row &row)
{
    InboxRow inbox;
    inbox.inbox.number = row.integer(0);
    inbox.inbox.id = {row.uuid(1)};
    inbox.account = row.integer(2);
    inbox.inbox.name = row.text(3);
    inbox.inbox.channel = row.text(4);
    inbox.websiteToken = row.text(5);
    inbox.settings = decodedSettings(row.text(6));
    inbox.sealedHmacSecret = row.blob(7);
    inbox.createdAt = row.time(8);
    inbox.updatedAt = row.time(9);
    inbox.avatar = row.text(10);
    inbox.inbox.replyWindowHours = replyWindowHours(inbox.settings);
    return inbox;
}

std::optional<InboxRow> maybe(const std::optional<storage::Row> &row)
{
    return row ? std::optional{fromRow(*row)} : std::nullopt;
}

std::vector<InboxRow> several(const std::vector<storage::Row> &rows)
{
    std::vector<InboxRow> found;
    for (const auto &row : rows)
        found.push_back(fromRow(row));
    return found;
}

} // namespace

std::vector<storage::Migration> InboxStore::migrations()
{
    return {{30, "inboxes", R"(
        CREATE TABLE inboxes (
            id            INTEGER PRIMARY KEY AUTOINCREMENT,
            uuid          BLOB NOT NULL UNIQUE,
            account_id    INTEGER NOT NULL REFERENCES accounts (id),
            name          TEXT NOT NULL,
            channel       TEXT NOT NULL,
            website_token TEXT NOT NULL UNIQUE,
            settings      TEXT NOT NULL,
            hmac_secret   BLOB NOT NULL,
            created_at    INTEGER NOT NULL,
            updated_at    INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX inboxes_account ON inboxes (account_id);
        CREATE TABLE inbox_members (
            inbox_id   INTEGER NOT NULL REFERENCES inboxes (id),
            user_id    INTEGER NOT NULL REFERENCES users (id),
            user_uuid  BLOB NOT NULL,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (inbox_id, user_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX inbox_members_user ON inbox_members (user_id);
    )"}};
}

std::optional<InboxRow> InboxStore::find(sync::AccountNumber account, std::int64_t number) const
{
    return maybe(m_tx.one(byNumber, {account, number}));
}

std::optional<InboxRow> InboxStore::find(sync::AccountNumber account, const base::Uuid &id) const
{
    return maybe(m_tx.one(byUuid, {account, id}));
}

std::optional<sync::AccountNumber> InboxStore::accountOf(std::int64_t number) const
{
    const auto row = m_tx.one("SELECT account_id FROM inboxes WHERE id = ?", {number});
    return row ? std::optional{row->integer(0)} : std::nullopt;
}

std::optional<InboxRow> InboxStore::byWebsiteToken(std::string_view token) const
{
    return maybe(m_tx.one(byToken, {token, "web_widget"}));
}

std::optional<InboxRow> InboxStore::byIdentifier(std::string_view identifier) const
{
    return maybe(m_tx.one(byToken, {identifier, "api"}));
}

std::optional<InboxRow> InboxStore::first() const
{
    return maybe(m_tx.one(oldest));
}

std::vector<InboxRow> InboxStore::all(sync::AccountNumber account) const
{
    return several(m_tx.all(ofAccount, {account}));
}

std::vector<InboxRow> InboxStore::ofUser(sync::AccountNumber account, std::int64_t userNumber) const
{
    return several(m_tx.all(ofMember, {userNumber, account}));
}

std::vector<base::Uuid> InboxStore::allIds(sync::AccountNumber account) const
{
    std::vector<base::Uuid> ids;
    for (const auto &row : m_tx.all("SELECT uuid FROM inboxes WHERE account_id = ? ORDER BY id", {account}))
        ids.push_back(row.uuid(0));
    return ids;
}

std::vector<base::Uuid> InboxStore::idsOfUser(sync::AccountNumber account, std::int64_t userNumber) const
{
    std::vector<base::Uuid> ids;
    for (const auto &row : m_tx.all(R"(
            SELECT i.uuid
              FROM inbox_members m JOIN inboxes i ON i.id = m.inbox_id
             WHERE m.user_id = ? AND i.account_id = ?
             ORDER BY i.id)",
                                    {userNumber, account}))
        ids.push_back(row.uuid(0));
    return ids;
}

bool InboxStore::hasApi(sync::AccountNumber account) const
{
    return m_tx.one("SELECT 1 FROM inboxes WHERE account_id = ? AND channel = 'api' LIMIT 1", {account})
        .has_value();
}

bool InboxStore::exists(sync::AccountNumber account, std::int64_t number) const
{
    return m_tx.one("SELECT 1 FROM inboxes WHERE id = ? AND account_id = ?", {number, account}).has_value();
}

bool InboxStore::isMember(std::int64_t inbox, std::int64_t userNumber) const
{
    return m_tx.one("SELECT 1 FROM inbox_members WHERE inbox_id = ? AND user_id = ?", {inbox, userNumber})
        .has_value();
}

std::vector<std::int64_t> InboxStore::memberNumbers(std::int64_t inbox) const
{
    std::vector<std::int64_t> numbers;
    for (const auto &row :
         m_tx.all("SELECT user_id FROM inbox_members WHERE inbox_id = ? ORDER BY user_id", {inbox}))
        numbers.push_back(row.integer(0));
    return numbers;
}

std::vector<domain::UserId> InboxStore::memberIds(std::int64_t inbox) const
{
    std::vector<domain::UserId> ids;
    for (const auto &row :
         m_tx.all("SELECT user_uuid FROM inbox_members WHERE inbox_id = ? ORDER BY user_id", {inbox}))
        ids.push_back({row.uuid(0)});
    return ids;
}

std::int64_t InboxStore::insert(const InboxRow &row)
{
    m_tx.run(R"(
        INSERT INTO inboxes (uuid, account_id, name, channel, website_token, settings, hmac_secret, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?))",
             {row.inbox.id, row.account, row.inbox.name, row.inbox.channel, row.websiteToken,
              encodedSettings(row.settings), storage::Blob{row.sealedHmacSecret}, row.createdAt,
              row.updatedAt});
    return m_tx.lastInsertId();
}

void InboxStore::update(const InboxRow &row)
{
    m_tx.run("UPDATE inboxes SET name = ?, settings = ?, avatar = ?, updated_at = ? WHERE id = ?",
             {row.inbox.name, encodedSettings(row.settings), row.avatar, row.updatedAt, row.inbox.number});
}

bool InboxStore::addMember(std::int64_t inbox, std::int64_t userNumber, const base::Uuid &user,
                           base::Timestamp now)
{
    return m_tx.run(R"(
        INSERT INTO inbox_members (inbox_id, user_id, user_uuid, created_at) VALUES (?, ?, ?, ?)
        ON CONFLICT DO NOTHING)",
                    {inbox, userNumber, user, now}) == 1;
}

bool InboxStore::removeMember(std::int64_t inbox, std::int64_t userNumber)
{
    return m_tx.run("DELETE FROM inbox_members WHERE inbox_id = ? AND user_id = ?", {inbox, userNumber}) == 1;
}

} // namespace server::inboxes
