#include "server/sync/sync_migrations.h"

namespace server::sync {

std::vector<storage::Migration> syncMigrations()
{
    return {
        {1, "sync journal", R"(
            CREATE TABLE sync_meta (
                key TEXT PRIMARY KEY,
                value INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            INSERT INTO sync_meta(key, value) VALUES('epoch', 1);

            CREATE TABLE sync_head (
                account_id INTEGER PRIMARY KEY,
                epoch INTEGER NOT NULL,
                head INTEGER NOT NULL DEFAULT 0,
                floor INTEGER NOT NULL DEFAULT 0
            ) STRICT;

            CREATE TABLE sync_scope (
                id INTEGER PRIMARY KEY,
                account_id INTEGER NOT NULL,
                key TEXT NOT NULL,
                UNIQUE (account_id, key)
            ) STRICT;

            CREATE TABLE sync_journal (
                account_id INTEGER NOT NULL,
                seq INTEGER NOT NULL,
                kind INTEGER NOT NULL,
                etype INTEGER NOT NULL,
                eid BLOB NOT NULL,
                op TEXT NOT NULL,
                scope INTEGER NOT NULL,
                sv INTEGER NOT NULL,
                parent BLOB,
                at INTEGER NOT NULL,
                PRIMARY KEY (account_id, seq)
            ) STRICT, WITHOUT ROWID;
            CREATE UNIQUE INDEX sync_journal_state ON sync_journal(account_id, etype, eid) WHERE kind = 0;
            CREATE UNIQUE INDEX sync_journal_leave ON sync_journal(account_id, etype, eid, scope) WHERE kind = 1;
            CREATE INDEX sync_journal_scope ON sync_journal(account_id, scope, seq);
            CREATE INDEX sync_journal_parent ON sync_journal(account_id, parent) WHERE parent IS NOT NULL;
            CREATE INDEX sync_journal_dead ON sync_journal(account_id, at) WHERE op <> 'U';
        )"},
        {2, "mutation receipts", R"(
            CREATE TABLE sync_receipt (
                account_id INTEGER NOT NULL,
                device BLOB NOT NULL,
                n INTEGER NOT NULL,
                mid BLOB NOT NULL,
                user BLOB NOT NULL,
                hash BLOB NOT NULL,
                verdict TEXT NOT NULL,
                code TEXT,
                detail TEXT,
                seq INTEGER NOT NULL,
                at INTEGER NOT NULL,
                PRIMARY KEY (account_id, device, n)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX sync_receipt_mid ON sync_receipt(account_id, mid);
            CREATE INDEX sync_receipt_at ON sync_receipt(at);

            CREATE TABLE sync_failure (
                account_id INTEGER NOT NULL,
                device BLOB NOT NULL,
                n INTEGER NOT NULL,
                count INTEGER NOT NULL,
                PRIMARY KEY (account_id, device, n)
            ) STRICT, WITHOUT ROWID;
        )"},
    };
}

} // namespace server::sync
