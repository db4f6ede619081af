#include "server/sync/receipts.h"

#include "shared/base/fingerprint.h"

namespace server::sync {

namespace {

using storage::Blob;
using storage::Row;
using storage::Value;

Receipts::Stored fromRow(const Row &row)
{
    Receipts::Stored stored;
    stored.receipt.n = row.integer(0);
    stored.receipt.verdict = protocol::verdictFromText(row.text(1)).value_or(protocol::Verdict::Rejected);
    stored.receipt.code = base::errorCodeFromText(row.text(2));
    stored.receipt.detail = row.text(3);
    stored.receipt.seq = row.integer(4);
    stored.receipt.repeated = true;
    stored.mid = row.uuid(5);
    stored.receipt.mid = stored.mid;
    stored.user = row.uuid(6);
    stored.hash = row.blob(7);
    return stored;
}

std::optional<Receipts::Stored> maybe(const std::optional<Row> &row)
{
    return row ? std::optional{fromRow(*row)} : std::nullopt;
}

} // namespace

std::optional<Receipts::Stored> Receipts::find(const base::Uuid &device, std::int64_t n)
{
    return maybe(m_tx.one("SELECT n, verdict, code, detail, seq, mid, user, hash FROM sync_receipt"
                          " WHERE account_id = ? AND device = ? AND n = ?",
                          {m_account, device, n}));
}

std::optional<Receipts::Stored> Receipts::findByMid(const base::Uuid &user, const base::Uuid &mid)
{
    return maybe(m_tx.one("SELECT n, verdict, code, detail, seq, mid, user, hash FROM sync_receipt"
                          " WHERE account_id = ? AND mid = ? AND user = ? LIMIT 1",
                          {m_account, mid, user}));
}

void Receipts::store(const base::Uuid &device, const base::Uuid &user, const protocol::Mutation &mutation,
                     const protocol::Receipt &receipt, base::Timestamp at)
{
    const bool hasCode = receipt.verdict != protocol::Verdict::Ok;
    m_tx.run(
        "INSERT INTO sync_receipt(account_id, device, n, mid, user, hash, verdict, code, detail, seq, at)"
        " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {m_account, device, mutation.n, mutation.mid, user, Blob{hash(mutation)},
         protocol::toText(receipt.verdict), hasCode ? Value{base::toText(receipt.code)} : Value{},
         receipt.detail.empty() ? Value{} : Value{receipt.detail}, receipt.seq, at});
}

void Receipts::setSeq(const base::Uuid &device, std::int64_t n, std::int64_t seq)
{
    m_tx.run("UPDATE sync_receipt SET seq = ? WHERE account_id = ? AND device = ? AND n = ?",
             {seq, m_account, device, n});
}

std::int64_t Receipts::countFailure(const base::Uuid &device, std::int64_t n)
{
    const auto row =
        m_tx.one("INSERT INTO sync_failure(account_id, device, n, count) VALUES(?, ?, ?, 1)"
                 " ON CONFLICT(account_id, device, n) DO UPDATE SET count = count + 1 RETURNING count",
                 {m_account, device, n});
    return row->integer(0);
}

std::string Receipts::hash(const protocol::Mutation &mutation)
{
    const auto value = base::fnv1a64(mutation.args, base::fnv1a64("\n", base::fnv1a64(mutation.op)));
    std::string bytes;
    for (int shift = 56; shift >= 0; shift -= 8)
        bytes += static_cast<char>(value >> shift & 0xff);
    return bytes;
}

} // namespace server::sync
