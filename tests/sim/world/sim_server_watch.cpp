#include "server/features/conversations/conversation_store.h"
#include "server/sync/journal.h"
#include "server/sync/receipts.h"
#include "shared/base/json.h"
#include "shared/protocol/limits.h"
#include "tests/sim/world/sim_server.h"

#include <algorithm>

// The half of SimServer that looks at what the real core does.
namespace tests {

std::optional<protocol::Receipt> SimServer::receiptOf(const base::Uuid &user, const base::Uuid &mid)
{
    return desk.read([&](server::storage::Transaction &tx) -> std::optional<protocol::Receipt> {
        const auto known = server::sync::Receipts{tx, 1}.findByMid(user, mid);
        return known ? std::optional{known->receipt} : std::nullopt;
    });
}

bool SimServer::hasConversation(const base::Uuid &id)
{
    return desk.read([&](server::storage::Transaction &tx) {
        return server::conversations::ConversationStore{tx}.find(1, id).has_value();
    });
}

bool SimServer::hasMessage(const base::Uuid &mid, const base::Uuid &conversation)
{
    return desk.read([&](server::storage::Transaction &tx) {
        const auto row = (*desk.entities.find(protocol::EntityType::Message))(tx, 1, mid);
        const auto state = server::sync::readState(tx, 1, protocol::EntityType::Conversation, conversation);
        return row && state && !state->deleted;
    });
}

void SimServer::lookAtReceived(Peer &peer, const std::string &frame)
{
    if (frame.find(R"("k":"a")") != std::string::npos) {
        const auto q = base::integerField(base::Json::parse(frame), "q").value_or(0);
        std::erase_if(peer.unacked, [q](std::int64_t to) { return to <= q; });
    } else if (frame.find(R"("k":"hello")") != std::string::npos) {
        peer.token = base::textField(base::Json::parse(frame), "token").value_or("");
        peer.unacked.clear();
    } else if (frame.find(R"("k":"auth")") != std::string::npos) {
        peer.token = base::textField(base::Json::parse(frame), "token").value_or("");
    }
}

void SimServer::lookAtSent(Peer &peer, const std::string &frame)
{
    if (frame.find(R"("k":"scopes")") != std::string::npos)
        peer.scopes = base::member(base::Json::parse(frame), "list");
    if (frame.find(R"("k":"reset")") != std::string::npos)
        peer.unacked.clear();
    if (!frame.starts_with(R"({"k":"d")"))
        return;
    const auto json = base::Json::parse(frame);
    peer.unacked.push_back(base::integerField(json, "to").value_or(0));
    if (peer.unacked.size() > protocol::maxUnackedFrames)
        m_loop.fail("6.3: " + std::to_string(peer.unacked.size()) +
                    " delta frames without an acknowledgement");
    lookAtChanges(peer, json);
    if (m_loop.recorder)
        recordPage(peer, json);
}

// I7: nothing leaves that the person may not see at this moment.
void SimServer::lookAtChanges(const Peer &peer, const base::Json &frame)
{
    const auto &changes = base::member(frame, "ch");
    if (!changes.is_array() || changes.empty() || !m_loop.chance(20))
        return;
    std::string leaked;
    desk.database->read([&](server::storage::Transaction &tx) {
        const auto who = directory.authenticate(tx, peer.token);
        if (!who)
            return;
        const auto scopes = directory.scopes(tx, *who);
        for (const auto &change : changes) {
            if (base::textField(change, "o"))
                continue;
            const auto type = protocol::entityTypeFromText(base::textField(change, "t").value_or(""));
            const auto id = base::uuidField(change, "id");
            if (!type || !id || *type == protocol::EntityType::ReadState ||
                *type == protocol::EntityType::Draft)
                continue; // read states go by the id of their conversation
            const auto state = server::sync::readState(tx, 1, *type, *id);
            if (!state || std::find(scopes.begin(), scopes.end(), state->scope) == scopes.end())
                leaked = base::toText(change).substr(0, 200);
        }
    });
    if (!leaked.empty())
        m_loop.fail("I7: " + peer.peer.name + " was sent what it may not see: " + leaked);
}

namespace {

base::Json journalRows(server::storage::Transaction &tx, std::int64_t after)
{
    auto rows = base::Json::array();
    tx.each("SELECT j.seq, j.kind, j.etype, j.eid, j.op, s.key, j.sv, j.parent FROM sync_journal j"
            " JOIN sync_scope s ON s.id = j.scope WHERE j.account_id = 1 AND j.seq > ? ORDER BY j.seq",
            {after}, [&rows](const server::storage::Row &row) {
                const auto type = protocol::entityTypeFromNumber(static_cast<int>(row.integer(2)));
                const auto parent = row.maybeUuid(7);
                rows.push_back({{"seq", row.integer(0)},
                                {"kind", row.integer(1)},
                                {"type", type ? std::string{protocol::toText(*type)} : std::string{"?"}},
                                {"id", row.uuid(3).text()},
                                {"op", row.text(4)},
                                {"scope", row.text(5)},
                                {"sv", row.integer(6)},
                                {"parent", parent ? base::Json(parent->text()) : base::Json()}});
                return true;
            });
    return rows;
}

} // namespace

void SimServer::recordCommit()
{
    desk.database->read([&](server::storage::Transaction &tx) {
        const auto head = server::sync::readHead(tx, 1);
        m_loop.recorder(base::toText(
            {{"commit", journalRows(tx, m_recorded)}, {"head", head.head}, {"floor", head.floor}}));
        m_recorded = head.head;
    });
}

void SimServer::recordJournal()
{
    if (!m_loop.recorder)
        return;
    recordCommit();
    desk.database->read([&](server::storage::Transaction &tx) {
        auto line = base::Json::object();
        line["journal"] = journalRows(tx, 0);
        m_loop.recorder(base::toText(line));
    });
}

void SimServer::recordPage(const Peer &peer, const base::Json &frame)
{
    recordCommit(); // what is read may be newer than what the listener has told
    auto rows = base::Json::array();
    for (const auto &change : base::member(frame, "ch"))
        rows.push_back({change["q"], base::textField(change, "o").value_or("u"),
                        peer.scopes.at(change["s"].get<std::size_t>())});
    m_loop.recorder(base::toText(
        {{"page", rows}, {"from", frame["from"]}, {"to", frame["to"]}, {"scopes", peer.scopes}}));
}

void SimServer::committed(const server::sync::Committed &news)
{
    if (m_loop.recorder)
        recordCommit();
    const auto *reader = desk.entities.find(protocol::EntityType::Message);
    std::vector<std::tuple<std::int64_t, base::Uuid, base::Uuid>> fresh;
    desk.database->read([&](server::storage::Transaction &tx) {
        for (const auto &change : news.changes) {
            if (change.type != protocol::EntityType::Message ||
                change.kind != server::sync::ChangeKind::Upsert || !change.parent)
                continue;
            if (const auto row = (*reader)(tx, 1, change.id))
                fresh.emplace_back(base::integerField(*row, "n").value_or(0), *change.parent, change.id);
        }
    });
    for (const auto &[n, conversation, message] : fresh)
        watch.numbered(conversation, message, n);
}

} // namespace tests
