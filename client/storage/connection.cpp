#include "client/storage/connection.h"

#include "client/storage/vault/vault.h"
#include "shared/base/failpoint.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>

#include <atomic>
#include <unordered_map>

namespace client::storage {

namespace {

[[noreturn]] void fail(const QSqlError &error, const char *what)
{
    throw StorageError{error.nativeErrorCode().toInt(),
                       std::string{what} + ": " + error.text().toStdString()};
}

QString freshName()
{
    static std::atomic<int> next{0};
    return QStringLiteral("deskbell-%1").arg(next++);
}

} // namespace

QVariant sqlValue(std::int64_t number)
{
    return QVariant::fromValue<qlonglong>(number);
}

QVariant sqlValue(const std::string &text)
{
    return QString::fromStdString(text);
}

QVariant sqlBytes(std::string_view bytes)
{
    return QByteArray{bytes.data(), static_cast<qsizetype>(bytes.size())};
}

QVariant sqlValue(const base::Uuid &id)
{
    return sqlBytes(id.bytes());
}

QVariant sqlValue(const std::optional<base::Uuid> &id)
{
    return id ? sqlValue(*id) : QVariant{QMetaType::fromType<QByteArray>()};
}

bool RowView::isNull(int column) const
{
    return m_query.isNull(m_first + column);
}

std::int64_t RowView::integer(int column) const
{
    return m_query.value(m_first + column).toLongLong();
}

std::string RowView::text(int column) const
{
    const auto value = m_query.value(m_first + column);
    return value.typeId() == QMetaType::QByteArray ? value.toByteArray().toStdString()
                                                   : value.toString().toStdString();
}

base::Uuid RowView::uuid(int column) const
{
    return maybeUuid(column).value_or(base::Uuid{});
}

std::optional<base::Uuid> RowView::maybeUuid(int column) const
{
    const auto bytes = m_query.value(m_first + column).toByteArray();
    return base::Uuid::fromBytes({bytes.constData(), static_cast<std::size_t>(bytes.size())});
}

struct Connection::Statements {
    QSqlDatabase database;
    std::unordered_map<std::string, std::unique_ptr<QSqlQuery>> kept; // by text
};

Connection::Connection(const QString &file, Mode mode, std::shared_ptr<const Vault> vault)
    : m_vault{std::move(vault)}
    , m_name{freshName()}
    , m_mode{mode}
    , m_statements{std::make_unique<Statements>()}
{
    auto &database = m_statements->database;
    database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_name);
    database.setDatabaseName(m_vault ? m_vault->address(file) : file);
    database.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=5000") +
                               (m_vault ? QStringLiteral(";QSQLITE_OPEN_URI") : QString{}));
    try {
        if (!database.open())
            fail(database.lastError(), "open");
        if (m_vault)
            script("PRAGMA cache_size = -8000;\n"); // KiB: a page that is read again is decrypted again
        if (mode == Mode::ReadOnly) {
            script("PRAGMA query_only = 1;\n");
            return;
        }
        script("PRAGMA journal_mode = WAL;\nPRAGMA foreign_keys = OFF;\n");
        script(mode == Mode::Durable ? "PRAGMA synchronous = FULL;\n" : "PRAGMA synchronous = NORMAL;\n");
    } catch (const StorageError &) {
        database = {};
        QSqlDatabase::removeDatabase(m_name);
        throw;
    }
}

Connection::~Connection()
{
    m_statements->kept.clear();
    m_statements->database.close();
    m_statements.reset();
    QSqlDatabase::removeDatabase(m_name);
}

void Connection::script(std::string_view sql)
{
    std::size_t from = 0;
    while (from < sql.size()) {
        const auto end = sql.find(";\n", from);
        const auto statement =
            sql.substr(from, end == std::string_view::npos ? sql.size() - from : end - from);
        from = end == std::string_view::npos ? sql.size() : end + 2;
        if (statement.find_first_not_of(" \n\t") == std::string_view::npos)
            continue;
        QSqlQuery query{m_statements->database};
        if (!query.exec(QString::fromUtf8(statement.data(), static_cast<qsizetype>(statement.size()))))
            fail(query.lastError(), "script");
    }
}

QSqlQuery &Connection::prepared(const char *sql, const QVariantList &values)
{
    auto &slot = m_statements->kept[sql];
    if (!slot) {
        slot = std::make_unique<QSqlQuery>(m_statements->database);
        slot->setForwardOnly(true);
        if (!slot->prepare(QString::fromUtf8(sql))) {
            const auto error = slot->lastError();
            slot.reset();
            fail(error, sql);
        }
    }
    for (int i = 0; i < values.size(); ++i)
        slot->bindValue(i, values[i]);
    if (!slot->exec()) {
        const auto error = slot->lastError();
        slot->finish();
        fail(error, sql);
    }
    return *slot;
}

void Connection::each(const char *sql, const QVariantList &values,
                      const std::function<void(const RowView &)> &take)
{
    auto &query = prepared(sql, values);
    while (query.next())
        take(RowView{query});
    const auto error = query.lastError();
    query.finish();
    if (error.isValid())
        fail(error, sql);
}

int Connection::run(const char *sql, const QVariantList &values)
{
    auto &query = prepared(sql, values);
    const int changed = query.numRowsAffected();
    query.finish();
    return changed;
}

std::optional<std::int64_t> Connection::number(const char *sql, const QVariantList &values)
{
    std::optional<std::int64_t> found;
    each(sql, values, [&found](const RowView &row) {
        if (!found && !row.isNull(0))
            found = row.integer(0);
    });
    return found;
}

std::optional<std::string> Connection::text(const char *sql, const QVariantList &values)
{
    std::optional<std::string> found;
    each(sql, values, [&found](const RowView &row) {
        if (!found && !row.isNull(0))
            found = row.text(0);
    });
    return found;
}

void Connection::begin()
{
    run("BEGIN IMMEDIATE");
    m_open = true;
}

void Connection::commit()
{
    const bool durable = m_mode == Mode::Durable; // the outbox; the cache is not
    base::failpoint(durable ? "outbox.commit.before" : "cache.commit.before");
    run("COMMIT");
    m_open = false;
    base::failpoint(durable ? "outbox.commit.after" : "cache.commit.after");
}

void Connection::rollBack() noexcept
{
    m_open = false;
    QSqlQuery query{m_statements->database};
    query.exec(QStringLiteral("ROLLBACK"));
}

} // namespace client::storage
