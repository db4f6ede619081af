#pragma once

#include "server/features/accounts/account_service.h"
#include "server/features/accounts/device_service.h"
#include "server/features/contacts/contact_service.h"
#include "server/features/conversations/conversation_service.h"
#include "server/features/inboxes/access_service.h"
#include "server/features/inboxes/inbox_service.h"
#include "server/features/labels/label_service.h"
#include "server/features/teams/team_service.h"
#include "server/platform/crypto.h"
#include "server/platform/time_zones.h"
#include "server/storage/database.h"
#include "server/sync/entity_registry.h"
#include "server/sync/executor.h"
#include "server/sync/mutation_pipeline.h"
#include "server/sync/mutation_registry.h"
#include "shared/base/json.h"
#include "tests/support/fakes.h"

#include <QTemporaryDir>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tests {

/// The services on a real database, with time and chance under control: one account with an administrator,
/// two agents (the first a member of the inbox, the second not) and a website inbox.
class Desk {
public:
    explicit Desk(std::uint64_t seed = 1);

    /// Runs a job; its outcome.
    base::Status attempt(const server::sync::Actor &actor, const server::sync::Executor::Job &job);
    /// Runs a job as the system that must succeed.
    void write(const server::sync::Executor::Job &job) { must({}, job); }
    void must(const server::sync::Actor &actor, const server::sync::Executor::Job &job);
    /// Runs `call` with a context as this actor; its result.
    template <class Call>
    auto as(const server::sync::Actor &actor, Call call)
    {
        std::optional<decltype(call(std::declval<server::sync::WriteContext &>()))> result;
        (void)attempt(actor, [&](server::sync::WriteContext &ctx) -> base::Status {
            result = call(ctx);
            if (!*result)
                return result->error();
            return base::Done{};
        });
        return *result;
    }
    template <class Query>
    auto read(Query query)
    {
        std::optional<decltype(query(std::declval<server::storage::Transaction &>()))> result;
        database->read([&](server::storage::Transaction &tx) { result = query(tx); });
        return *result;
    }

    server::sync::Actor addAgent(const std::string &name, bool isMember);
    [[nodiscard]] server::sync::Actor visitorActor(const server::conversations::Posted &posted) const;
    server::contacts::Visitor newVisitor();
    base::Result<server::conversations::Posted> say(const server::contacts::Visitor &visitor,
                                                    const std::string &body, const base::Uuid &mid);
    /// A conversation with one message by a fresh visitor.
    server::conversations::Posted conversation(const std::string &body = "Hello");
    server::conversations::ConversationRow row(const base::Uuid &conversation);
    /// Bodies of its messages, in order.
    std::vector<std::string> bodies(const base::Uuid &conversation);

    /// Hands a mutation in as `who` on a device of theirs; the receipt.
    protocol::Receipt mutate(const server::sync::Actor &who, const std::string &op, const base::Json &args,
                             std::optional<protocol::Seen> seen = std::nullopt, base::Duration waited = {},
                             bool isEstimated = false);
    /// A reply of `who` that is held because `other` answered first; its id.
    base::Uuid heldReply(const server::sync::Actor &who, const server::sync::Actor &other,
                         const base::Uuid &conversation);
    /// Name of the newest mutation handed in.
    base::Uuid lastMid;
    server::sync::Principal principal(const server::sync::Actor &who) const;

    QTemporaryDir folder;
    FakeClock clock;
    SeededRandom random;
    base::UuidMaker ids{clock, random};
    server::platform::SodiumCrypto crypto;
    server::platform::SystemTimeZones zones;
    std::unique_ptr<server::storage::Database> database;
    std::unique_ptr<server::sync::Executor> executor;
    server::accounts::AccountService accounts{crypto};
    std::optional<server::accounts::DeviceService> devices;
    std::optional<server::inboxes::AccessService> access;
    server::inboxes::InboxService inboxes{crypto};
    server::labels::LabelService labels;
    server::teams::TeamService teams;
    server::contacts::ContactService contacts;
    server::conversations::ConversationService conversations{contacts};
    server::sync::EntityRegistry entities;
    server::sync::MutationRegistry mutations;
    std::optional<server::sync::MutationPipeline> pipeline;

    server::sync::Actor admin;
    server::sync::Actor agent;    ///< member of the inbox
    server::sync::Actor stranger; ///< sees no inbox
    server::inboxes::InboxRow inbox;
    domain::Team team; ///< nobody is in it
    std::string email = "ada@example.com";
    std::string password = "correct horse battery";

private:
    std::int64_t m_nextN = 0;
};

} // namespace tests
