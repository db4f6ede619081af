#include "tests/server_sync/model_client.h"

namespace tests {

using base::Json;
using server::sync::BulkReader;

void ModelClient::connect(server::sync::SessionCore &core, FakeSink &sink, server::sync::SessionId session)
{
    m_core = &core;
    m_sink = &sink;
    m_session = session;
    auto undecided = Json::array();
    for (const auto &[n, mutation] : m_outbox)
        undecided.push_back(n);
    core.opened(session);
    send({{"k", "hello"},
          {"proto", {1, 1}},
          {"device", m_person.device.text()},
          {"token", m_person.token},
          {"codecs", {2, 1, 0}},
          {"epoch", m_epoch},
          {"q", m_cursor},
          {"undecided", undecided}});
    resendOutbox();
}

void ModelClient::disconnect()
{
    if (m_core && m_sink->links[m_session].closed == 0)
        m_core->closed(m_session);
    m_core = nullptr;
    m_answer.reset();
}

bool ModelClient::takeFrame()
{
    if (!m_core)
        return false;
    auto &link = m_sink->links[m_session];
    if (link.frames.empty()) {
        if (link.closed != 0)
            disconnect();
        return false;
    }
    const auto frame = std::move(link.frames.front());
    link.frames.pop_front();
    take(frame);
    return true;
}

void ModelClient::take(const Json &frame)
{
    const auto kind = frame["k"].get<std::string>();
    if (kind == "d")
        takeDelta(frame);
    else if (kind == "scopes")
        takeScopes(frame);
    else if (kind == "reset")
        takeReset(frame);
    else if (kind == "res")
        takeReceipts(frame);
    else if (kind == "welcome" && frame["q"].get<std::int64_t>() != m_cursor && frame["epoch"] == m_epoch &&
             frame["q"] != frame["head"])
        fail("welcome resumes elsewhere");
}

void ModelClient::takeDelta(const Json &frame)
{
    if (frame["from"].get<std::int64_t>() != m_cursor)
        return fail("delta does not continue the cursor");
    std::int64_t last = m_cursor;
    for (const auto &row : frame["ch"]) {
        const auto q = row["q"].get<std::int64_t>();
        if (q <= last || q > frame["to"].get<std::int64_t>())
            return fail("rows out of order");
        last = q;
        const auto &scope = m_list.at(row["s"].get<std::size_t>());
        const auto op = base::textField(row, "o").value_or("");
        const Key key{row["t"], row["id"]};
        if (op == "d")
            remove(key, q, nullptr);
        else if (op == "x")
            remove(key, q, &scope);
        else
            upsert(row, scope);
    }
    m_cursor = frame["to"].get<std::int64_t>();
    send({{"k", "a"}, {"q", m_cursor}});
}

void ModelClient::takeScopes(const Json &frame)
{
    m_list = frame["list"].get<std::vector<std::string>>();
    const std::set<std::string> now{m_list.begin(), m_list.end()};
    std::erase_if(m_rows, [&](const auto &row) { return !now.contains(row.second.scope); });
    std::erase_if(m_scopes, [&](const auto &scope) { return !now.contains(scope.first); });
    for (const auto &scope : m_list)
        if (!m_scopes.contains(scope))
            m_scopes[scope] = {++m_lastSid, false, {}};
}

void ModelClient::takeReset(const Json &frame)
{
    ++resets;
    m_answer.reset();
    m_resetAt = frame["q"].get<std::int64_t>();
    m_epoch = frame["epoch"].get<std::int64_t>();
    m_cursor = frame["q"].get<std::int64_t>();
    for (auto &[key, scope] : m_scopes)
        scope = {++m_lastSid, false, {}};
    if (frame["rev0"].get<bool>()) {
        for (auto &[key, row] : m_rows)
            row.q = row.sv = 0;
        for (auto &[conversation, asOf] : m_windows)
            asOf = 0;
        m_tombs.clear();
    }
}

void ModelClient::takeReceipts(const Json &frame)
{
    for (const auto &item : frame["r"]) {
        const auto receipt = *protocol::receiptFromJson(item);
        if (receipt.verdict == protocol::Verdict::Nack)
            continue;
        const auto mutation = m_outbox.find(receipt.n);
        if (mutation == m_outbox.end())
            continue;
        if (receipt.verdict == protocol::Verdict::Ok) {
            m_accepted.insert(mutation->second.mid);
            if (!receipt.repeated && receipt.seq <= m_cursor && receipt.seq > m_resetAt &&
                mutation->second.op == "message.create")
                fail("the delta came before its receipt");
        }
        m_outbox.erase(mutation);
    }
}

void ModelClient::upsert(const Json &row, const std::string &scope)
{
    const Key key{row["t"], row["id"]};
    const auto q = row["q"].get<std::int64_t>();
    const auto held = m_rows.find(key);
    const auto parent = base::textField(row, "p").value_or("");
    if (held != m_rows.end() && held->second.q >= q)
        return;
    const auto sv = base::integerField(row, "sv").value_or(0);
    if (key.first == "conversation") {
        if (held == m_rows.end() || held->second.sv != sv)
            m_windows[key.second] = q;
        moveChildren(key.second, scope);
    }
    const auto home = m_rows.find({"conversation", parent});
    const auto &place = key.first == "message" && home != m_rows.end() ? home->second.scope : scope;
    m_rows[key] = {q, place, parent, sv, m_scopes[place].sid, row["v"]};
}

void ModelClient::remove(const Key &key, std::int64_t q, const std::string *onlyIn)
{
    m_tombs[key] = std::max(m_tombs[key], q);
    const auto held = m_rows.find(key);
    const bool absent = held == m_rows.end();
    if (!absent && (held->second.q > q || (onlyIn && held->second.scope != *onlyIn)))
        return;
    if (key.first == "conversation")
        dropChildren(key.second, onlyIn);
    if (!absent)
        m_rows.erase(held);
}

// What moves along is not confirmed by that: the window or the bundle that comes with the move does it.
void ModelClient::moveChildren(const std::string &parent, const std::string &scope)
{
    for (auto &[child, value] : m_rows)
        if (child.first == "message" && value.parent == parent && value.scope != scope) {
            value.scope = scope;
            value.sid = 0;
        }
}

void ModelClient::dropChildren(const std::string &parent, const std::string *onlyIn)
{
    std::erase_if(m_rows, [&](const auto &row) {
        return row.first.first == "message" && row.second.parent == parent &&
               (!onlyIn || row.second.scope == *onlyIn);
    });
}

bool ModelClient::bulkStep()
{
    if (!m_core || m_list.empty())
        return false;
    if (m_answer) {
        const auto answer = *std::exchange(m_answer, std::nullopt);
        answer["k"] == "b" ? takeBundle(answer) : takeWindow(answer);
        return true;
    }
    const BulkReader reader{m_world.entities};
    for (const auto &[name, scope] : m_scopes) {
        if (scope.live)
            continue;
        m_world.database->read([&](server::storage::Transaction &tx) {
            const auto mine = m_world.scopes(tx, m_world.principal(m_person));
            if (std::find(mine.begin(), mine.end(), name) == mine.end())
                return;
            const auto bundle = reader.bundle(tx, World::account, name, scope.sid, scope.token);
            m_answer = Json::parse(bundle->frame);
        });
        if (m_answer)
            return true;
    }
    if (m_windows.empty())
        return false;
    m_world.database->read([&](server::storage::Transaction &tx) {
        m_answer =
            Json::parse(reader.window(tx, World::account, m_world.scopes(tx, m_world.principal(m_person)),
                                      *base::Uuid::parse(m_windows.begin()->first), 0, 50));
    });
    return true;
}

void ModelClient::applyBulk(const Json &row, const std::string &scope, std::int64_t asOf)
{
    const Key key{row["t"], row["id"]};
    const auto q = row["q"].get<std::int64_t>();
    const auto parent = base::textField(row, "p").value_or("");
    const auto removed = [&](const Key &which) {
        const auto tomb = m_tombs.find(which);
        return tomb != m_tombs.end() && tomb->second > asOf;
    };
    if (removed(key) || (key.first == "message" && removed({"conversation", parent})))
        return;
    const auto held = m_rows.find(key);
    if (held != m_rows.end() && held->second.q >= q && held->second.q > 0) {
        const bool child = key.first == "message" && m_rows.contains({"conversation", parent});
        if (child)
            held->second.scope = m_rows[{"conversation", parent}].scope;
        if (held->second.scope == scope)
            held->second.sid = std::max(held->second.sid, m_scopes[scope].sid);
        return;
    }
    if (key.first == "conversation")
        moveChildren(key.second, scope);
    m_rows[key] = {q,       scope, parent, base::integerField(row, "sv").value_or(0), m_scopes[scope].sid,
                   row["v"]};
}

void ModelClient::takeBundle(const Json &frame)
{
    const auto name = frame["s"].get<std::string>();
    const auto scope = m_scopes.find(name);
    if (scope == m_scopes.end() || scope->second.sid != frame["sid"].get<std::int64_t>())
        return;
    const auto asOf = frame["as_of"].get<std::int64_t>();
    if (frame["done"].get<std::int64_t>() > frame["total"].get<std::int64_t>())
        fail("more done than there is");
    for (const auto &row : frame["rows"])
        applyBulk(row, name, asOf);
    scope->second.token = frame["tok"].get<std::string>();
    if (!frame["last"].get<bool>())
        return;
    std::erase_if(m_rows, [&](const auto &row) {
        return row.second.scope == name && row.second.sid < scope->second.sid;
    });
    scope->second.live = true;
}

void ModelClient::takeWindow(const Json &frame)
{
    const auto conversation = frame["conv"].get<std::string>();
    const auto held = m_rows.find({"conversation", conversation});
    if (held == m_rows.end()) {
        m_windows.erase(conversation);
        return;
    }
    if (!frame["visible"].get<bool>())
        return; // asked again later
    const auto asOf = frame["as_of"].get<std::int64_t>();
    const auto wanted = m_windows.find(conversation);
    if (wanted == m_windows.end() || asOf < wanted->second)
        return; // read before the conversation came here
    const auto scope = held->second.scope;
    std::set<std::string> present;
    for (const auto &row : frame["rows"])
        present.insert(row["id"].get<std::string>());
    const auto low = frame["lo"].get<std::int64_t>();
    std::erase_if(m_rows, [&](const auto &row) {
        if (row.first.first != "message" || row.second.parent != conversation || row.second.q > asOf)
            return false;
        const auto n = row.second.value["n"].template get<std::int64_t>();
        return n >= low && !present.contains(row.first.second);
    });
    for (const auto &row : frame["rows"])
        applyBulk(row, scope, asOf);
    m_windows.erase(conversation);
}

void ModelClient::mutate(const std::string &op, const Json &args)
{
    protocol::Mutation mutation;
    mutation.n = ++m_lastN;
    mutation.mid = m_world.ids.next();
    mutation.lane = "ac";
    mutation.op = op;
    mutation.args = base::toText(args);
    m_outbox.emplace(mutation.n, mutation);
    send({{"k", "mut"}, {"i", Json::array({protocol::toJson(mutation)})}});
}

void ModelClient::resendOutbox()
{
    auto items = Json::array();
    for (const auto &[n, mutation] : m_outbox)
        items.push_back(protocol::toJson(mutation));
    if (!items.empty())
        send({{"k", "mut"}, {"i", items}});
}

bool ModelClient::settled(std::int64_t head) const
{
    bool live = m_core != nullptr && m_cursor == head && m_windows.empty() && !m_answer && m_outbox.empty();
    for (const auto &[name, scope] : m_scopes)
        live = live && scope.live;
    return live && !m_scopes.empty();
}

void ModelClient::send(const Json &frame)
{
    if (m_core && m_sink->links[m_session].closed == 0)
        m_core->received(m_session, base::toText(frame));
}

void ModelClient::fail(const std::string &what)
{
    if (trouble.empty())
        trouble = what;
}

} // namespace tests
