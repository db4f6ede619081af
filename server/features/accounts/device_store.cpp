#include "server/features/accounts/device_store.h"

namespace server::accounts {

namespace {

storage::Blob blob(std::string_view bytes)
{
    return storage::Blob{std::string{bytes}};
}

DeviceRow deviceFrom(const storage::Row &row)
{
    DeviceRow device;
    device.number = row.integer(0);
    device.device.id = {row.uuid(1)};
    device.account = row.integer(2);
    device.userNumber = row.integer(3);
    device.user = row.uuid(4);
    device.device.name = row.text(5);
    device.device.os = row.text(6);
    device.device.app = row.text(7);
    device.device.createdAt = row.time(8);
    device.device.lastSeenAt = row.time(9);
    device.revokedAt = row.maybeTime(10);
    device.wipe = static_cast<protocol::Wipe>(row.integer(11));
    return device;
}

} // namespace

std::vector<storage::Migration> DeviceStore::migrations()
{
    return {{22, "device wipes", "ALTER TABLE devices ADD COLUMN wipe INTEGER NOT NULL DEFAULT 0;"},
            {21, "devices", R"(
        CREATE TABLE devices (
            id           INTEGER PRIMARY KEY AUTOINCREMENT,
            uuid         BLOB NOT NULL UNIQUE,
            account_id   INTEGER NOT NULL REFERENCES accounts (id),
            user_id      INTEGER NOT NULL REFERENCES users (id),
            user_uuid    BLOB NOT NULL,
            name         TEXT NOT NULL,
            os           TEXT NOT NULL,
            app          TEXT NOT NULL,
            created_at   INTEGER NOT NULL,
            last_seen_at INTEGER NOT NULL,
            revoked_at   INTEGER
        ) STRICT;
        CREATE INDEX devices_user ON devices (account_id, user_id);
        CREATE TABLE device_access (
            hash       BLOB PRIMARY KEY,
            device_id  INTEGER NOT NULL REFERENCES devices (id),
            expires_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX device_access_device ON device_access (device_id, expires_at);
        CREATE TABLE device_refresh (
            hash             BLOB PRIMARY KEY,
            device_id        INTEGER NOT NULL REFERENCES devices (id),
            rotated_at       INTEGER,
            rid              TEXT NOT NULL DEFAULT '',
            successor_hash   BLOB NOT NULL DEFAULT x'',
            sealed_successor BLOB NOT NULL DEFAULT x''
        ) STRICT;
        CREATE INDEX device_refresh_device ON device_refresh (device_id, rotated_at);
    )"}};
}

std::optional<DeviceRow> DeviceStore::find(const base::Uuid &device) const
{
    const auto row = m_tx.one(R"(
        SELECT id, uuid, account_id, user_id, user_uuid, name, os, app, created_at, last_seen_at, revoked_at, wipe
          FROM devices
         WHERE uuid = ?)",
                              {device});
    return row ? std::optional{deviceFrom(*row)} : std::nullopt;
}

std::vector<DeviceRow> DeviceStore::ofUser(sync::AccountNumber account, std::int64_t userNumber) const
{
    std::vector<DeviceRow> found;
    for (const auto &row : m_tx.all(R"(
            SELECT id, uuid, account_id, user_id, user_uuid, name, os, app, created_at, last_seen_at, revoked_at, wipe
              FROM devices
             WHERE account_id = ? AND user_id = ? AND revoked_at IS NULL
             ORDER BY id)",
                                    {account, userNumber}))
        found.push_back(deviceFrom(row));
    return found;
}

std::optional<AccessRow> DeviceStore::access(std::string_view hash) const
{
    const auto row = m_tx.one(R"(
        SELECT d.id, d.uuid, d.account_id, d.user_id, d.user_uuid, d.name, d.os, d.app, d.created_at, d.last_seen_at,
               d.revoked_at, d.wipe, a.expires_at
          FROM device_access a JOIN devices d ON d.id = a.device_id
         WHERE a.hash = ?)",
                              {blob(hash)});
    if (!row)
        return std::nullopt;
    return AccessRow{deviceFrom(*row), row->time(12)};
}

std::optional<RefreshRow> DeviceStore::refresh(std::string_view hash) const
{
    const auto row = m_tx.one(R"(
        SELECT hash, device_id, rotated_at, rid, successor_hash, sealed_successor
          FROM device_refresh
         WHERE hash = ?)",
                              {blob(hash)});
    if (!row)
        return std::nullopt;
    return RefreshRow{row->blob(0), row->integer(1), row->maybeTime(2),
                      row->text(3), row->blob(4),    row->blob(5)};
}

std::int64_t DeviceStore::put(const DeviceRow &row)
{
    const auto known = find(row.device.id.value);
    if (!known) {
        m_tx.run(R"(
            INSERT INTO devices (uuid, account_id, user_id, user_uuid, name, os, app, created_at, last_seen_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?))",
                 {row.device.id, row.account, row.userNumber, row.user, row.device.name, row.device.os,
                  row.device.app, row.device.createdAt, row.device.lastSeenAt});
        return m_tx.lastInsertId();
    }
    m_tx.run("DELETE FROM device_access WHERE device_id = ?", {known->number});
    m_tx.run("DELETE FROM device_refresh WHERE device_id = ?", {known->number});
    m_tx.run(R"(
        UPDATE devices SET name = ?, os = ?, app = ?, last_seen_at = ?, revoked_at = NULL, wipe = 0
         WHERE id = ?)",
             {row.device.name, row.device.os, row.device.app, row.device.lastSeenAt, known->number});
    return known->number;
}

void DeviceStore::touch(std::int64_t device, base::Timestamp now)
{
    m_tx.run("UPDATE devices SET last_seen_at = ? WHERE id = ?", {now, device});
}

void DeviceStore::revoke(std::int64_t device, base::Timestamp now, protocol::Wipe wipe)
{
    // Its access tokens stay, so that the device is told "revoked" and not merely "unknown".
    m_tx.run("UPDATE devices SET revoked_at = coalesce(revoked_at, ?), wipe = max(wipe, ?) WHERE id = ?",
             {now, static_cast<int>(wipe), device});
}

void DeviceStore::insertAccess(std::int64_t device, std::string_view hash, base::Timestamp expiresAt)
{
    m_tx.run(R"(
        DELETE FROM device_access
         WHERE hash IN (SELECT hash FROM device_access WHERE device_id = ? ORDER BY expires_at DESC LIMIT -1 OFFSET 1))",
             {device});
    m_tx.run("INSERT INTO device_access (hash, device_id, expires_at) VALUES (?, ?, ?)",
             {blob(hash), device, expiresAt});
}

void DeviceStore::insertRefresh(std::int64_t device, std::string_view hash)
{
    m_tx.run("INSERT INTO device_refresh (hash, device_id) VALUES (?, ?)", {blob(hash), device});
}

void DeviceStore::rotate(const RefreshRow &row)
{
    m_tx.run(R"(
        UPDATE device_refresh SET rotated_at = ?, rid = ?, successor_hash = ?, sealed_successor = ?
         WHERE hash = ?)",
             {row.rotatedAt, row.rid, blob(row.successorHash), blob(row.sealedSuccessor), blob(row.hash)});
}

void DeviceStore::forgetRefresh(std::int64_t device, base::Timestamp before)
{
    m_tx.run(R"(
        DELETE FROM device_refresh
         WHERE device_id = ?1 AND rotated_at < ?2
           AND rotated_at < (SELECT max(rotated_at) FROM device_refresh WHERE device_id = ?1))",
             {device, before});
}

} // namespace server::accounts
