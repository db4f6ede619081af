#pragma once

#include "client/storage/connection.h"
#include "shared/protocol/entity_type.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace client::storage {

struct EntityKey {
    protocol::EntityType type = protocol::EntityType::Account;
    base::Uuid id;
    auto operator<=>(const EntityKey &) const = default;
};

/// One row as the server gave it (or as it looks with pending intents on top).
struct StoredRow {
    std::int64_t q = 0; ///< revision; 0 for what the server has not got yet
    std::string scope;
    std::optional<base::Uuid> parent;
    std::int64_t generation = 0; ///< the newest snapshot id that confirmed it
    std::int64_t sv = 0;
    std::string json;
};

/// How far a scope has been read.
struct ScopeState {
    enum class Phase { Snap, Live, Resnap };
    Phase phase = Phase::Snap;
    std::int64_t sid = 0;
    std::string token;
    std::int64_t done = 0;
    std::int64_t total = 0;
};

struct WantedWindow {
    base::Uuid conversation;
    bool urgent = false; ///< somebody looks at it
    std::int64_t serial = 0;
    std::int64_t q = 0; ///< revision of the conversation when it was wanted
};

/// A changed row, for whoever shows it.
struct Changed {
    protocol::EntityType type = protocol::EntityType::Account;
    base::Uuid id;
    std::optional<base::Uuid> parent;
    auto operator<=>(const Changed &) const = default;
};

/// Makes the tables of a cache in an empty database.
void createCacheTables(Connection &connection);

/// cache.db: what the server said, with the user's pending intents merged in. May be deleted at any time. One
/// thread.
///
/// The tables of entities hold the merged rows, so lists are plain SQL; `shadow` holds the server's row of
/// exactly those entities that a pending intent touches. "Server" functions below read and write the shadow
/// when there is one. Everything happens inside begin() … commit(). Throws StorageError.
class CacheStore {
public:
    /// Opens or makes the file. Throws StorageError when it is damaged, of a newer version, or cannot be
    /// used.
    explicit CacheStore(const QString &file, std::shared_ptr<const Vault> vault = {});
    ~CacheStore();
    /// Opens the file; sets a damaged or newer one aside (renamed) and begins an empty one. With a vault, a
    /// plain file is encrypted first, and one that the key does not open is removed. Throws only when even
    /// that fails.
    static std::unique_ptr<CacheStore> openOrRebuild(const QString &file,
                                                     const std::shared_ptr<const Vault> &vault = {});

    Connection &connection() { return m_connection; }
    void begin();
    void commit();
    void rollBack();

    // Session.
    [[nodiscard]] std::int64_t number(const std::string &key);
    void setNumber(const std::string &key, std::int64_t value);
    [[nodiscard]] const std::map<std::string, ScopeState> &scopes() const { return m_scopes; }
    void putScope(const std::string &key, const ScopeState &state);
    void removeScope(const std::string &key);

    // Rows as the server has them.
    [[nodiscard]] std::optional<StoredRow> serverRow(const EntityKey &key);
    void putServerRow(const EntityKey &key, const StoredRow &row);
    void confirm(const EntityKey &key, std::int64_t generation);
    void removeServerRow(const EntityKey &key);
    /// Messages and message states of a conversation, with their revisions.
    [[nodiscard]] std::vector<std::pair<EntityKey, std::int64_t>> children(const base::Uuid &conversation);
    void moveChildren(const base::Uuid &conversation, const std::string &scope);
    /// Removes the scope's rows that no snapshot since `generation` confirmed; all with none. Gives the
    /// conversations that stay and lost messages of the range they are said to hold (lowestMessage).
    std::set<base::Uuid> sweep(const std::string &scope, std::optional<std::int64_t> generation);
    void zeroRevisions();
    /// Server ids and revisions of a scope, for the digest.
    void eachInScope(const std::string &scope,
                     const std::function<void(protocol::EntityType, const base::Uuid &, std::int64_t)> &take);

    // Merged rows and shadows.
    [[nodiscard]] std::optional<StoredRow> mergedRow(const EntityKey &key);
    [[nodiscard]] bool hasShadow(const EntityKey &key);
    [[nodiscard]] std::vector<EntityKey> shadows();
    /// Copies the current row aside; nothing when there is a shadow already.
    void makeShadow(const EntityKey &key);
    /// The merged row becomes the shadow again, and the shadow goes.
    void dropShadow(const EntityKey &key);
    /// Shows `row` for an entity with a shadow; nothing shows nothing.
    void putMergedRow(const EntityKey &key, const std::optional<StoredRow> &row);
    /// Entities with a shadow whose server row changed since the last call; their merged rows are to be made
    /// again.
    [[nodiscard]] std::vector<EntityKey> takeStale();

    // Windows of messages.
    [[nodiscard]] std::optional<std::int64_t> lowestMessage(const base::Uuid &conversation);
    void setLowestMessage(const base::Uuid &conversation, std::optional<std::int64_t> n);
    void wantWindow(const base::Uuid &conversation, bool urgent, std::int64_t q);
    [[nodiscard]] std::vector<WantedWindow> wantedWindows(std::size_t most);
    /// Done, unless it was wanted again meanwhile.
    void windowArrived(const base::Uuid &conversation, std::int64_t serial);
    /// A bundle brought the conversation's messages.
    void bundleBrought(const base::Uuid &conversation, std::int64_t asOf);
    void unwantWindow(const base::Uuid &conversation);
    [[nodiscard]] bool isWindowWanted(const base::Uuid &conversation);
    /// Makes room: messages below this number go, or all of them; what is pending stays.
    void forgetMessages(const base::Uuid &conversation, std::optional<std::int64_t> below);
    /// Messages and message states from the lowest number held on, with their revisions.
    [[nodiscard]] std::vector<std::pair<EntityKey, std::int64_t>> window(const base::Uuid &conversation);

    // Rows that this program cannot read.
    void quarantine(const EntityKey &key, const StoredRow &row, const std::string &why);
    [[nodiscard]] std::int64_t quarantined();
    [[nodiscard]] std::vector<std::pair<EntityKey, StoredRow>> quarantinedRows();
    void release(const EntityKey &key);

    /// Attachments whose messages went: their files are to go as well.
    [[nodiscard]] std::vector<std::string> goneFiles(std::size_t most);
    void fileRemoved(const std::string &id);

    /// What changed since the last call, each once.
    [[nodiscard]] std::vector<Changed> takeChanged();

private:
    struct Shadow;
    void load();
    [[nodiscard]] bool isWhole(const QString &file);
    std::optional<StoredRow> tableRow(const EntityKey &key);
    void writeTable(const EntityKey &key, const StoredRow &row, bool pending);
    void removeFromTable(const EntityKey &key, const std::optional<base::Uuid> &parent);
    void writeShadow(const EntityKey &key, const std::optional<StoredRow> &row);
    std::optional<StoredRow> shadowRow(const EntityKey &key, bool *exists);
    bool tearsRange(const base::Uuid &message, const base::Uuid &conversation);
    void touched(const EntityKey &key, const std::optional<base::Uuid> &parent);
    void noteFiles(const EntityKey &key, const std::string &json, bool gone);

    Connection m_connection;
    std::map<std::string, ScopeState> m_scopes;
    std::map<std::string, ScopeState> m_scopesAtBegin;
    std::set<EntityKey> m_shadowKeys;
    std::set<EntityKey> m_shadowKeysAtBegin;
    std::set<EntityKey> m_stale;
    std::set<Changed> m_changed;
    bool m_closedWell = false; ///< the program before came to its end
};

} // namespace client::storage
