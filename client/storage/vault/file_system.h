#pragma once

struct sqlite3_vfs;

namespace client::storage {

class VaultKeys;

/// Fills in what SQLite calls for a vault's files: the system's own way to open, delete and lock, with
/// encryption between. `name` and `keys` outlive it. False when SQLite has no default to stand on.
bool makeFileSystem(sqlite3_vfs &vfs, const char *name, const VaultKeys &keys);

} // namespace client::storage
