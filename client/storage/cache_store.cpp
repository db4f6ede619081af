#include "client/storage/cache_store.h"

#include "client/storage/entity_table.h"
#include "client/storage/migrator.h"
#include "client/storage/search_index.h"
#include "client/storage/vault/cache_sealing.h"
#include "shared/base/json.h"

#include <QDateTime>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <array>

namespace client::storage {

namespace {

constexpr std::array settingTypes{protocol::EntityType::Team, protocol::EntityType::Label,
                                  protocol::EntityType::CannedResponse};

// Kinds whose tables came after the first step.
bool isLater(protocol::EntityType type)
{
    return type == protocol::EntityType::HeldReply || type == protocol::EntityType::Draft ||
           type == protocol::EntityType::Macro ||
           std::find(settingTypes.begin(), settingTypes.end(), type) != settingTypes.end();
}

constexpr std::string_view keeping = R"(
CREATE TABLE opened (conv BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE gone_file (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE INDEX conversation_kept ON conversation(last_at) WHERE lo IS NOT NULL;
ALTER TABLE quarantine ADD COLUMN scope TEXT NOT NULL DEFAULT '';
ALTER TABLE quarantine ADD COLUMN parent BLOB;
ALTER TABLE quarantine ADD COLUMN sv INTEGER NOT NULL DEFAULT 0;
)";

std::string addedToConversations(AddedBy step)
{
    return entityTable(protocol::EntityType::Conversation).added.at(step);
}

// Forward only. Each step is cheap however large the file is, since it runs before the first window: new
// tables, new columns, an index. What needs more is done afterwards, in steps, as the full-text index is.
const std::vector<std::string_view> &migrations()
{
    static const std::string first = [] {
        std::string sql = R"(
CREATE TABLE sync (k TEXT PRIMARY KEY, v INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE scope (key TEXT PRIMARY KEY, phase INTEGER NOT NULL, sid INTEGER NOT NULL, token BLOB NOT NULL,
    done INTEGER NOT NULL, total INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE shadow (etype INTEGER NOT NULL, eid BLOB NOT NULL, present INTEGER NOT NULL, q INTEGER NOT NULL,
    scope TEXT NOT NULL, parent BLOB, gen INTEGER NOT NULL, sv INTEGER NOT NULL, row BLOB NOT NULL,
    PRIMARY KEY(etype, eid)) WITHOUT ROWID;
CREATE TABLE want_window (conv BLOB PRIMARY KEY, urgent INTEGER NOT NULL, serial INTEGER NOT NULL,
    q INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE quarantine (etype INTEGER NOT NULL, eid BLOB NOT NULL, q INTEGER NOT NULL, raw BLOB NOT NULL,
    why TEXT NOT NULL, PRIMARY KEY(etype, eid)) WITHOUT ROWID;
)";
        for (const auto &table : entityTables())
            if (!isLater(table.type))
                sql += table.create;
        return sql;
    }();
    static const std::string held = entityTable(protocol::EntityType::HeldReply).create;
    // A cache that was filled before these kinds were known asks for the account's rows again: the server
    // sent them, and they were skipped.
    const auto askAgain = [](const char *scopes) {
        return "UPDATE scope SET phase = " + std::to_string(static_cast<int>(ScopeState::Phase::Resnap)) +
               ", token = x'' WHERE " + scopes + ";\n";
    };
    static const std::string settings = [&] {
        std::string sql = addedToConversations(AddedBy::Settings);
        for (const auto type : settingTypes)
            sql += entityTable(type).create;
        return sql + askAgain("key = 'a'");
    }();
    static const std::string drafts = entityTable(protocol::EntityType::Draft).create;
    static const std::string labels = addedToConversations(AddedBy::Labels);
    static const std::string macros =
        entityTable(protocol::EntityType::Macro).create + askAgain("key = 'a' OR key LIKE 'u:%'");
    static const std::vector<std::string_view> all{first,    held,    SearchIndex::schema(),
                                                   settings, keeping, drafts,
                                                   labels,   macros,  SearchIndex::wordsSchema()};
    return all;
}

int typeNumber(protocol::EntityType type)
{
    return static_cast<int>(type);
}

StoredRow rowOf(const RowView &row, int first)
{
    StoredRow stored;
    stored.q = row.integer(first);
    stored.scope = row.text(first + 1);
    stored.parent = row.maybeUuid(first + 2);
    stored.generation = row.integer(first + 3);
    stored.sv = row.integer(first + 4);
    stored.json = row.text(first + 5);
    return stored;
}

} // namespace

void createCacheTables(Connection &connection)
{
    migrate(connection, migrations());
}

CacheStore::CacheStore(const QString &file, std::shared_ptr<const Vault> vault)
    : m_connection{file, Connection::Mode::Relaxed, std::move(vault)}
{
    if (m_connection.number("PRAGMA user_version") == 0) // an empty file: no rows are moved
        m_connection.script("PRAGMA auto_vacuum = INCREMENTAL;\nVACUUM;\n");
    if (!migrate(m_connection, migrations()))
        throw StorageError{26, "cache of a newer version"};
    load();
    m_closedWell = m_connection.number("SELECT v FROM sync WHERE k = 'open'") == 0; // said, not only missing
    setNumber("open", 1);
}

CacheStore::~CacheStore()
{
    try {
        if (!m_connection.inTransaction())
            setNumber("open", 0);
    } catch (const StorageError &) {
        // Then the next start looks closer.
    }
}

std::unique_ptr<CacheStore> CacheStore::openOrRebuild(const QString &file,
                                                      const std::shared_ptr<const Vault> &vault)
{
    if (vault)
        makeReadyFor(*vault, file);
    try {
        auto store = std::make_unique<CacheStore>(file, vault);
        // Reading the whole file takes seconds when it is large: only after an end that was none.
        if (store->m_closedWell || store->isWhole(file))
            return store;
    } catch (const StorageError &error) {
        // Damage in the first page may also make a version nobody knows, or tables that are not there.
        constexpr int wrongStatement = 1;
        if (!error.isDamage() && error.code() != wrongStatement)
            throw;
    }
    const auto aside = QStringLiteral(".broken-%1").arg(QDateTime::currentMSecsSinceEpoch());
    for (const auto &tail : {QString{}, QStringLiteral("-wal"), QStringLiteral("-shm")})
        if (QFile::exists(file + tail) && !QFile::rename(file + tail, file + tail + aside))
            throw StorageError{14, "cannot set the damaged cache aside: " + file.toStdString()};
    return std::make_unique<CacheStore>(file, vault);
}

// SQLite takes what is missing of its last page for zeros, and its own check may not mind. What lies in the
// log comes home first: a page torn on that way is whole again then.
bool CacheStore::isWhole(const QString &file)
{
    m_connection.number("PRAGMA wal_checkpoint(TRUNCATE)");
    const auto size = m_connection.number("PRAGMA page_count").value_or(0) *
                      m_connection.number("PRAGMA page_size").value_or(0);
    return QFileInfo{file}.size() == size && m_connection.text("PRAGMA quick_check(1)") == "ok";
}

void CacheStore::load()
{
    m_connection.each(
        "SELECT key, phase, sid, token, done, total FROM scope", {}, [this](const RowView &row) {
            m_scopes[row.text(0)] = {static_cast<ScopeState::Phase>(row.integer(1)), row.integer(2),
                                     row.text(3), row.integer(4), row.integer(5)};
        });
    m_connection.each("SELECT etype, eid FROM shadow", {}, [this](const RowView &row) {
        if (const auto type = protocol::entityTypeFromNumber(static_cast<int>(row.integer(0))))
            m_shadowKeys.insert({*type, row.uuid(1)});
    });
}

void CacheStore::begin()
{
    m_connection.begin();
    m_scopesAtBegin = m_scopes;
    m_shadowKeysAtBegin = m_shadowKeys;
    m_changed.clear();
    m_stale.clear();
}

void CacheStore::commit()
{
    m_connection.commit();
}

void CacheStore::rollBack()
{
    if (!m_connection.inTransaction())
        return;
    m_connection.rollBack();
    m_scopes = m_scopesAtBegin;
    m_shadowKeys = m_shadowKeysAtBegin;
    m_changed.clear();
    m_stale.clear();
}

std::int64_t CacheStore::number(const std::string &key)
{
    return m_connection.number("SELECT v FROM sync WHERE k = ?", {sqlValue(key)}).value_or(0);
}

void CacheStore::setNumber(const std::string &key, std::int64_t value)
{
    m_connection.run("INSERT INTO sync(k, v) VALUES(?, ?) ON CONFLICT(k) DO UPDATE SET v = excluded.v",
                     {sqlValue(key), sqlValue(value)});
}

void CacheStore::putScope(const std::string &key, const ScopeState &state)
{
    m_connection.run("INSERT INTO scope(key, phase, sid, token, done, total) VALUES(?, ?, ?, ?, ?, ?)"
                     " ON CONFLICT(key) DO UPDATE SET phase = excluded.phase, sid = excluded.sid,"
                     " token = excluded.token, done = excluded.done, total = excluded.total",
                     {sqlValue(key), static_cast<int>(state.phase), sqlValue(state.sid),
                      sqlBytes(state.token), sqlValue(state.done), sqlValue(state.total)});
    m_scopes[key] = state;
}

void CacheStore::removeScope(const std::string &key)
{
    m_connection.run("DELETE FROM scope WHERE key = ?", {sqlValue(key)});
    m_scopes.erase(key);
}

std::optional<StoredRow> CacheStore::tableRow(const EntityKey &key)
{
    std::optional<StoredRow> found;
    m_connection.each(entityTable(key.type).select.c_str(), {sqlValue(key.id)}, [&found](const RowView &row) {
        found = StoredRow{row.integer(0), row.text(1),    row.maybeUuid(2),
                          row.integer(3), row.integer(4), row.text(6)};
    });
    return found;
}

std::optional<StoredRow> CacheStore::shadowRow(const EntityKey &key, bool *exists)
{
    *exists = m_shadowKeys.contains(key);
    std::optional<StoredRow> found;
    if (*exists)
        m_connection.each(
            "SELECT q, scope, parent, gen, sv, row FROM shadow WHERE etype = ? AND eid = ? AND present = 1",
            {typeNumber(key.type), sqlValue(key.id)},
            [&found](const RowView &row) { found = rowOf(row, 0); });
    return found;
}

void CacheStore::writeTable(const EntityKey &key, const StoredRow &row, bool pending)
{
    const auto json = base::Json::parse(row.json, nullptr, false);
    QVariantList values{sqlValue(key.id),         sqlValue(row.q),  sqlValue(row.scope), sqlValue(row.parent),
                        sqlValue(row.generation), sqlValue(row.sv), pending ? 1 : 0,     sqlBytes(row.json)};
    values += extracted(key.type, json);
    m_connection.run(entityTable(key.type).upsert.c_str(), values);
    touched(key, row.parent);
}

void CacheStore::removeFromTable(const EntityKey &key, const std::optional<base::Uuid> &parent)
{
    if (m_connection.run(entityTable(key.type).remove.c_str(), {sqlValue(key.id)}) > 0)
        touched(key, parent);
}

void CacheStore::writeShadow(const EntityKey &key, const std::optional<StoredRow> &row)
{
    const auto stored = row.value_or(StoredRow{});
    m_connection.run(
        "INSERT INTO shadow(etype, eid, present, q, scope, parent, gen, sv, row)"
        " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(etype, eid) DO UPDATE SET"
        " present = excluded.present, q = excluded.q, scope = excluded.scope, parent = excluded.parent,"
        " gen = excluded.gen, sv = excluded.sv, row = excluded.row",
        {typeNumber(key.type), sqlValue(key.id), row ? 1 : 0, sqlValue(stored.q), sqlValue(stored.scope),
         sqlValue(stored.parent), sqlValue(stored.generation), sqlValue(stored.sv), sqlBytes(stored.json)});
    m_shadowKeys.insert(key);
}

std::optional<StoredRow> CacheStore::serverRow(const EntityKey &key)
{
    bool shadowed = false;
    auto row = shadowRow(key, &shadowed);
    return shadowed ? row : tableRow(key);
}

void CacheStore::putServerRow(const EntityKey &key, const StoredRow &row)
{
    noteFiles(key, row.json, false);
    if (!hasShadow(key))
        return writeTable(key, row, false);
    writeShadow(key, row);
    m_stale.insert(key);
}

void CacheStore::confirm(const EntityKey &key, std::int64_t generation)
{
    if (hasShadow(key))
        m_connection.run("UPDATE shadow SET gen = ? WHERE etype = ? AND eid = ?",
                         {sqlValue(generation), typeNumber(key.type), sqlValue(key.id)});
    else
        m_connection.run(entityTable(key.type).confirm.c_str(), {sqlValue(generation), sqlValue(key.id)});
}

void CacheStore::removeServerRow(const EntityKey &key)
{
    if (hasShadow(key)) {
        writeShadow(key, std::nullopt);
        m_stale.insert(key);
    } else if (const auto row = tableRow(key)) {
        removeFromTable(key, row->parent);
        noteFiles(key, row->json, true);
    }
    release(key);
    if (key.type == protocol::EntityType::Conversation)
        unwantWindow(key.id);
}

std::vector<std::pair<EntityKey, std::int64_t>> CacheStore::children(const base::Uuid &conversation)
{
    std::vector<std::pair<EntityKey, std::int64_t>> found;
    for (const auto &table : entityTables()) {
        if (!table.childOfConversation)
            continue;
        const auto take = [&](const RowView &row) {
            found.emplace_back(EntityKey{table.type, row.uuid(0)}, row.integer(1));
        };
        m_connection.each(table.byParent.c_str(), {sqlValue(conversation)}, take);
        if (!m_shadowKeys.empty())
            m_connection.each("SELECT eid, q FROM shadow WHERE etype = ? AND parent = ? AND present = 1",
                              {typeNumber(table.type), sqlValue(conversation)}, take);
    }
    return found;
}

void CacheStore::moveChildren(const base::Uuid &conversation, const std::string &scope)
{
    for (const auto &table : entityTables())
        if (table.childOfConversation) {
            m_connection.run(table.moveChildren.c_str(), {sqlValue(scope), sqlValue(conversation)});
            m_connection.run("UPDATE shadow SET scope = ? WHERE etype = ? AND parent = ? AND present = 1",
                             {sqlValue(scope), typeNumber(table.type), sqlValue(conversation)});
        }
}

std::set<base::Uuid> CacheStore::sweep(const std::string &scope, std::optional<std::int64_t> generation)
{
    const auto below = sqlValue(generation.value_or(INT64_MAX));
    std::set<base::Uuid> torn;
    for (const auto &table : entityTables()) {
        std::vector<EntityKey> lost;
        const auto take = [&](const RowView &row) {
            lost.push_back({table.type, row.uuid(0)});
            if (generation && table.type == protocol::EntityType::Message &&
                tearsRange(row.uuid(0), row.uuid(1)))
                torn.insert(row.uuid(1));
        };
        m_connection.each(table.sweep.c_str(), {sqlValue(scope), below}, take);
        m_connection.each(
            "SELECT eid, parent FROM shadow WHERE etype = ? AND scope = ? AND gen < ? AND present = 1",
            {typeNumber(table.type), sqlValue(scope), below}, take);
        for (const auto &key : lost) {
            if (key.type == protocol::EntityType::Conversation)
                for (const auto &[child, q] : children(key.id))
                    removeServerRow(child);
            removeServerRow(key);
        }
    }
    std::erase_if(torn, [this](const base::Uuid &id) {
        return !serverRow({protocol::EntityType::Conversation, id});
    });
    return torn;
}

bool CacheStore::tearsRange(const base::Uuid &message, const base::Uuid &conversation)
{
    const auto lowest = lowestMessage(conversation);
    const auto n = m_connection.number("SELECT n FROM message WHERE id = ?", {sqlValue(message)});
    return lowest && (!n || *n >= *lowest);
}

void CacheStore::zeroRevisions()
{
    for (const auto &table : entityTables())
        m_connection.run(table.zeroRevisions.c_str());
    m_connection.run("UPDATE shadow SET q = 0");
}

void CacheStore::eachInScope(
    const std::string &scope,
    const std::function<void(protocol::EntityType, const base::Uuid &, std::int64_t)> &take)
{
    for (const auto &table : entityTables())
        m_connection.each(table.ids.c_str(), {sqlValue(scope), sqlValue(scope)},
                          [&](const RowView &row) { take(table.type, row.uuid(0), row.integer(1)); });
}

std::vector<Changed> CacheStore::takeChanged()
{
    std::vector<Changed> all{m_changed.begin(), m_changed.end()};
    m_changed.clear();
    return all;
}

// Files go with the last message that has them: each file belongs to one message.
void CacheStore::noteFiles(const EntityKey &key, const std::string &json, bool gone)
{
    if (key.type != protocol::EntityType::Message || json.find(R"("att":[{)") == std::string::npos)
        return;
    const auto row = base::Json::parse(json, nullptr, false);
    for (const auto &file : base::member(row, "att"))
        if (const auto id = base::uuidField(file, "id"))
            m_connection.run(gone ? "INSERT OR IGNORE INTO gone_file(id) VALUES(?)"
                                  : "DELETE FROM gone_file WHERE id = ?",
                             {sqlValue(id->text())});
}

void CacheStore::touched(const EntityKey &key, const std::optional<base::Uuid> &parent)
{
    m_changed.insert({key.type, key.id, parent});
}

} // namespace client::storage
