#include "server/features/accounts/user_store.h"

#include "shared/base/json.h"
#include "shared/base/text.h"

namespace server::accounts {

namespace {

// Numbers are stored: append-only.
constexpr std::int64_t toNumber(domain::Role role)
{
    return role == domain::Role::Administrator ? 1 : 0;
}

constexpr domain::Role roleOf(std::int64_t number)
{
    return number == 1 ? domain::Role::Administrator : domain::Role::Agent;
}

AccountRow accountFrom(const storage::Row &row)
{
    AccountRow account;
    account.account.number = row.integer(0);
    account.account.id = {row.uuid(1)};
    account.account.name = row.text(2);
    account.account.locale = row.text(3);
    account.settings = row.text(4);
    if (const auto settings = base::parseJson(account.settings))
        account.account.offlineLeaseDays = base::integerField(*settings, "offline_lease_days");
    account.createdAt = row.time(5);
    return account;
}

MemberRow memberFrom(const storage::Row &row)
{
    MemberRow member;
    member.user.number = row.integer(0);
    member.user.id = {row.uuid(1)};
    member.user.name = row.text(2);
    member.user.email = row.text(3);
    member.displayName = row.text(4);
    member.user.role = roleOf(row.integer(5));
    member.user.active = row.flag(6);
    member.availability = static_cast<Availability>(row.integer(7));
    member.autoOffline = row.flag(8);
    member.createdAt = row.time(9);
    return member;
}

constexpr const char *memberByNumber = R"(
    SELECT u.id, u.uuid, u.name, u.email, u.display_name, m.role, m.active, m.availability, m.auto_offline, m.created_at
      FROM account_users m JOIN users u ON u.id = m.user_id
     WHERE m.account_id = ? AND m.user_id = ?)";

constexpr const char *memberByUuid = R"(
    SELECT u.id, u.uuid, u.name, u.email, u.display_name, m.role, m.active, m.availability, m.auto_offline, m.created_at
      FROM users u JOIN account_users m ON m.user_id = u.id
     WHERE m.account_id = ? AND u.uuid = ?)";

constexpr const char *allMembers = R"(
    SELECT u.id, u.uuid, u.name, u.email, u.display_name, m.role, m.active, m.availability, m.auto_offline, m.created_at
      FROM account_users m JOIN users u ON u.id = m.user_id
     WHERE m.account_id = ?
     ORDER BY u.id)";

} // namespace

std::string_view toText(Availability availability)
{
    switch (availability) {
    case Availability::Online:
        return "online";
    case Availability::Offline:
        return "offline";
    case Availability::Busy:
        return "busy";
    }
    return "offline";
}

std::optional<Availability> availabilityFromText(std::string_view text)
{
    for (const auto value : {Availability::Online, Availability::Offline, Availability::Busy})
        if (toText(value) == text)
            return value;
    return std::nullopt;
}

std::vector<storage::Migration> UserStore::migrations()
{
    return {{20, "accounts", R"(
        CREATE TABLE accounts (
            id         INTEGER PRIMARY KEY,
            uuid       BLOB NOT NULL UNIQUE,
            name       TEXT NOT NULL,
            locale     TEXT NOT NULL,
            settings   TEXT NOT NULL,
            created_at INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE users (
            id            INTEGER PRIMARY KEY AUTOINCREMENT,
            uuid          BLOB NOT NULL UNIQUE,
            email         TEXT NOT NULL COLLATE NOCASE UNIQUE,
            name          TEXT NOT NULL,
            display_name  TEXT NOT NULL,
            password_hash TEXT NOT NULL,
            created_at    INTEGER NOT NULL,
            updated_at    INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE account_users (
            account_id   INTEGER NOT NULL REFERENCES accounts (id),
            user_id      INTEGER NOT NULL REFERENCES users (id),
            role         INTEGER NOT NULL,
            active       INTEGER NOT NULL,
            availability INTEGER NOT NULL,
            auto_offline INTEGER NOT NULL,
            created_at   INTEGER NOT NULL,
            updated_at   INTEGER NOT NULL,
            PRIMARY KEY (account_id, user_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX account_users_user ON account_users (user_id);
        CREATE TABLE access_tokens (
            id         INTEGER PRIMARY KEY AUTOINCREMENT,
            user_id    INTEGER NOT NULL REFERENCES users (id),
            hash       BLOB NOT NULL UNIQUE,
            sealed     BLOB NOT NULL,
            created_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX access_tokens_user ON access_tokens (user_id);
    )"}};
}

std::optional<AccountRow> UserStore::account(sync::AccountNumber number) const
{
    const auto row =
        m_tx.one("SELECT id, uuid, name, locale, settings, created_at FROM accounts WHERE id = ?", {number});
    return row ? std::optional{accountFrom(*row)} : std::nullopt;
}

std::vector<AccountRow> UserStore::accounts() const
{
    std::vector<AccountRow> found;
    for (const auto &row :
         m_tx.all("SELECT id, uuid, name, locale, settings, created_at FROM accounts ORDER BY id"))
        found.push_back(accountFrom(row));
    return found;
}

sync::AccountNumber UserStore::highestAccount() const
{
    return m_tx.one("SELECT coalesce(max(id), 0) FROM accounts")->integer(0);
}

void UserStore::insertAccount(const AccountRow &row)
{
    m_tx.run("INSERT INTO accounts (id, uuid, name, locale, settings, created_at) VALUES (?, ?, ?, ?, ?, ?)",
             {row.account.number, row.account.id, row.account.name, row.account.locale, row.settings,
              row.createdAt});
}

void UserStore::updateAccount(const AccountRow &row)
{
    m_tx.run("UPDATE accounts SET name = ?, locale = ?, settings = ? WHERE id = ?",
             {row.account.name, row.account.locale, row.settings, row.account.number});
}

std::optional<MemberRow> UserStore::member(sync::AccountNumber account, std::int64_t userNumber) const
{
    const auto row = m_tx.one(memberByNumber, {account, userNumber});
    return row ? std::optional{memberFrom(*row)} : std::nullopt;
}

std::optional<MemberRow> UserStore::member(sync::AccountNumber account, const base::Uuid &user) const
{
    const auto row = m_tx.one(memberByUuid, {account, user});
    return row ? std::optional{memberFrom(*row)} : std::nullopt;
}

std::vector<MemberRow> UserStore::members(sync::AccountNumber account) const
{
    std::vector<MemberRow> found;
    for (const auto &row : m_tx.all(allMembers, {account}))
        found.push_back(memberFrom(row));
    return found;
}

std::vector<AccountRow> UserStore::accountsOf(std::int64_t userNumber) const
{
    std::vector<AccountRow> found;
    for (const auto &row : m_tx.all(R"(
            SELECT a.id, a.uuid, a.name, a.locale, a.settings, a.created_at
              FROM account_users m JOIN accounts a ON a.id = m.account_id
             WHERE m.user_id = ? AND m.active = 1
             ORDER BY a.id)",
                                    {userNumber}))
        found.push_back(accountFrom(row));
    return found;
}

std::optional<Credentials> UserStore::credentials(std::string_view email) const
{
    const auto row = m_tx.one("SELECT id, uuid, password_hash FROM users WHERE email = ?", {email});
    if (!row)
        return std::nullopt;
    return Credentials{row->integer(0), {row->uuid(1)}, row->text(2)};
}

int UserStore::activeAdministrators(sync::AccountNumber account) const
{
    return static_cast<int>(
        m_tx.one("SELECT count(*) FROM account_users WHERE account_id = ? AND active = 1 AND role = ?",
                 {account, toNumber(domain::Role::Administrator)})
            ->integer(0));
}

std::int64_t UserStore::insertUser(const domain::User &user, const std::string &displayName,
                                   const std::string &passwordHash, base::Timestamp now)
{
    m_tx.run(R"(
        INSERT INTO users (uuid, email, name, display_name, password_hash, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?))",
             {user.id, user.email, user.name, displayName, passwordHash, now, now});
    return m_tx.lastInsertId();
}

void UserStore::putMember(sync::AccountNumber account, const MemberRow &member, base::Timestamp now)
{
    m_tx.run(R"(
        INSERT INTO account_users (account_id, user_id, role, active, availability, auto_offline, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (account_id, user_id) DO UPDATE
           SET role = excluded.role, active = excluded.active, availability = excluded.availability,
               auto_offline = excluded.auto_offline, updated_at = excluded.updated_at)",
             {account, member.user.number, toNumber(member.user.role), member.user.active,
              static_cast<std::int64_t>(member.availability), member.autoOffline, now, now});
}

void UserStore::updateUser(const MemberRow &member, base::Timestamp now)
{
    m_tx.run("UPDATE users SET email = ?, name = ?, display_name = ?, updated_at = ? WHERE id = ?",
             {member.user.email, member.user.name, member.displayName, now, member.user.number});
}

void UserStore::setPasswordHash(std::int64_t userNumber, const std::string &hash, base::Timestamp now)
{
    m_tx.run("UPDATE users SET password_hash = ?, updated_at = ? WHERE id = ?", {hash, now, userNumber});
}

void UserStore::insertToken(std::int64_t userNumber, std::string_view hash, std::string_view sealed,
                            base::Timestamp now)
{
    m_tx.run("INSERT INTO access_tokens (user_id, hash, sealed, created_at) VALUES (?, ?, ?, ?)",
             {userNumber, storage::Blob{std::string{hash}}, storage::Blob{std::string{sealed}}, now});
}

void UserStore::removeTokens(std::int64_t userNumber)
{
    m_tx.run("DELETE FROM access_tokens WHERE user_id = ?", {userNumber});
}

std::optional<std::int64_t> UserStore::tokenOwner(std::string_view hash) const
{
    const auto row =
        m_tx.one("SELECT user_id FROM access_tokens WHERE hash = ?", {storage::Blob{std::string{hash}}});
    return row ? std::optional{row->integer(0)} : std::nullopt;
}

std::optional<std::string> UserStore::sealedToken(std::int64_t userNumber) const
{
    const auto row =
        m_tx.one("SELECT sealed FROM access_tokens WHERE user_id = ? ORDER BY id DESC LIMIT 1", {userNumber});
    return row ? std::optional{row->blob(0)} : std::nullopt;
}

} // namespace server::accounts
