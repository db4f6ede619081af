#include "client/storage/outbox_store.h"

#include "client/storage/migrator.h"
#include "shared/base/json.h"
#include "shared/protocol/rows.h"

#include <algorithm>

namespace client::storage {

namespace {

constexpr std::string_view firstVersion = R"(
CREATE TABLE intent (
    n INTEGER PRIMARY KEY, mid BLOB NOT NULL UNIQUE, lane TEXT NOT NULL, op TEXT NOT NULL, args BLOB NOT NULL,
    state INTEGER NOT NULL, dep INTEGER NOT NULL, made_at INTEGER NOT NULL, made_mono INTEGER NOT NULL,
    seen_n INTEGER, seen_q INTEGER, uploads BLOB NOT NULL, code TEXT NOT NULL, detail BLOB NOT NULL,
    seq INTEGER NOT NULL, tries INTEGER NOT NULL);
CREATE TABLE upload (
    id BLOB PRIMARY KEY, path TEXT NOT NULL, name TEXT NOT NULL, mime TEXT NOT NULL, size INTEGER NOT NULL,
    state INTEGER NOT NULL, code TEXT NOT NULL);
CREATE TABLE localdraft (key TEXT PRIMARY KEY, body BLOB NOT NULL, at INTEGER NOT NULL);
CREATE TABLE ident (k TEXT PRIMARY KEY, v BLOB NOT NULL);
)";

constexpr std::string_view resumableUploads = R"(
ALTER TABLE upload ADD COLUMN offset INTEGER NOT NULL DEFAULT 0;
ALTER TABLE upload ADD COLUMN sha256 BLOB NOT NULL DEFAULT x'';
)";

constexpr std::string_view fixesAndSubjects = R"(
ALTER TABLE intent ADD COLUMN fixes BLOB;
ALTER TABLE intent ADD COLUMN subject BLOB NOT NULL DEFAULT x'';
)";

constexpr std::string_view remembered = R"(
ALTER TABLE intent ADD COLUMN recovered INTEGER NOT NULL DEFAULT 0;
CREATE TABLE retired (
    n INTEGER PRIMARY KEY, mid BLOB NOT NULL, lane TEXT NOT NULL, op TEXT NOT NULL, args BLOB NOT NULL,
    made_at INTEGER NOT NULL, made_mono INTEGER NOT NULL, seen_n INTEGER, seen_q INTEGER,
    subject BLOB NOT NULL, at INTEGER NOT NULL);
)";

constexpr std::string_view boots = R"(
ALTER TABLE intent ADD COLUMN boot TEXT NOT NULL DEFAULT '';
)";

std::string idList(const std::vector<base::Uuid> &ids)
{
    std::string bytes;
    for (const auto &id : ids)
        bytes += id.bytes();
    return bytes;
}

std::vector<base::Uuid> idsOf(const std::string &bytes)
{
    std::vector<base::Uuid> ids;
    for (std::size_t at = 0; at + 16 <= bytes.size(); at += 16)
        ids.push_back(*base::Uuid::fromBytes(std::string_view{bytes}.substr(at, 16)));
    return ids;
}

bool isUndecided(const Intent &intent)
{
    return intent.state == IntentState::Queued || intent.state == IntentState::Attempted;
}

} // namespace

Intent intentOf(const RowView &row)
{
    Intent intent;
    intent.n = row.integer(0);
    intent.mid = row.uuid(1);
    intent.lane = row.text(2);
    intent.op = row.text(3);
    intent.args = row.text(4);
    intent.state = static_cast<IntentState>(row.integer(5));
    intent.dep = row.integer(6);
    intent.madeAt = base::fromMs(row.integer(7));
    intent.madeMonotonic = base::Duration{row.integer(8)};
    if (!row.isNull(9))
        intent.seen = protocol::Seen{row.integer(9), row.integer(10)};
    intent.uploads = idsOf(row.text(11));
    intent.code = base::errorCodeFromText(row.text(12));
    intent.detail = row.text(13);
    intent.seq = row.integer(14);
    intent.tries = static_cast<int>(row.integer(15));
    intent.fixes = row.maybeUuid(16);
    intent.subject = row.text(17);
    intent.recovered = row.integer(18) != 0;
    intent.boot = row.text(19);
    return intent;
}

Upload uploadOf(const RowView &row)
{
    return {row.uuid(0), row.text(1),    row.text(2),
            row.text(3), row.integer(4), static_cast<Upload::State>(row.integer(5)),
            row.text(6), row.integer(7), row.text(8)};
}

OutboxStore::OutboxStore(const QString &file) : m_connection{file, Connection::Mode::Durable}
{
    migrate(m_connection, {firstVersion, resumableUploads, fixesAndSubjects, remembered, boots});
    load();
}

void OutboxStore::load()
{
    m_next = std::stoll(setting("next_n").value_or("1"));
    const auto sql = "SELECT " + std::string{intentColumns} + " FROM intent";
    m_connection.each(sql.c_str(), {}, [this](const RowView &row) {
        auto intent = intentOf(row);
        m_intents.emplace(intent.n, std::move(intent));
    });
    const auto uploads = "SELECT " + std::string{uploadColumns} + " FROM upload";
    m_connection.each(uploads.c_str(), {}, [this](const RowView &row) {
        auto upload = uploadOf(row);
        m_uploads.emplace(upload.id, std::move(upload));
    });
}

std::optional<Identity> OutboxStore::identity()
{
    const auto stored = setting("identity");
    const auto json = stored ? base::parseJson(*stored) : base::Error{};
    if (!json)
        return std::nullopt;
    const auto device = base::uuidField(*json, "device");
    const auto user = base::uuidField(*json, "user");
    const auto account = base::uuidField(*json, "account");
    if (!device || !user || !account)
        return std::nullopt;
    auto userRow = protocol::userFromRow(*user, base::member(*json, "user_row"));
    auto accountRow = protocol::accountFromRow(*account, base::member(*json, "account_row"));
    if (!userRow || !accountRow)
        return std::nullopt;
    return Identity{base::textField(*json, "server").value_or(""), {*device}, *userRow, *accountRow};
}

void OutboxStore::setIdentity(const Identity &identity)
{
    const base::Json json{{"server", identity.server},
                          {"device", identity.device.text()},
                          {"user", identity.user.id.text()},
                          {"user_row", protocol::toRow(identity.user)},
                          {"account", identity.account.id.text()},
                          {"account_row", protocol::toRow(identity.account)}};
    setSetting("identity", base::toText(json));
}

std::optional<std::string> OutboxStore::setting(const std::string &key)
{
    return m_connection.text("SELECT v FROM ident WHERE k = ?", {sqlValue(key)});
}

void OutboxStore::setSetting(const std::string &key, const std::string &value)
{
    m_connection.run("INSERT INTO ident(k, v) VALUES(?, ?) ON CONFLICT(k) DO UPDATE SET v = excluded.v",
                     {sqlValue(key), sqlBytes(value)});
}

const Intent *OutboxStore::find(const base::Uuid &mid) const
{
    const auto found = std::find_if(m_intents.begin(), m_intents.end(),
                                    [&mid](const auto &entry) { return entry.second.mid == mid; });
    return found == m_intents.end() ? nullptr : &found->second;
}

std::int64_t OutboxStore::decidedUpTo() const
{
    for (const auto &[n, intent] : m_intents)
        if (isUndecided(intent))
            return n - 1;
    return m_next - 1;
}

std::int64_t OutboxStore::undecided() const
{
    return std::count_if(m_intents.begin(), m_intents.end(),
                         [](const auto &entry) { return isUndecided(entry.second); });
}

bool OutboxStore::hasRefusedFile(const Intent &intent) const
{
    return std::any_of(intent.uploads.begin(), intent.uploads.end(), [this](const auto &id) {
        const auto found = m_uploads.find(id);
        return found != m_uploads.end() && found->second.state == Upload::State::Refused;
    });
}

std::int64_t OutboxStore::problems() const
{
    std::set<base::Uuid> fixed;
    for (const auto &[n, intent] : m_intents)
        if (intent.fixes)
            fixed.insert(*intent.fixes);
    return std::count_if(m_intents.begin(), m_intents.end(), [this, &fixed](const auto &entry) {
        const auto &intent = entry.second;
        return (needsAuthor(intent) && !fixed.contains(intent.mid)) ||
               (isUndecided(intent) && hasRefusedFile(intent));
    });
}

bool OutboxStore::haveArrived(const std::vector<base::Uuid> &uploads) const
{
    return std::all_of(uploads.begin(), uploads.end(), [this](const auto &id) {
        const auto found = m_uploads.find(id);
        return found == m_uploads.end() || found->second.state == Upload::State::Sent;
    });
}

void OutboxStore::insert(const Intent &intent)
{
    m_connection.run("INSERT INTO intent(n, mid, lane, op, args, state, dep, made_at, made_mono, seen_n, "
                     "seen_q, uploads, code,"
                     " detail, seq, tries, fixes, subject, recovered, boot)"
                     " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                     {sqlValue(intent.n),
                      sqlValue(intent.mid),
                      sqlValue(intent.lane),
                      sqlValue(intent.op),
                      sqlBytes(intent.args),
                      static_cast<int>(intent.state),
                      sqlValue(intent.dep),
                      sqlValue(base::toMs(intent.madeAt)),
                      sqlValue(intent.madeMonotonic.count()),
                      intent.seen ? sqlValue(intent.seen->n) : QVariant{},
                      intent.seen ? sqlValue(intent.seen->q) : QVariant{},
                      sqlBytes(idList(intent.uploads)),
                      sqlValue(std::string{base::toText(intent.code)}),
                      sqlBytes(intent.detail),
                      sqlValue(intent.seq),
                      intent.tries,
                      sqlValue(intent.fixes),
                      sqlBytes(intent.subject),
                      intent.recovered ? 1 : 0,
                      sqlValue(intent.boot)});
}

std::int64_t OutboxStore::add(Intent intent)
{
    Work work{m_connection};
    intent.n = m_next;
    setSetting("next_n", std::to_string(m_next + 1));
    insert(intent);
    work.commit();
    m_intents.emplace(m_next, std::move(intent));
    return m_next++;
}

void OutboxStore::markAttempted(const std::vector<std::int64_t> &numbers)
{
    Work work{m_connection};
    for (const auto n : numbers)
        m_connection.run("UPDATE intent SET state = 1 WHERE n = ? AND state = 0", {sqlValue(n)});
    work.commit();
    for (const auto n : numbers)
        if (const auto found = m_intents.find(n);
            found != m_intents.end() && found->second.state == IntentState::Queued)
            found->second.state = IntentState::Attempted;
}

void OutboxStore::decide(const std::vector<protocol::Receipt> &receipts)
{
    auto decided = m_intents;
    std::set<std::int64_t> ended;
    Work work{m_connection};
    for (const auto &receipt : receipts) {
        const auto found = decided.find(receipt.n);
        if (found == decided.end() || !isUndecided(found->second))
            continue;
        auto &intent = found->second;
        if (receipt.verdict == protocol::Verdict::Nack) {
            ++intent.tries;
        } else {
            intent.state = receipt.verdict == protocol::Verdict::Rejected ? IntentState::Problem
                           : receipt.verdict == protocol::Verdict::Held   ? IntentState::Held
                                                                          : IntentState::Accepted;
            if (intent.state == IntentState::Accepted && intent.fixes)
                for (const auto n : problemAndOlder(*intent.fixes))
                    ended.insert(n);
            intent.code = receipt.code;
            intent.detail = receipt.detail;
            intent.seq = receipt.seq;
        }
        m_connection.run("UPDATE intent SET state = ?, code = ?, detail = ?, seq = ?, tries = ? WHERE n = ?",
                         {static_cast<int>(intent.state), sqlValue(std::string{base::toText(intent.code)}),
                          sqlBytes(intent.detail), sqlValue(intent.seq), intent.tries, sqlValue(intent.n)});
    }
    for (const auto n : ended) {
        m_connection.run("DELETE FROM intent WHERE n = ?", {sqlValue(n)});
        decided.erase(n);
    }
    work.commit();
    m_intents = std::move(decided);
}

void OutboxStore::undecideAll()
{
    m_connection.run("UPDATE intent SET state = 1, seq = 0 WHERE state IN (2, 4)");
    for (auto &[n, intent] : m_intents)
        if (intent.state == IntentState::Accepted || intent.state == IntentState::Held) {
            intent.state = IntentState::Attempted;
            intent.seq = 0;
        }
}

void OutboxStore::remove(const std::vector<std::int64_t> &numbers)
{
    if (numbers.empty())
        return;
    Work work{m_connection};
    for (const auto n : numbers)
        m_connection.run("DELETE FROM intent WHERE n = ?", {sqlValue(n)});
    work.commit();
    for (const auto n : numbers)
        m_intents.erase(n);
}

std::vector<std::int64_t> OutboxStore::problemAndOlder(const base::Uuid &mid) const
{
    std::vector<std::int64_t> chain;
    for (const auto *intent = find(mid); intent && intent->state == IntentState::Problem;
         intent = intent->fixes ? find(*intent->fixes) : nullptr)
        chain.push_back(intent->n);
    return chain;
}

void OutboxStore::putUpload(const Upload &upload)
{
    m_connection.run(
        "INSERT INTO upload(id, path, name, mime, size, state, code, offset, sha256)"
        " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT(id) DO UPDATE SET path = excluded.path, name = excluded.name, mime = excluded.mime,"
        " size = excluded.size, state = excluded.state, code = excluded.code, offset = excluded.offset,"
        " sha256 = excluded.sha256",
        {sqlValue(upload.id), sqlValue(upload.path), sqlValue(upload.name), sqlValue(upload.mime),
         sqlValue(upload.size), static_cast<int>(upload.state), sqlValue(upload.code),
         sqlValue(upload.offset), sqlBytes(upload.sha256)});
    m_uploads[upload.id] = upload;
}

void OutboxStore::removeUpload(const base::Uuid &id)
{
    m_connection.run("DELETE FROM upload WHERE id = ?", {sqlValue(id)});
    m_uploads.erase(id);
}

std::optional<LocalDraft> OutboxStore::draft(const std::string &key)
{
    std::optional<LocalDraft> found;
    m_connection.each("SELECT body, at FROM localdraft WHERE key = ?", {sqlValue(key)},
                      [&found](const RowView &row) {
                          found = LocalDraft{row.text(0), base::fromMs(row.integer(1))};
                      });
    return found;
}

std::vector<std::string> OutboxStore::draftKeys()
{
    std::vector<std::string> keys;
    m_connection.each("SELECT key FROM localdraft ORDER BY at DESC", {},
                      [&keys](const RowView &row) { keys.push_back(row.text(0)); });
    return keys;
}

void OutboxStore::putDraft(const std::string &key, const LocalDraft &draft)
{
    if (draft.body.empty()) {
        m_connection.run("DELETE FROM localdraft WHERE key = ?", {sqlValue(key)});
        return;
    }
    m_connection.run("INSERT INTO localdraft(key, body, at) VALUES(?, ?, ?)"
                     " ON CONFLICT(key) DO UPDATE SET body = excluded.body, at = excluded.at",
                     {sqlValue(key), sqlBytes(draft.body), sqlValue(base::toMs(draft.at))});
}

} // namespace client::storage
