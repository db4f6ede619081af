#include "client/storage/entity_table.h"
#include "client/sync/verifier.h"
#include "server/app/journal_check.h"
#include "server/sync/receipts.h"
#include "shared/protocol/conversations/conversation_messages.h"
#include "shared/protocol/macros/macro_messages.h"
#include "tests/sim/world/world.h"

#include <algorithm>
#include <chrono>

// What must be so in the end.
namespace tests {

namespace {

constexpr std::chrono::hours settleLimit{1};

QString text(const std::string &value)
{
    return QString::fromStdString(value);
}

} // namespace

std::vector<std::string> World::verify(SimClient &client)
{
    std::optional<base::Result<std::vector<std::string>>> result;
    client::sync::Verifier verifier{client.engine(), client.cache(), client.bulk(), client.scheduler(),
                                    loop.clock};
    verifier.start(std::chrono::minutes{30}, [&result](const auto &found) { result = found; });
    runUntil([&result] { return result.has_value(); }, settleLimit);
    if (!result)
        return {"no answer"};
    return *result ? **result : std::vector<std::string>{"verify: " + result->error().detail};
}

base::Result<client::sync::AuditResult> World::audit(SimClient &client, bool repair)
{
    std::optional<base::Result<client::sync::AuditResult>> result;
    client.run([&] { client.audit(repair, [&result](const auto &found) { result = found; }); });
    runUntil([&result] { return result.has_value(); }, settleLimit);
    return result ? *result : base::Error{base::ErrorCode::Network, "no answer"};
}

// A row of another time, one that is not the server's, or one that is not there: what no page of SQLite
// shows. Its name; nothing when there is nothing to damage.
std::string World::damage(SimClient &client)
{
    auto &connection = client.cache().connection();
    std::vector<std::pair<std::string, std::vector<base::Uuid>>> tables;
    for (const auto &table : client::storage::entityTables()) {
        // Of messages those that are held for sure, of their states those of such messages.
        const auto of = [&table]() -> std::string {
            if (!table.childOfConversation)
                return "";
            return table.type == protocol::EntityType::Message
                       ? " WHERE n >= (SELECT lo FROM conversation c WHERE c.id = parent)"
                       : " WHERE id IN (SELECT m.id FROM message m JOIN conversation c ON c.id = m.parent"
                         " WHERE m.n >= c.lo)";
        }();
        std::vector<base::Uuid> ids;
        connection.each(("SELECT id FROM " + table.name + of + " ORDER BY id").c_str(), {},
                        [&](const auto &row) { ids.push_back(row.uuid(0)); });
        if (!ids.empty())
            tables.emplace_back(table.name, std::move(ids));
    }
    if (tables.empty())
        return {};
    const auto &[table, ids] =
        tables[static_cast<std::size_t>(loop.below(static_cast<std::int64_t>(tables.size())))];
    const auto &id = ids[static_cast<std::size_t>(loop.below(static_cast<std::int64_t>(ids.size())))];
    static constexpr const char *changes[] = {"UPDATE % SET q = q + 100000", "UPDATE % SET q = q - 1",
                                              "DELETE FROM %"};
    std::string sql{changes[loop.below(3)]};
    sql.replace(sql.find('%'), 1, table);
    connection.run((sql + " WHERE id = ?").c_str(), {client::storage::sqlValue(id)});
    return sql + " " + id.text();
}

std::int64_t World::audits() const
{
    std::int64_t held = 0;
    for (const auto &client : clients)
        held += client->audits;
    return held;
}

QString World::audited()
{
    for (std::size_t i = 0; i < clients.size(); ++i) {
        const auto found = audit(*clients[i], false);
        if (!found)
            return QStringLiteral("client %1: no audit: %2").arg(i).arg(text(found.error().detail));
        if (!found->differing.empty())
            return QStringLiteral("client %1: an audit finds %2").arg(i).arg(text(found->differing.front()));
    }
    auto &client = *clients[static_cast<std::size_t>(m_seed % clients.size())];
    const auto what = damage(client);
    if (what.empty())
        return {};
    loop.tell(client.name(), "is damaged: " + what);
    const auto found = audit(client, true);
    if (!found || found->differing.empty() || found->repaired == 0)
        return text("an audit does not find what was done: " + what);
    return settle() ? QString{} : text("no rest after an audit: " + unsettled());
}

QString World::compareRows(SimClient &client)
{
    QString wrong;
    const auto scopes = server->desk.read([&](server::storage::Transaction &tx) {
        return server->directory.scopes(tx, server->desk.principal(client.who()));
    });
    for (const auto &table : client::storage::entityTables()) {
        const auto sql = "SELECT DISTINCT scope FROM " + table.name;
        client.cache().connection().each(sql.c_str(), {}, [&](const auto &row) {
            if (std::find(scopes.begin(), scopes.end(), row.text(0)) == scopes.end())
                wrong = text(table.name + " of a scope that is not one's own: " + row.text(0));
        });
    }
    for (const auto &table : client::storage::entityTables()) {
        const auto *reader = server->desk.entities.find(table.type);
        if (!reader || table.type == protocol::EntityType::ReadState ||
            table.type == protocol::EntityType::Draft)
            continue; // these have another id on the server; the digest covers them
        const auto sql = "SELECT id, row, pending FROM " + table.name;
        client.cache().connection().each(sql.c_str(), {}, [&](const auto &row) {
            std::optional<base::Json> there;
            server->desk.database->read(
                [&](server::storage::Transaction &tx) { there = (*reader)(tx, 1, row.uuid(0)); });
            const auto theirs = there ? base::toText(*there) : std::string{"nothing"};
            if (row.text(1) != theirs || row.integer(2) != 0)
                wrong = text(table.name + " " + row.uuid(0).text() + ": " + row.text(1) + " is " + theirs);
        });
    }
    if (!client.cache().shadows().empty())
        wrong = QStringLiteral("shadows without intents");
    return wrong;
}

QString World::judge()
{
    if (!settle())
        return text(loop.violation.empty() ? "the world never comes to rest: " + unsettled()
                                           : loop.violation);
    for (const auto &check : {&World::lostOrDoubled, &World::audited, &World::divergence,
                              &World::brokenServer, &World::differsFromFresh})
        if (const auto wrong = (this->*check)(); !wrong.isEmpty())
            return wrong;
    return text(loop.violation);
}

std::string World::unsettled()
{
    if (!server->isQuiet())
        return "the server";
    for (auto &client : clients)
        if (!client->isUp() || !client->engine().isSettled())
            return client->name() +
                   (client->isUp()
                        ? " in state " + std::to_string(static_cast<int>(client->engine().state().kind)) +
                              ", " + std::to_string(client->outbox().undecided()) + " undecided, " +
                              client->engine().state().reason
                        : " is down");
    return "a cursor";
}

QString World::brokenServer()
{
    std::vector<std::string> broken;
    server->desk.database->read(
        [&](server::storage::Transaction &tx) { broken = server::app::brokenInvariants(tx); });
    return broken.empty() ? QString{} : text("server: " + broken.front());
}

QString World::divergence()
{
    for (std::size_t i = 0; i < clients.size(); ++i) {
        const auto differing = verify(*clients[i]);
        if (!differing.empty())
            return QStringLiteral("client %1: %2").arg(i).arg(text(differing.front()));
        if (const auto wrong = compareRows(*clients[i]); !wrong.isEmpty())
            return QStringLiteral("client %1: %2").arg(i).arg(wrong);
        if (clients[i]->cache().quarantined() != 0)
            return QStringLiteral("client %1: quarantined rows").arg(i);
    }
    return {};
}

// Each order has one verdict, and its author knows: what was accepted is over, what was refused or is held
// waits.
QString World::lostOrDoubled()
{
    QString wrong;
    std::map<base::Uuid, protocol::Verdict> verdicts;
    std::set<base::Uuid> released;
    std::set<base::Uuid> dropped;
    server->desk.database->read([&](server::storage::Transaction &tx) {
        server::sync::Receipts receipts{tx, 1};
        for (const auto &made : m_made) {
            const auto known = receipts.findByMid(clients[made.client]->who().id, made.mid);
            if (!known && !made.isForgotten &&
                (!made.isUnsure || (made.isAskedAgain && !isDropped(made.mid))))
                wrong = text(made.op + " " + made.mid.text() + " was never decided" +
                             (made.isUnsure ? " again" : ""));
            if (!known)
                continue;
            const auto verdict = verdicts[made.mid] = known->receipt.verdict;
            if (verdict == protocol::Verdict::Ok && made.target)
                (made.op == protocol::ReleaseMessage::name ? released : dropped).insert(*made.target);
        }
        for (const auto &made : m_made)
            if (!verdicts.contains(made.mid) || made.isUnsure)
                continue;
            else if (const auto problem = wrongWith(tx, made, verdicts[made.mid], released, dropped);
                     !problem.isEmpty())
                wrong = problem;
    });
    const auto order = wrongOrder(verdicts);
    return order.isEmpty() ? wrong : order;
}

// Its author has decided against it: nobody asks for it once more.
bool World::isDropped(const base::Uuid &mid) const
{
    return std::any_of(m_made.begin(), m_made.end(), [&mid](const Made &made) {
        return made.target == mid && made.op != protocol::ReleaseMessage::name;
    });
}

// On any disk that is in use.
const client::storage::Intent *World::leftOf(const base::Uuid &mid)
{
    for (auto &client : clients)
        if (client->hasFiles())
            if (const auto *found = client->outbox().find(mid))
                return found;
    return nullptr;
}

bool World::isDeleted(const Made &made) const
{
    const auto id = base::Uuid::parse(std::string_view{made.lane}.substr(3));
    return id && m_known.deleted.contains(*id);
}

QString World::wrongWith(server::storage::Transaction &tx, const Made &made, protocol::Verdict verdict,
                         const std::set<base::Uuid> &released, const std::set<base::Uuid> &dropped)
{
    using client::storage::IntentState;
    using protocol::Verdict;
    const auto *left = leftOf(made.mid);
    const auto name = QStringLiteral("%1 %2").arg(text(made.op), text(made.mid.text()));
    if (verdict == Verdict::Ok && left)
        return name + QStringLiteral(" is still in the outbox");
    if (made.isForgotten)
        return {};
    if (verdict == Verdict::Rejected && (!left || left->state != IntentState::Problem))
        return name + QStringLiteral(" was refused, and its author was not told");
    const bool isHeldMacro = made.op == protocol::RunMacro::name && verdict == Verdict::Held; // by its reply
    if (made.op != protocol::CreateMessage::name && !isHeldMacro)
        return verdict == Verdict::Held ? name + QStringLiteral(" is held") : QString{};

    const bool said =
        (*server->desk.entities.find(protocol::EntityType::Message))(tx, 1, made.mid).has_value();
    const bool held =
        (*server->desk.entities.find(protocol::EntityType::HeldReply))(tx, 1, made.mid).has_value();
    if (verdict != Verdict::Held) {
        if (held || (said != (verdict == Verdict::Ok) && !isDeleted(made)))
            return name + QStringLiteral(" does not stand where its verdict says");
        return {};
    }
    ++heldReplies;
    // A reply that is held again by a restored server is told by its row.
    if (server->restores == 0 && held != (left && left->state == IntentState::Held))
        return name + text(held ? " is held, and its author was not told" : " waits for no reason");
    if (held && said)
        return name + QStringLiteral(" is held and was sent");
    if (said && !released.contains(made.mid))
        return name + QStringLiteral(" was sent without its author");
    if (!held && !said && !dropped.contains(made.mid) && !(released.contains(made.mid) && isDeleted(made)))
        return name + QStringLiteral(" is lost");
    return {};
}

// Numbers grow along each lane, and nothing was said twice.
QString World::wrongOrder(const std::map<base::Uuid, protocol::Verdict> &verdicts)
{
    QString wrong;
    std::map<std::string, std::int64_t> newest; // by client and lane
    std::set<std::string> said;
    const auto *reader = server->desk.entities.find(protocol::EntityType::Message);
    server->desk.database->read([&](server::storage::Transaction &tx) {
        for (const auto &made : m_made) {
            const auto verdict = verdicts.find(made.mid);
            const bool atOnce = verdict != verdicts.end() && verdict->second == protocol::Verdict::Ok &&
                                server->restores == 0 && !clients[made.client]->wasRewound();
            const auto row = atOnce && made.op == protocol::CreateMessage::name ? (*reader)(tx, 1, made.mid)
                                                                                : std::optional<base::Json>{};
            if (!row)
                continue;
            const auto n = base::integerField(*row, "n").value_or(0);
            auto &last = newest[std::to_string(made.client) + made.lane];
            if (n <= last)
                wrong = QStringLiteral("messages of one lane changed places");
            last = n;
        }
        for (const auto &[conversation, visitor] : m_known.visitors)
            if (!m_known.deleted.contains(conversation))
                for (const auto &body : server->desk.bodies(conversation))
                    if (body.starts_with("From ") && !said.insert(body + conversation.text()).second)
                        wrong = text("twice: " + body);
    });
    return wrong;
}

QString World::differsFromFresh()
{
    std::map<base::Uuid, std::unique_ptr<SimClient>> all; // one for each person
    for (auto &client : clients) {
        auto &fresh = all[client->who().id];
        if (!fresh) {
            fresh = program(client->who());
            fresh->start();
            if (!runUntil([&] { return fresh->isUp() && fresh->engine().isSettled(); }, settleLimit))
                return QStringLiteral("a fresh client never settles");
            (void)verify(*fresh); // brings the whole history
        }
        for (const auto &table : client::storage::entityTables()) {
            if (table.type == protocol::EntityType::Device)
                continue;
            const auto sql = "SELECT id, q, scope, parent, sv, row FROM " + table.name + " ORDER BY id";
            const auto rowsOf = [&](SimClient &of) {
                std::vector<std::string> rows;
                of.cache().connection().each(sql.c_str(), {}, [&rows](const auto &row) {
                    rows.push_back(row.uuid(0).text() + " " + std::to_string(row.integer(1)) + " " +
                                   row.text(2) + " " + row.uuid(3).text() + " " +
                                   std::to_string(row.integer(4)) + " " + row.text(5));
                });
                return rows;
            };
            if (rowsOf(*client) != rowsOf(*fresh))
                return text("an old and a fresh client differ in " + table.name);
        }
    }
    return {};
}

} // namespace tests
