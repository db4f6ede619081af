#include "client/storage/outbox_recovery.h"

#include "client/storage/outbox_store.h"

#include <QDateTime>
#include <QFile>

#include <memory>
#include <set>

namespace client::storage {

namespace {

using Take = std::function<void(const RowView &)>;

bool isWhole(const QString &file)
{
    try {
        Connection connection{file, Connection::Mode::Durable};
        return connection.text("PRAGMA quick_check(1)") == "ok";
    } catch (const StorageError &error) {
        if (!error.isDamage())
            throw; // a full disk, a missing right: no damage
        return false;
    }
}

/// A damaged file, read as far as it goes.
class Wreck {
public:
    explicit Wreck(const QString &file)
    {
        try {
            m_connection = std::make_unique<Connection>(file, Connection::Mode::ReadOnly);
        } catch (const StorageError &) {
            m_connection.reset(); // not even the first page
        }
    }

    /// The rows of a table, each once: from both ends to where the damage is, then one by one between.
    void each(const std::string &table, const std::string &columns, const Take &take)
    {
        const auto sql = "SELECT rowid, " + columnsOf(table, columns) + " FROM " + table;
        std::set<std::int64_t> seen;
        const auto once = [&](const RowView &row) {
            if (seen.insert(row.integer(0)).second)
                take(row);
        };
        std::int64_t low = 0;
        std::int64_t high = 0;
        const bool whole = tryEach(sql + " ORDER BY rowid", {}, [&](const RowView &row) {
            low = row.integer(0);
            once(row);
        });
        if (whole)
            return;
        tryEach(sql + " ORDER BY rowid DESC", {}, [&](const RowView &row) {
            high = row.integer(0);
            once(row);
        });
        const auto last = high > low ? high : low + mostBetween;
        for (auto at = low + 1; at < last && at - low <= mostBetween; ++at)
            tryEach(sql + " WHERE rowid = ?", {sqlValue(at)}, once);
    }

private:
    static constexpr std::int64_t mostBetween = 10000;

    // An older file lacks the newer columns.
    std::string columnsOf(const std::string &table, const std::string &wanted)
    {
        std::set<std::string> present;
        tryEach("SELECT 0, name FROM pragma_table_info('" + table + "')", {},
                [&](const RowView &row) { present.insert(row.text(1)); });
        std::string list;
        for (std::size_t from = 0; from < wanted.size();) {
            const auto comma = std::min(wanted.find(',', from), wanted.size());
            const auto begin = wanted.find_first_not_of(' ', from);
            const auto name = wanted.substr(begin, comma - begin);
            list += (list.empty() ? "" : ", ") + (present.contains(name) ? name : "NULL");
            from = comma + 1;
        }
        return list;
    }

    bool tryEach(const std::string &sql, const QVariantList &values, const Take &take)
    {
        if (!m_connection)
            return false;
        try {
            m_connection->each(sql.c_str(), values, take);
            return true;
        } catch (const StorageError &) {
            return false;
        }
    }

    std::unique_ptr<Connection> m_connection;
};

/// What could be read.
struct Found {
    std::map<std::int64_t, Intent> intents;
    std::map<std::string, std::string> settings;
    std::map<std::string, LocalDraft> drafts;
    std::vector<Upload> uploads;
};

Found readAll(const QString &file)
{
    Found found;
    Wreck wreck{file};
    wreck.each("ident", "k, v", [&](const RowView &row) { found.settings[row.text(1)] = row.text(2); });
    wreck.each("localdraft", "key, body, at", [&](const RowView &row) {
        found.drafts[row.text(1)] = {row.text(2), base::fromMs(row.integer(3))};
    });
    wreck.each("upload", uploadColumns,
               [&](const RowView &row) { found.uploads.push_back(uploadOf(row.after(1))); });
    wreck.each("intent", intentColumns, [&](const RowView &row) {
        auto intent = intentOf(row.after(1));
        if (!intent.mid.isNull() && intent.state != IntentState::Accepted)
            found.intents.emplace(intent.n, std::move(intent));
    });
    return found;
}

void writeAll(OutboxStore &outbox, const Found &found)
{
    for (const auto &[key, value] : found.settings)
        if (key != "next_n")
            outbox.setSetting(key, value);
    for (const auto &[key, draft] : found.drafts)
        outbox.putDraft(key, draft);
    for (const auto &upload : found.uploads)
        outbox.putUpload(upload);
    for (auto [n, intent] : found.intents) {
        if (intent.state != IntentState::Problem) {
            intent.state = IntentState::Problem;
            intent.code = base::ErrorCode::Storage;
            intent.detail = "recovered";
        }
        intent.dep = 0;
        outbox.add(std::move(intent));
    }
}

} // namespace

// Whatever step a crash ends, the next start goes on: the damaged file leaves its place only when the new one
// is complete.
std::optional<Recovered> recoverOutbox(const QString &file)
{
    const auto fresh = file + QStringLiteral(".recovered");
    if (!QFile::exists(file) && QFile::exists(fresh) && !QFile::rename(fresh, file))
        throw StorageError{14, "cannot put the recovered outbox in place: " + file.toStdString()};
    if (!QFile::exists(file) || isWhole(file))
        return std::nullopt;
    for (const auto *tail : {"", "-wal", "-shm"})
        QFile::remove(fresh + QLatin1String{tail});
    const auto found = readAll(file);
    {
        OutboxStore outbox{fresh};
        // The numbers go on behind all that may have been used; unknown, this is another device from now on.
        const auto next = found.settings.find("next_n");
        if (next != found.settings.end())
            outbox.setSetting("next_n", next->second);
        else
            outbox.setSetting("cloned", "1");
    }
    {
        OutboxStore outbox{fresh}; // reads where the numbers go on
        writeAll(outbox, found);
    }
    Connection{fresh, Connection::Mode::Durable}.script("PRAGMA wal_checkpoint(TRUNCATE);\n");
    Recovered recovered;
    recovered.intents = static_cast<int>(found.intents.size());
    recovered.drafts = static_cast<int>(found.drafts.size());
    recovered.aside = file + QStringLiteral(".damaged-%1").arg(QDateTime::currentMSecsSinceEpoch());
    for (const auto *tail : {"-wal", "-shm", ""}) {
        const auto from = file + QLatin1String{tail};
        if (QFile::exists(from) && !QFile::rename(from, recovered.aside + QLatin1String{tail}))
            throw StorageError{14, "cannot set the damaged outbox aside: " + file.toStdString()};
    }
    if (!QFile::rename(fresh, file))
        throw StorageError{14, "cannot put the recovered outbox in place: " + file.toStdString()};
    return recovered;
}

} // namespace client::storage
