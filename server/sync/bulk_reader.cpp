#include "server/sync/bulk_reader.h"

#include "server/sync/journal.h"
#include "shared/base/fingerprint.h"
#include "shared/base/json.h"
#include "shared/base/text.h"
#include "shared/protocol/limits.h"

#include <algorithm>
#include <array>
#include <set>

namespace server::sync {

namespace {

using storage::Transaction;

constexpr std::size_t maxWindowBytes =
    2 << 20; // half a frame: a window of huge messages is cut short at its old end
constexpr std::size_t maxTokenBytes = 2048;
constexpr auto conversationType = protocol::EntityType::Conversation;

// The number of a message, from its wire form.
std::int64_t numberOf(const std::string &text)
{
    const auto json = base::parseJson("{" + text);
    return json ? base::integerField(base::member(*json, "v"), "n").value_or(1) : 1;
}

std::optional<RowPlace> placeOf(Transaction &tx, AccountNumber account, protocol::EntityType type,
                                const base::Uuid &id)
{
    const auto row = tx.one("SELECT seq, sv, parent FROM sync_journal"
                            " WHERE account_id = ? AND etype = ? AND eid = ? AND kind = 0 AND op = 'U'",
                            {account, static_cast<int>(type), id});
    if (!row)
        return std::nullopt;
    return RowPlace{type, id, row->integer(0), row->integer(1), row->maybeUuid(2)};
}

std::int64_t scopeId(Transaction &tx, AccountNumber account, const std::string &scope)
{
    const auto row = tx.one("SELECT id FROM sync_scope WHERE account_id = ? AND key = ?", {account, scope});
    return row ? row->integer(0) : 0;
}

// What hangs on a conversation and is kept in part.
bool isChild(protocol::EntityType type)
{
    return type == protocol::EntityType::Message || type == protocol::EntityType::MessageState;
}

std::uint64_t fingerprint(protocol::EntityType type, const base::Uuid &id, std::int64_t seq)
{
    return base::fnv1a64(std::to_string(static_cast<int>(type)) + ':' + id.text() + ':' +
                         std::to_string(seq));
}

std::string hexOf(std::uint64_t sum)
{
    std::string bytes;
    for (int shift = 56; shift >= 0; shift -= 8)
        bytes += static_cast<char>(sum >> shift & 0xff);
    return base::toHex(bytes);
}

bool isInbox(const std::string &scope)
{
    return scope.starts_with("i:");
}

} // namespace

/// What a token says: where the next bundle begins, and what the progress bar needs.
struct BulkReader::Place {
    std::int64_t after = 0;   ///< rows up to this number are done (scopes without conversations)
    std::int64_t end = -1;    ///< the head when the snapshot began: what changed later comes as delta
    std::string conversation; ///< ConversationSource's own token
    std::int64_t done = 0;
    std::int64_t total = 0;
    bool last = false;

    static base::Result<Place> read(std::string_view token);
    [[nodiscard]] std::string text() const;
};

base::Result<BulkReader::Place> BulkReader::Place::read(std::string_view token)
{
    const base::Error malformed{base::ErrorCode::Invalid, "snapshot token"};
    if (token.size() > maxTokenBytes)
        return malformed;
    const auto json = base::parseJson(base::fromBase64Url(token));
    if (!json)
        return malformed;
    const auto after = base::integerField(*json, "a");
    const auto end = base::integerField(*json, "e");
    const auto done = base::integerField(*json, "d");
    const auto total = base::integerField(*json, "t");
    if (!after || !end || !done || !total)
        return malformed;
    return Place{*after, *end, base::textField(*json, "c").value_or(""), *done, *total};
}

std::string BulkReader::Place::text() const
{
    return base::toBase64Url(
        base::toText({{"a", after}, {"e", end}, {"c", conversation}, {"d", done}, {"t", total}}));
}

base::Result<BulkReader::Bundle> BulkReader::bundle(Transaction &tx, AccountNumber account,
                                                    const std::string &scope, std::int64_t sid,
                                                    std::string_view token, const Keeping &keeping) const
{
    Place place;
    const auto head = readHead(tx, account).head;
    if (!token.empty()) {
        auto continued = Place::read(token);
        if (!continued)
            return continued.error();
        place = *std::move(continued);
    } else {
        place.end = head;
        place.total =
            isInbox(scope) && m_registry.conversations()
                ? m_registry.conversations()->count(tx, account, scope)
                : tx.one("SELECT count(*) FROM sync_journal WHERE account_id = ? AND scope = ? AND seq <= ?"
                         " AND op = 'U'",
                         {account, scopeId(tx, account, scope), head})
                      ->integer(0);
    }
    std::string rows;
    if (isInbox(scope) && m_registry.conversations())
        addConversations(tx, account, scope, keeping, place, rows);
    else
        addSmallRows(tx, account, scope, place, rows);

    Bundle bundle{R"({"k":"b","s":)" + base::toText(scope) + R"(,"sid":)" + std::to_string(sid) +
                      R"(,"as_of":)" + std::to_string(head) + R"(,"tok":")" + place.text() + R"(","done":)" +
                      std::to_string(place.done) + R"(,"total":)" +
                      std::to_string(std::max(place.done, place.total)) + R"(,"last":)" +
                      (place.last ? "true" : "false") + R"(,"rows":[)" +
                      (rows.empty() ? rows : rows.substr(1)) + "]}",
                  place.text(), place.last};
    return bundle;
}

// In the order of numbers. An entity that changes meanwhile moves behind `end` and comes as delta: nothing is
// missed.
void BulkReader::addSmallRows(Transaction &tx, AccountNumber account, const std::string &scope, Place &place,
                              std::string &rows) const
{
    place.last = true;
    tx.each("SELECT seq, etype, eid, sv, parent FROM sync_journal"
            " WHERE account_id = ? AND scope = ? AND seq > ? AND seq <= ? AND op = 'U' ORDER BY seq",
            {account, scopeId(tx, account, scope), place.after, place.end}, [&](const storage::Row &row) {
                if (rows.size() >= protocol::maxBundleBytes) {
                    place.last = false;
                    return false;
                }
                place.after = row.integer(0);
                ++place.done;
                if (const auto type = protocol::entityTypeFromNumber(static_cast<int>(row.integer(1))))
                    if (const auto text =
                            rowText(tx, m_registry, account,
                                    {*type, row.uuid(2), row.integer(0), row.integer(3), row.maybeUuid(4)}))
                        rows += ",{" + *text;
                return true;
            });
}

void BulkReader::addConversations(Transaction &tx, AccountNumber account, const std::string &scope,
                                  const Keeping &keeping, Place &place, std::string &rows) const
{
    auto &source = *m_registry.conversations();
    auto token = place.conversation;
    const auto ids = source.page(tx, account, scope, token, protocol::maxBundleConversations);
    std::size_t taken = 0;
    while (taken < ids.size() && (taken == 0 || rows.size() < protocol::maxBundleBytes))
        rows += conversationRows(tx, account, ids[taken++], keeping);
    if (taken < ids.size()) { // the place behind the last one that went in
        token = place.conversation;
        source.page(tx, account, scope, token, taken);
    }
    place.conversation = token;
    place.done += static_cast<std::int64_t>(taken);
    place.last = taken == ids.size() && ids.size() < protocol::maxBundleConversations;
}

std::string BulkReader::conversationRows(Transaction &tx, AccountNumber account, const base::Uuid &id,
                                         const Keeping &keeping) const
{
    const auto place = placeOf(tx, account, conversationType, id);
    if (!place)
        return {};
    const auto row = rowText(tx, m_registry, account, *place);
    if (!row)
        return {};
    const auto wanted = m_registry.conversations()->wanted(tx, account, id, keeping);
    if (wanted == 0)
        return ",{" + *row;
    const auto window = windowRows(tx, account, id, 0, wanted);
    return R"(,{"lo":)" + std::to_string(window.lowest) + ',' + *row + window.rows;
}

std::string BulkReader::window(Transaction &tx, AccountNumber account, const std::vector<std::string> &scopes,
                               const base::Uuid &conversation, std::int64_t before, std::size_t limit,
                               const Keeping &keeping) const
{
    const auto state = readState(tx, account, conversationType, conversation);
    const bool visible = state && !state->deleted && m_registry.conversations() &&
                         std::find(scopes.begin(), scopes.end(), state->scope) != scopes.end();
    const auto start = R"({"k":"w","conv":")" + conversation.text() + R"(","as_of":)" +
                       std::to_string(readHead(tx, account).head);
    if (!visible)
        return start + R"(,"visible":false,"lo":0,"hi":0,"rows":[]})";
    if (limit == 0)
        limit = m_registry.conversations()->wanted(tx, account, conversation, keeping);
    const auto cut = windowRows(tx, account, conversation, before, limit);
    const auto highest = before > 0 ? before - 1 : cut.highest;
    return start + R"(,"visible":true,"lo":)" + std::to_string(cut.lowest) + R"(,"hi":)" +
           std::to_string(highest) + R"(,"rows":[)" + (cut.rows.empty() ? cut.rows : cut.rows.substr(1)) +
           "]}";
}

// The newest first, until it is enough; what the answer tells is a whole range of numbers either way.
BulkReader::Cut BulkReader::windowRows(Transaction &tx, AccountNumber account, const base::Uuid &conversation,
                                       std::int64_t before, std::size_t limit) const
{
    const auto window = m_registry.conversations()->window(tx, account, conversation, before, limit);
    std::vector<std::string> rendered;
    std::size_t messages = 0;
    std::size_t bytes = 0;
    Cut cut;
    cut.lowest = std::max<std::int64_t>(1, window.lowest);
    cut.highest = window.highest;
    std::size_t oldest = 0; // place of the oldest message taken
    bool full = false;
    for (auto row = window.rows.rbegin(); row != window.rows.rend() && !full; ++row) {
        const auto place = placeOf(tx, account, row->type, row->id);
        const auto text = place ? rowText(tx, m_registry, account, *place) : std::nullopt;
        if (!text)
            continue;
        if (row->type == protocol::EntityType::Message) {
            full = bytes + text->size() > maxWindowBytes && messages > 0;
            if (full)
                continue;
            ++messages;
            oldest = rendered.size();
        }
        bytes += text->size();
        rendered.push_back(*text);
    }
    if (full)
        cut.lowest = numberOf(rendered[oldest]);
    else if (messages < limit)
        cut.lowest = 1;
    for (auto row = rendered.rbegin(); row != rendered.rend(); ++row)
        cut.rows += ",{" + *row;
    return cut;
}

std::string BulkReader::bucket(Transaction &tx, AccountNumber account, const std::string &scope,
                               std::uint8_t bucket) const
{
    std::string rows;
    bool cut = false;
    tx.each(
        "SELECT seq, etype, eid, sv, parent FROM sync_journal"
        " WHERE account_id = ? AND scope = ? AND op = 'U' ORDER BY seq",
        {account, scopeId(tx, account, scope)}, [&](const storage::Row &row) {
            const auto type = protocol::entityTypeFromNumber(static_cast<int>(row.integer(1)));
            if (!type || isChild(*type) || wireId(*type, row.uuid(2), row.maybeUuid(4)).raw()[8] != bucket)
                return true;
            cut = rows.size() > maxWindowBytes;
            const auto text = rowText(tx, m_registry, account,
                                      {*type, row.uuid(2), row.integer(0), row.integer(3), row.maybeUuid(4)});
            if (text && !cut)
                rows += ",{" + *text;
            return !cut;
        });
    return R"({"k":"b","s":)" + base::toText(scope) + R"(,"bucket":)" + std::to_string(bucket) +
           R"(,"as_of":)" + std::to_string(readHead(tx, account).head) + R"(,"cut":)" +
           (cut ? "true" : "false") + R"(,"rows":[)" + (rows.empty() ? rows : rows.substr(1)) + "]}";
}

std::string BulkReader::digest(Transaction &tx, AccountNumber account, const std::string &scope, bool heads)
{
    std::array<std::uint64_t, 256> buckets{};
    tx.each(
        "SELECT etype, eid, seq, parent FROM sync_journal WHERE account_id = ? AND scope = ? AND op = 'U'",
        {account, scopeId(tx, account, scope)}, [&](const storage::Row &row) {
            const auto type = protocol::entityTypeFromNumber(static_cast<int>(row.integer(0)));
            if (!type || (heads && isChild(*type)))
                return true;
            const auto id = wireId(*type, row.uuid(1), row.maybeUuid(3));
            buckets[id.raw()[8]] ^= fingerprint(*type, id, row.integer(2));
            return true;
        });
    auto list = base::Json::array();
    for (const auto bucket : buckets)
        list.push_back(hexOf(bucket));
    return base::toText({{"s", scope}, {"head", readHead(tx, account).head}, {"b", list}});
}

std::string BulkReader::windowDigests(Transaction &tx, AccountNumber account, const std::string &scope,
                                      const std::vector<Held> &held) const
{
    auto list = base::Json::array();
    for (const auto &[conversation, lowest] : held) {
        const auto state = readState(tx, account, conversationType, conversation);
        if (!state || state->deleted || state->scope != scope || !m_registry.conversations()) {
            list.push_back("");
            continue;
        }
        const auto below = lowest > 1
                               ? m_registry.conversations()->messagesBelow(tx, account, conversation, lowest)
                               : std::set<base::Uuid>{};
        std::uint64_t sum = 0;
        tx.each("SELECT etype, eid, seq FROM sync_journal WHERE account_id = ? AND parent = ? AND op = 'U'",
                {account, conversation}, [&](const storage::Row &row) {
                    const auto type = protocol::entityTypeFromNumber(static_cast<int>(row.integer(0)));
                    if (type && isChild(*type) && !below.contains(row.uuid(1)))
                        sum ^= fingerprint(*type, row.uuid(1), row.integer(2));
                    return true;
                });
        list.push_back(hexOf(sum));
    }
    return base::toText({{"s", scope}, {"head", readHead(tx, account).head}, {"w", list}});
}

std::optional<std::vector<BulkReader::Held>> heldFromText(std::string_view text)
{
    std::vector<BulkReader::Held> all;
    while (!text.empty()) {
        const auto item = text.substr(0, std::min(text.find(','), text.size()));
        text.remove_prefix(std::min(text.size(), item.size() + 1));
        const auto dot = item.find('.');
        const auto id = base::Uuid::parse(item.substr(0, dot));
        const auto lowest =
            dot == std::string_view::npos ? std::nullopt : base::wholeNumber(item.substr(dot + 1));
        if (!id || !lowest || *lowest < 1 || all.size() == protocol::maxWindowsAsked)
            return std::nullopt;
        all.push_back({*id, *lowest});
    }
    return all;
}

} // namespace server::sync
