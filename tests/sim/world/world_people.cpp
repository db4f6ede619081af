#include "server/features/conversations/draft_store.h"
#include "server/sync/journal.h"
#include "shared/protocol/canned_responses/canned_messages.h"
#include "shared/protocol/conversations/conversation_messages.h"
#include "shared/protocol/macros/macro_messages.h"
#include "tests/sim/world/world.h"

#include <algorithm>

// What people do.
namespace tests {

namespace {

// Whole settings of the account; saving and deleting a macro, but not running one.
bool isOfAccount(const std::string &op)
{
    return op.starts_with("canned.") || op == protocol::SaveMacro::name || op == protocol::DeleteMacro::name;
}

} // namespace

// A job at the server, which may fail or take the server with it.
void World::write(const server::sync::Executor::Job &job)
{
    server->run([&] { (void)server->desk.attempt({}, job); });
}

SimClient &World::anybody()
{
    return *clients[static_cast<std::size_t>(loop.below(static_cast<std::int64_t>(clients.size())))];
}

std::unique_ptr<SimClient> World::program(const server::sync::Actor &who)
{
    auto actor = who;
    actor.device = m_ids.next();
    return std::make_unique<SimClient>(
        loop, *server,
        SimClient::Setup{"client" + std::to_string(m_programs++), actor, m_overlays, m_olderOverlays});
}

domain::ConversationId World::addConversation()
{
    const auto visitor = server->desk.newVisitor();
    std::optional<base::Uuid> id;
    server->run([&] {
        if (const auto posted = server->desk.say(visitor, "Hello", m_ids.next()))
            id = posted->conversation.conversation.id.value;
    });
    if (!id || !server->hasConversation(*id))
        return {};
    m_known.visitors.emplace_back(*id, visitor);
    return {*id};
}

void World::customerWrites()
{
    if (!server->isUp())
        return;
    auto &visitors = m_known.visitors;
    if (visitors.size() < 3 || loop.chance(10)) {
        addConversation();
        return;
    }
    const auto visitor =
        visitors[static_cast<std::size_t>(loop.below(static_cast<std::int64_t>(visitors.size())))].second;
    std::optional<base::Uuid> id;
    server->run([&] {
        if (const auto posted =
                server->desk.say(visitor, "Any news? " + std::to_string(loop.steps), m_ids.next()))
            id = posted->conversation.conversation.id.value;
    });
    if (!id || !server->hasConversation(*id))
        return;
    if (std::none_of(visitors.begin(), visitors.end(), [&](const auto &one) { return one.first == *id; }))
        visitors.emplace_back(*id, visitor);
}

void World::flipMembership(bool behind)
{
    if (!server->isUp())
        return;
    auto &desk = server->desk;
    const auto inbox = behind ? m_behind.inbox.number : desk.inbox.inbox.number;
    auto &member = behind ? m_known.memberBehind : m_known.member;
    write([&](server::sync::WriteContext &ctx) {
        return member ? desk.inboxes.removeMembers(ctx, inbox, {flipping.number})
                      : desk.inboxes.addMembers(ctx, inbox, {flipping.number});
    });
    auto actor = flipping;
    actor.device = actor.id;
    const auto scopes = desk.read([&](server::storage::Transaction &tx) {
        return server->directory.scopes(tx, desk.principal(actor));
    });
    const auto wanted = server::sync::scope::inbox((behind ? m_behind : desk.inbox).inbox.id.value);
    member = std::find(scopes.begin(), scopes.end(), wanted) != scopes.end();
    loop.tell("server", flipping.id.text() + (member ? " joins " : " leaves ") + wanted);
}

base::Uuid World::anyConversation()
{
    std::vector<base::Uuid> living;
    for (const auto &[id, visitor] : m_known.visitors)
        if (!m_known.deleted.contains(id))
            living.push_back(id);
    return living.empty()
               ? base::Uuid{}
               : living[static_cast<std::size_t>(loop.below(static_cast<std::int64_t>(living.size())))];
}

// No door of the server does these two yet; the protocol has known them from the start.
void World::moveConversation(const base::Uuid &id, bool behind)
{
    if (!server->isUp() || id.isNull() || !server->hasConversation(id))
        return;
    const auto &to = behind ? m_behind : server->desk.inbox;
    loop.tell("server", id.text() + " moves to " + to.inbox.name);
    write([&](server::sync::WriteContext &ctx) -> base::Status {
        ctx.tx().run("UPDATE conversations SET inbox_id = ?, inbox_uuid = ? WHERE uuid = ?",
                     {to.inbox.number, to.inbox.id, id});
        ctx.record(protocol::EntityType::Conversation, id, server::sync::scope::inbox(to.inbox.id.value));
        return base::Done{};
    });
}

void World::deleteConversation()
{
    const auto id = anyConversation();
    if (!server->isUp() || id.isNull() || m_known.visitors.size() - m_known.deleted.size() < 2)
        return;
    const auto row = server->desk.row(id);
    loop.tell("server", id.text() + " is deleted");
    write([&](server::sync::WriteContext &ctx) -> base::Status {
        for (const auto *sql : {"DELETE FROM creads WHERE conversation_id = ?",
                                "DELETE FROM message_states WHERE conversation_id = ?",
                                "DELETE FROM messages WHERE conversation_id = ?",
                                "DELETE FROM conversation_labels WHERE conversation_id = ?",
                                "DELETE FROM conversations WHERE id = ?"})
            ctx.tx().run(sql, {row.number});
        server::conversations::DraftStore{ctx.tx()}.removeOf(id);
        ctx.record({server::sync::ChangeKind::Delete, protocol::EntityType::Conversation, id,
                    server::sync::scope::inbox(row.conversation.inbox.value), std::nullopt});
        return base::Done{};
    });
    if (!server->hasConversation(id))
        m_known.deleted.insert(id);
}

std::string World::argsFor(SimClient &client, const std::string &op, const base::Uuid &conversation,
                           const base::Uuid &mid)
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
            protocol::Snooze{id, client.clock.now() + base::Duration{loop.below(600'000) - 60'000}}));
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
    if (op == protocol::SaveMacro::name || op == protocol::DeleteMacro::name ||
        op == protocol::RunMacro::name)
        return macroArgs(client, op, id, mid);
    if (op == protocol::HandOver::name)
        return base::toText(protocol::toJson(protocol::HandOver{id, {target}, "{}"}));
    return {}; // a new mutation has no sample yet: the test of all ops says so
}

std::string World::macroArgs(SimClient &client, const std::string &op, const domain::ConversationId &id,
                             const base::Uuid &mid)
{
    std::vector<base::Uuid> known{m_ids.next()};
    client.cache().connection().each("SELECT id FROM macro ORDER BY id", {},
                                     [&known](const auto &row) { known.push_back(row.uuid(0)); });
    const domain::MacroId chosen{
        known[static_cast<std::size_t>(loop.below(static_cast<std::int64_t>(known.size())))]};
    if (op == protocol::DeleteMacro::name)
        return base::toText(protocol::toJson(protocol::DeleteMacro{chosen}));
    domain::Macro macro{chosen, 0, "Macro " + std::to_string(++m_written), loop.chance(30), {}, {}};
    macro.steps = {{"add_label", {"vip"}},
                   {"change_priority", {loop.chance(50) ? "high" : "nil"}},
                   {"add_private_note", {"By macro " + std::to_string(m_written)}}};
    if (loop.chance(50))
        macro.steps.push_back({"send_message", {"Told by macro " + std::to_string(m_written)}});
    if (loop.chance(50))
        macro.steps.push_back({"resolve_conversation", {}});
    if (op == protocol::SaveMacro::name)
        return base::toText(protocol::toJson(protocol::SaveMacro{macro}));
    const auto nobody = [](std::int64_t) { return std::nullopt; };
    const auto run = protocol::expanded(
        macro, id, mid, {{client.who().id}, {}, nobody, nobody, [this] { return m_ids.next(); }});
    return base::toText(protocol::toJson(*run));
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
    try {
        return orderFrom(client, op);
    } catch (const client::storage::StorageError &) {
        return false; // nothing can be read from a torn cache
    }
}

bool World::orderFrom(SimClient &client, const std::string &op)
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
    order.lane = isTrifle ? "me" : isOfAccount(op) ? "ac" : "cv:" + id.text();
    order.args = argsFor(client, op, id, order.mid);
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
    server->watch.made(order.mid, client.name(), ++m_orders);
    bool taken = false;
    client.watch().acts();
    client.run([&] {
        try {
            taken = true; // a crash after it was stored does not undo it
            taken = static_cast<bool>(client.engine().submit(order));
        } catch (const client::storage::StorageError &) {
            taken = false; // the person is told that it could not be stored
        }
    });
    const bool stored = client.outbox().find(order.mid) != nullptr;
    if (stored)
        loop.tell(client.name(), "makes " + op + " " + order.mid.text() + " in " + order.lane);
    if (stored && !isTrifle)
        m_made.push_back({order.mid, op, order.lane, at, target});
    return taken && stored;
}

} // namespace tests
