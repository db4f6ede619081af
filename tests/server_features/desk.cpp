#include "tests/server_features/desk.h"

#include "server/app/features.h"

#include <stdexcept>

namespace tests {

namespace {

server::platform::SecretKey testKey()
{
    server::platform::SecretKey key{};
    key.fill(7);
    return key;
}

} // namespace

Desk::Desk(std::uint64_t seed) : random{seed}, crypto{testKey(), {1, 8192}}
{
    auto opened =
        server::storage::Database::open(folder.path().toStdString(), server::app::allMigrations(), {false});
    if (!opened)
        throw std::runtime_error{opened.error().detail};
    database = std::move(*opened);
    executor = server::sync::makeExecutor(*database, clock, random);
    devices.emplace(*database, *executor, crypto, clock);
    access.emplace(*devices);
    server::app::connect({accounts, *devices, inboxes, labels, teams, contacts, conversations, zones},
                         entities, mutations);
    pipeline.emplace(*executor, mutations, server::ports::Log{});

    const auto hash = accounts.passwordHash(password);
    write([&](server::sync::WriteContext &ctx) -> base::Status {
        if (const auto made = accounts.create(ctx, "Acme"); !made)
            return made.error();
        if (const auto set = accounts.change(ctx, {{}, {}, std::string{R"({"undo_send_s":0})"}}); !set)
            return set.error();
        const auto ada = accounts.addUser(ctx, {"Ada Lovelace", email, *hash, domain::Role::Administrator});
        if (!ada)
            return ada.error();
        const auto site = inboxes.createWebsite(ctx, "Website", {});
        if (!site)
            return site.error();
        const auto made = teams.create(ctx, {"Support", std::nullopt, std::nullopt});
        if (!made)
            return made.error();
        team = made->team;
        admin = *accounts.actor(ctx.tx(), 1, ada->user.number);
        inbox = *site;
        return base::Done{};
    });
    agent = addAgent("Sara", true);
    stranger = addAgent("Omar", false);
}

base::Status Desk::attempt(const server::sync::Actor &actor, const server::sync::Executor::Job &job)
{
    const auto done = executor->run(1, actor, job);
    return done ? base::Status{base::Done{}} : base::Status{done.error()};
}

void Desk::must(const server::sync::Actor &actor, const server::sync::Executor::Job &job)
{
    if (const auto done = attempt(actor, job); !done)
        throw std::runtime_error{std::string{toText(done.error().code)} + " " + done.error().detail};
}

server::sync::Actor Desk::addAgent(const std::string &name, bool isMember)
{
    server::sync::Actor actor;
    write([&](server::sync::WriteContext &ctx) -> base::Status {
        const auto user = accounts.addUser(ctx, {name, name + "@example.com", {}, domain::Role::Agent});
        if (!user)
            return user.error();
        actor = *accounts.actor(ctx.tx(), 1, user->user.number);
        return isMember ? inboxes.addMembers(ctx, inbox.inbox.number, {user->user.number})
                        : base::Status{base::Done{}};
    });
    return actor;
}

server::sync::Actor Desk::visitorActor(const server::conversations::Posted &posted) const
{
    return {server::sync::Actor::Kind::Contact, posted.conversation.conversation.contact.value,
            posted.conversation.contact};
}

server::contacts::Visitor Desk::newVisitor()
{
    return {ids.next(), "https://shop.example/cart?token=secret", {}};
}

base::Result<server::conversations::Posted> Desk::say(const server::contacts::Visitor &visitor,
                                                      const std::string &body, const base::Uuid &mid)
{
    const server::sync::Actor actor{server::sync::Actor::Kind::Contact, visitor.id};
    return as(actor, [&](server::sync::WriteContext &ctx) {
        // The inbox as it is now, as the widget's door reads it.
        const auto fresh = server::inboxes::InboxStore{ctx.tx()}.find(1, inbox.inbox.number);
        return conversations.postFromVisitor(ctx, {*fresh, visitor, mid, body, {}});
    });
}

server::conversations::Posted Desk::conversation(const std::string &body)
{
    auto posted = say(newVisitor(), body, ids.next());
    if (!posted)
        throw std::runtime_error{std::string{toText(posted.error().code)}};
    return *posted;
}

server::conversations::ConversationRow Desk::row(const base::Uuid &conversation)
{
    return *read([&](server::storage::Transaction &tx) {
        return server::conversations::ConversationStore{tx}.find(1, conversation);
    });
}

std::vector<std::string> Desk::bodies(const base::Uuid &conversation)
{
    return read([&](server::storage::Transaction &tx) {
        const auto found = server::conversations::ConversationStore{tx}.find(1, conversation);
        std::vector<std::string> all;
        for (const auto &message : server::conversations::MessageStore{tx}.newest(found->number, 0, 0, 1000))
            all.push_back(message.message.body);
        return all;
    });
}

server::sync::Principal Desk::principal(const server::sync::Actor &who) const
{
    server::sync::Principal principal;
    principal.account = 1;
    principal.actor = who;
    principal.actor.device = who.id; // one device each; only its identity counts
    return principal;
}

protocol::Receipt Desk::mutate(const server::sync::Actor &who, const std::string &op, const base::Json &args,
                               std::optional<protocol::Seen> seen, base::Duration waited, bool isEstimated)
{
    protocol::Mutation mutation;
    mutation.n = ++m_nextN;
    mutation.mid = lastMid = ids.next();
    mutation.lane = "cv:" + base::textField(args, "conv").value_or("");
    mutation.at = clock.now() - waited;
    mutation.queuedMs = waited.count();
    mutation.queuedEstimated = isEstimated;
    mutation.op = op;
    mutation.args = base::toText(args);
    mutation.seen = seen;
    std::optional<protocol::Receipt> receipt;
    pipeline->submit(principal(who), mutation, [&](const protocol::Receipt &answer) { receipt = answer; });
    while (executor->runBatch()) {
    }
    if (!receipt)
        throw std::runtime_error{"no receipt"};
    return *receipt;
}

base::Uuid Desk::heldReply(const server::sync::Actor &who, const server::sync::Actor &other,
                           const base::Uuid &conversation)
{
    const protocol::Seen seen{row(conversation).conversation.lastN, 0};
    const auto says = [&](const char *body) {
        return base::Json{{"conv", conversation.text()}, {"body", body}};
    };
    (void)mutate(other, "message.create", says("I was first"));
    (void)mutate(who, "message.create", says("I was late"), seen);
    return lastMid;
}

} // namespace tests
