#include "tests/sim/world.h"

#include "client/features/canned_responses/logic/canned_response_overlay.h"
#include "client/features/conversations/logic/conversation_overlay.h"
#include "client/storage/entity_table.h"
#include "client/sync/auditor.h"
#include "client/sync/verifier.h"
#include "server/sync/journal.h"
#include "server/sync/receipts.h"
#include "shared/protocol/canned_responses/canned_messages.h"
#include "shared/protocol/conversations/conversation_messages.h"

#include <algorithm>
#include <chrono>
#include <set>

namespace tests {

namespace {

constexpr std::chrono::hours settleLimit{1};

QString text(const std::string &value)
{
    return QString::fromStdString(value);
}

} // namespace

World::World(std::uint64_t seed, int count)
    : loop{seed}
    , server{std::make_unique<SimServer>(loop, seed)}
    , m_ids{loop.clock, loop.random}
{
    client::conversations::registerConversationOverlays(m_overlays);
    client::canned_responses::registerCannedResponseOverlays(m_overlays);
    flipping = server->desk.addAgent("Flo", true);
    server->desk.write([this](server::sync::WriteContext &ctx) -> base::Status {
        const auto made = server->desk.inboxes.createWebsite(ctx, "Behind", {});
        if (!made)
            return made.error();
        m_behind = *made;
        // Whatever waits at all is late: the customer's new message holds it.
        const auto changed = server->desk.accounts.change(
            ctx, {std::nullopt, std::nullopt, std::string{R"({"stale_after":0,"undo_send_s":0})"}});
        return changed ? base::Status{base::Done{}} : base::Status{changed.error()};
    });
    m_users = {server->desk.admin, server->desk.agent, flipping};
    for (int i = 0; i < count; ++i)
        clients.push_back(program(i < 2 ? server->desk.admin : i % 2 == 0 ? server->desk.agent : flipping));
    for (int i = 0; i < 3; ++i)
        addConversation();
    for (auto &client : clients)
        client->start();
}

std::unique_ptr<SimClient> World::program(const server::sync::Actor &who)
{
    auto actor = who;
    actor.device = m_ids.next();
    return std::make_unique<SimClient>(loop, *server, actor, "token:" + actor.device->text(), m_overlays);
}

domain::ConversationId World::addConversation()
{
    const auto visitor = server->desk.newVisitor();
    const auto posted = server->desk.say(visitor, "Hello", m_ids.next());
    if (!posted)
        return {};
    m_visitors.emplace_back(posted->conversation.conversation.id.value, visitor);
    return posted->conversation.conversation.id;
}

void World::customerWrites()
{
    if (!server->isUp())
        return;
    if (m_visitors.size() < 3 || loop.chance(10)) {
        addConversation();
        return;
    }
    const auto visitor =
        m_visitors[static_cast<std::size_t>(loop.below(static_cast<std::int64_t>(m_visitors.size())))].second;
    const auto posted = server->desk.say(visitor, "Any news? " + std::to_string(loop.steps), m_ids.next());
    if (!posted)
        return;
    const auto id = posted->conversation.conversation.id.value;
    const bool known =
        std::any_of(m_visitors.begin(), m_visitors.end(), [&](const auto &one) { return one.first == id; });
    if (!known)
        m_visitors.emplace_back(id, visitor);
}

void World::flipMembership()
{
    if (!server->isUp())
        return;
    auto &desk = server->desk;
    auto &member = loop.chance(50) ? m_member : m_memberBehind;
    const auto inbox = &member == &m_member ? desk.inbox.inbox.number : m_behind.inbox.number;
    member = !member;
    desk.write([&](server::sync::WriteContext &ctx) {
        return member ? desk.inboxes.addMembers(ctx, inbox, {flipping.number})
                      : desk.inboxes.removeMembers(ctx, inbox, {flipping.number});
    });
}

base::Uuid World::anyConversation()
{
    std::vector<base::Uuid> living;
    for (const auto &[id, visitor] : m_visitors)
        if (!m_deleted.contains(id))
            living.push_back(id);
    return living.empty()
               ? base::Uuid{}
               : living[static_cast<std::size_t>(loop.below(static_cast<std::int64_t>(living.size())))];
}

// No door of the server does these two yet; the protocol has known them from the start.
void World::moveConversation()
{
    const auto id = anyConversation();
    if (!server->isUp() || id.isNull())
        return;
    const auto &to = loop.chance(50) ? m_behind : server->desk.inbox;
    server->desk.write([&](server::sync::WriteContext &ctx) -> base::Status {
        ctx.tx().run("UPDATE conversations SET inbox_id = ?, inbox_uuid = ? WHERE uuid = ?",
                     {to.inbox.number, to.inbox.id, id});
        ctx.record(protocol::EntityType::Conversation, id, server::sync::scope::inbox(to.inbox.id.value));
        return base::Done{};
    });
}

void World::deleteConversation()
{
    const auto id = anyConversation();
    if (!server->isUp() || id.isNull() || m_visitors.size() - m_deleted.size() < 2)
        return;
    m_deleted.insert(id);
    const auto row = server->desk.row(id);
    server->desk.write([&](server::sync::WriteContext &ctx) -> base::Status {
        for (const auto *sql : {"DELETE FROM creads WHERE conversation_id = ?",
                                "DELETE FROM message_states WHERE conversation_id = ?",
                                "DELETE FROM messages WHERE conversation_id = ?",
                                "DELETE FROM conversation_labels WHERE conversation_id = ?",
                                "DELETE FROM conversations WHERE id = ?"})
            ctx.tx().run(sql, {row.number});
        ctx.record({server::sync::ChangeKind::Delete, protocol::EntityType::Conversation, id,
                    server::sync::scope::inbox(row.conversation.inbox.value), std::nullopt});
        return base::Done{};
    });
}

std::string World::argsFor(SimClient &client, const std::string &op, const base::Uuid &conversation)
{
    const domain::ConversationId id{conversation};
    static const std::vector<domain::ConversationStatus> statuses{
        domain::ConversationStatus::Open, domain::ConversationStatus::Pending,
        domain::ConversationStatus::Snoozed, domain::ConversationStatus::Resolved};
    if (op == protocol::CreateMessage::name) {
        const auto kind = loop.chance(30) ? domain::MessageKind::Note : domain::MessageKind::Public;
        return base::toText(protocol::toJson(protocol::CreateMessage{
            id, kind, "From " + client.device().text() + " the " + std::to_string(++m_written), {}}));
    }
    if (op == protocol::SetStatus::name)
        return base::toText(
            protocol::toJson(protocol::SetStatus{id, statuses[static_cast<std::size_t>(loop.below(4))]}));
    if (op == protocol::Snooze::name)
        return base::toText(protocol::toJson(
            protocol::Snooze{id, loop.clock.now() + base::Duration{loop.below(600'000) - 60'000}}));
    if (op == protocol::Assign::name) {
        const auto row = client.cache().mergedRow({protocol::EntityType::Conversation, conversation});
        const auto shown = protocol::conversationFromRow(conversation, base::Json::parse(row->json));
        std::optional<domain::UserId> to;
        if (const auto pick = loop.below(4); pick < 3)
            to = domain::UserId{m_users[static_cast<std::size_t>(pick)].id};
        return base::toText(protocol::toJson(protocol::Assign{id, to, shown->assignee}));
    }
    if (op == protocol::SetPriority::name)
        return base::toText(
            protocol::toJson(protocol::SetPriority{id, static_cast<domain::Priority>(loop.below(5))}));
    if (op == protocol::SetTeam::name)
        return base::toText(protocol::toJson(
            protocol::SetTeam{id, loop.chance(50) ? std::optional{server->desk.team.id} : std::nullopt}));
    if (op == protocol::SetLabels::name) {
        static const std::vector<std::string> titles{"billing", "vip", "late"};
        return base::toText(
            protocol::toJson(protocol::SetLabels{id,
                                                 {titles[static_cast<std::size_t>(loop.below(3))]},
                                                 {titles[static_cast<std::size_t>(loop.below(3))]}}));
    }
    if (op == protocol::SaveCannedResponse::name || op == protocol::DeleteCannedResponse::name)
        return cannedArgs(client, op);
    if (op == protocol::MarkRead::name)
        return base::toText(protocol::toJson(protocol::MarkRead{id, 1 + loop.below(10)}));
    if (op == protocol::SetDraft::name)
        return base::toText(protocol::toJson(
            protocol::SetDraft{id, loop.chance(50) ? domain::MessageKind::Note : domain::MessageKind::Public,
                               loop.chance(20) ? std::string{} : "I begin " + std::to_string(++m_written)}));
    // What is held in that conversation, else one that nobody knows: decided already.
    auto target = m_ids.next();
    for (const auto &[message, where] : heldBy(client))
        if (where == conversation)
            target = message;
    if (op == protocol::ReleaseMessage::name)
        return base::toText(protocol::toJson(protocol::ReleaseMessage{id, {target}}));
    if (op == protocol::DiscardMessage::name)
        return base::toText(protocol::toJson(protocol::DiscardMessage{id, {target}}));
    if (op == protocol::RetryMessage::name)
        return base::toText(protocol::toJson(protocol::RetryMessage{id, {target}}));
    return {}; // a new mutation has no sample yet: the test of all ops says so
}

std::string World::cannedArgs(SimClient &client, const std::string &op)
{
    std::vector<base::Uuid> known{m_ids.next()};
    client.cache().connection().each("SELECT id FROM canned ORDER BY id", {},
                                     [&known](const auto &row) { known.push_back(row.uuid(0)); });
    const domain::CannedResponseId id{
        known[static_cast<std::size_t>(loop.below(static_cast<std::int64_t>(known.size())))]};
    if (op == protocol::DeleteCannedResponse::name)
        return base::toText(protocol::toJson(protocol::DeleteCannedResponse{id}));
    return base::toText(protocol::toJson(protocol::SaveCannedResponse{
        {id, 0, "code" + std::to_string(loop.below(5)), "Text " + std::to_string(++m_written)}}));
}

std::vector<std::pair<base::Uuid, base::Uuid>> World::heldBy(SimClient &client)
{
    std::vector<std::pair<base::Uuid, base::Uuid>> found;
    client.cache().connection().each("SELECT id, row FROM held ORDER BY id", {}, [&found](const auto &row) {
        const auto json = base::Json::parse(row.text(1));
        found.emplace_back(row.uuid(0), base::uuidField(json, "conv").value_or(base::Uuid{}));
    });
    return found;
}

bool World::order(SimClient &client, const std::string &op)
{
    std::vector<base::Uuid> known;
    client.cache().connection().each("SELECT id FROM conversation ORDER BY id", {},
                                     [&known](const auto &row) { known.push_back(row.uuid(0)); });
    if (known.empty())
        return false;
    auto id = known[static_cast<std::size_t>(loop.below(static_cast<std::int64_t>(known.size())))];
    const bool decides = op == protocol::ReleaseMessage::name || op == protocol::DiscardMessage::name;
    if (const auto held = heldBy(client); decides && !held.empty()) {
        const auto where =
            held[static_cast<std::size_t>(loop.below(static_cast<std::int64_t>(held.size())))].second;
        if (std::find(known.begin(), known.end(), where) != known.end())
            id = where;
    }
    client::sync::Order order;
    order.mid = m_ids.next();
    order.op = op;
    // Those that give way to newer ones.
    const bool isTrifle = op == protocol::MarkRead::name || op == protocol::SetDraft::name;
    order.lane = isTrifle ? "me" : op.starts_with("canned.") ? "ac" : "cv:" + id.text();
    order.args = argsFor(client, op, id);
    if (order.args.empty())
        return false;
    const auto target = base::uuidField(base::Json::parse(order.args), "message");
    if (decides)
        order.fixes = target;
    // Own pending messages do not count as seen: somebody else's may get their numbers.
    if (const auto row = client.cache().serverRow({protocol::EntityType::Conversation, id}))
        order.seen =
            protocol::Seen{base::integerField(base::Json::parse(row->json), "last_n").value_or(0), row->q};
    order.dependsOnReply = op == protocol::SetStatus::name && loop.chance(50);
    order.replaceQueued = isTrifle;
    order.replaceKey = id.text();
    const auto at = static_cast<std::size_t>(
        std::find_if(clients.begin(), clients.end(), [&](const auto &one) { return one.get() == &client; }) -
        clients.begin());
    bool taken = false;
    client.run([&] {
        taken = true; // a crash after it was stored does not undo it
        taken = static_cast<bool>(client.engine().submit(order));
    });
    const bool stored = client.outbox().find(order.mid) != nullptr;
    if (stored && !isTrifle)
        m_made.push_back({order.mid, op, order.lane, at, target});
    return taken && stored;
}

void World::breakSomething()
{
    if (!loop.chance(faults))
        return;
    auto &client = *clients[static_cast<std::size_t>(loop.below(static_cast<std::int64_t>(clients.size())))];
    switch (loop.below(7)) {
    case 0:
        return client.cut(loop.chance(50));
    case 1:
        return client.setReachable(loop.chance(50));
    case 2:
        return client.crash();
    case 3:
        return client.crashAtCheckpoint(1 + static_cast<int>(loop.below(12)));
    case 4:
        if (server->isUp() && loop.chance(40))
            server->crash(loop.chance(50));
        return;
    case 5:
        if (!server->isUp())
            server->start();
        return;
    default:
        if (!client.isUp())
            client.start();
        return;
    }
}

void World::step()
{
    server->syncClock();
    const auto names = ops();
    const auto pick = loop.below(100);
    if (pick < 45) {
        auto &client =
            *clients[static_cast<std::size_t>(loop.below(static_cast<std::int64_t>(clients.size())))];
        if (client.isUp())
            order(client,
                  names[static_cast<std::size_t>(loop.below(static_cast<std::int64_t>(names.size())))]);
    } else if (pick < 62) {
        customerWrites();
    } else if (pick < 65) {
        flipMembership();
    } else if (pick < 67) {
        moveConversation();
    } else if (pick < 68) {
        deleteConversation();
    } else if (pick < 80) {
        breakSomething();
    } else if (pick < 81) {
        auto &client =
            *clients[static_cast<std::size_t>(loop.below(static_cast<std::int64_t>(clients.size())))];
        if (client.isUp())
            client.run([&] { client.makeRoom(); });
    } else if (pick < 83) {
        auto &client =
            *clients[static_cast<std::size_t>(loop.below(static_cast<std::int64_t>(clients.size())))];
        if (client.isUp())
            client.run([&] { client.engine().wake(); });
    }
    const auto until = loop.clock.monotonic() + base::Duration{loop.below(loop.chance(10) ? 20'000 : 200)};
    while (loop.step(until)) {
    }
}

bool World::runUntil(const std::function<bool()> &holds, base::Duration limit)
{
    const auto until = loop.clock.monotonic() + limit;
    int sinceLook = 0;
    while (loop.clock.monotonic() < until) {
        if (sinceLook++ % 20 == 0 && holds())
            return true;
        if (!loop.step(until))
            return holds();
    }
    return holds();
}

bool World::isSettled()
{
    const bool calm =
        server->isQuiet() && std::all_of(clients.begin(), clients.end(), [](const auto &client) {
            return client->isUp() && client->engine().isSettled();
        });
    if (!calm)
        return false;
    std::int64_t head = 0;
    server->desk.database->read(
        [&head](server::storage::Transaction &tx) { head = server::sync::readHead(tx, 1).head; });
    return std::all_of(clients.begin(), clients.end(),
                       [head](const auto &client) { return client->engine().replica().cursor() == head; });
}

bool World::settle()
{
    if (!server->isUp())
        server->start();
    for (auto &client : clients) {
        client->crashAtCheckpoint(0);
        client->setReachable(true);
    }
    const auto revive = [this] {
        for (auto &client : clients)
            if (!client->isUp())
                client->start();
        return false;
    };
    runUntil(revive, std::chrono::seconds{5}); // what is dying finishes first
    revive();
    // Programs that another one of the same device replaced, or that gave up, look again as their people do.
    return runUntil(
        [this] {
            revivePeople();
            return isSettled();
        },
        settleLimit);
}

void World::revivePeople()
{
    for (auto &client : clients)
        if (client->isUp() && client->engine().state().kind == client::sync::ConnectionState::Kind::Replaced)
            client->run([&] { client->engine().wake(); });
}

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

std::vector<std::string> World::audit(SimClient &client)
{
    std::optional<base::Result<client::sync::AuditResult>> result;
    client::sync::Auditor auditor{
        {client.engine(), client.cache(), client.bulk(), client.scheduler(), loop.clock}};
    auditor.start(false, std::chrono::minutes{30}, [&result](const auto &found) { result = found; });
    runUntil([&result] { return result.has_value(); }, settleLimit);
    if (!result)
        return {"no answer"};
    return *result ? (*result)->differing : std::vector<std::string>{"audit: " + result->error().detail};
}

QString World::compareRows(SimClient &client)
{
    QString wrong;
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

QString World::divergence()
{
    for (std::size_t i = 0; i < clients.size(); ++i) {
        if (const auto held = audit(*clients[i]); !held.empty())
            return QStringLiteral("client %1, of what it holds: %2").arg(i).arg(text(held.front()));
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
            if (!known) {
                wrong = text(made.op + " was never decided");
                continue;
            }
            const auto verdict = verdicts[made.mid] = known->receipt.verdict;
            if (verdict == protocol::Verdict::Ok && made.target)
                (made.op == protocol::ReleaseMessage::name ? released : dropped).insert(*made.target);
        }
        for (const auto &made : m_made)
            if (const auto problem = wrongWith(tx, made, verdicts[made.mid], released, dropped);
                !problem.isEmpty())
                wrong = problem;
    });
    const auto order = wrongOrder(verdicts);
    return order.isEmpty() ? wrong : order;
}

bool World::isDeleted(const Made &made) const
{
    const auto id = base::Uuid::parse(std::string_view{made.lane}.substr(3));
    return id && m_deleted.contains(*id);
}

QString World::wrongWith(server::storage::Transaction &tx, const Made &made, protocol::Verdict verdict,
                         const std::set<base::Uuid> &released, const std::set<base::Uuid> &dropped)
{
    using client::storage::IntentState;
    using protocol::Verdict;
    const auto *left = clients[made.client]->outbox().find(made.mid);
    const auto name = QStringLiteral("%1 %2").arg(text(made.op), text(made.mid.text()));
    if (verdict == Verdict::Ok && left)
        return name + QStringLiteral(" is still in the outbox");
    if (verdict == Verdict::Rejected && (!left || left->state != IntentState::Problem))
        return name + QStringLiteral(" was refused, and its author was not told");
    if (made.op != protocol::CreateMessage::name)
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
    if (held != (left && left->state == IntentState::Held))
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
            const bool atOnce = verdicts.at(made.mid) == protocol::Verdict::Ok;
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
        for (const auto &[conversation, visitor] : m_visitors)
            if (!m_deleted.contains(conversation))
                for (const auto &body : server->desk.bodies(conversation))
                    if (body.starts_with("From ") && !said.insert(body + conversation.text()).second)
                        wrong = text("twice: " + body);
    });
    return wrong;
}

QString World::differsFromFresh()
{
    for (auto &client : clients) {
        auto fresh = program(client->who());
        fresh->start();
        if (!runUntil([&] { return fresh->isUp() && fresh->engine().isSettled(); }, settleLimit))
            return QStringLiteral("a fresh client never settles");
        (void)verify(*fresh); // brings the whole history
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
