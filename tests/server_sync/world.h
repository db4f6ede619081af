#pragma once

#include "server/storage/database.h"
#include "server/sync/directory.h"
#include "server/sync/entity_registry.h"
#include "server/sync/ephemera.h"
#include "server/sync/executor.h"
#include "server/sync/mutation_registry.h"
#include "server/sync/session_core.h"
#include "tests/server_sync/fakes.h"

#include <QTemporaryDir>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tests {

/// A small feature that has everything sync deals with: conversations with messages and read states in
/// inboxes, small rows in the account's and contacts' scopes, users with memberships. The tables are its own.
class World : public server::sync::Directory {
public:
    static constexpr server::sync::AccountNumber account = 7;

    explicit World(std::uint64_t seed = 1);

    /// Closes the database and opens the same file again, as after a crash between two transactions.
    void reopen();
    void close();

    /// Keeps a copy of the database file; both close and open it again.
    void backUp();
    /// Goes back to the copy and begins a new epoch, as the operator's command does. Needs a copy.
    void restore();

    base::Result<server::sync::Principal> authenticate(server::storage::Transaction &tx,
                                                       std::string_view accessToken) override;
    std::vector<std::string> scopes(server::storage::Transaction &tx,
                                    const server::sync::Principal &principal) override;

    struct Person {
        base::Uuid id;
        base::Uuid device;
        std::string token; ///< "device:<uuid>"
    };

    // Each is one job of the executor, run at once.
    Person addUser(const std::vector<int> &inboxes);
    base::Uuid addDevice(const Person &person); ///< gives its id; the token is "device:<id>"
    void setMember(const Person &person, int inbox, bool member);
    void setActive(const Person &person, bool active);
    base::Uuid addConversation(int inbox);
    base::Uuid addMessage(const base::Uuid &conversation, const std::string &body = "hello");
    void move(const base::Uuid &conversation, int inbox);
    void remove(const base::Uuid &conversation);
    void setRead(const Person &person, const base::Uuid &conversation, std::int64_t readN);
    base::Uuid addContact(const std::string &name);
    void renameContact(const base::Uuid &contact, const std::string &name);
    void removeContact(const base::Uuid &contact);
    std::int64_t compact();

    bool change(const server::sync::Executor::Job &job); ///< whether it was accepted
    /// Runs a job as the system; its outcome.
    base::Result<std::int64_t> perform(const server::sync::Executor::Job &job,
                                       server::sync::Actor actor = {});
    server::sync::Principal principal(const Person &person) const;
    static server::sync::Actor actorOf(const Person &person);
    server::sync::SessionParts parts(FakeScheduler &scheduler, server::sync::FrameSink &sink);
    std::string scopeName(int inbox) const { return server::sync::scope::inbox(inboxes[std::size_t(inbox)]); }
    base::Json row(protocol::EntityType type, const base::Uuid &id);
    std::int64_t number(std::string_view sql, const std::vector<server::storage::Value> &values = {});

    QTemporaryDir directory;
    FakeClock clock;
    SharedRandom random;
    base::UuidMaker ids{clock, random};
    std::vector<base::Uuid> inboxes;
    std::shared_ptr<CountingLog> lines = std::make_shared<CountingLog>();
    server::sync::EntityRegistry entities;
    server::sync::MutationRegistry mutations;
    server::sync::Ephemera ephemera;
    std::unique_ptr<server::storage::Database> database;
    std::unique_ptr<server::sync::Executor> executor;
    int brokenRuns = 0; ///< how often the mutation "test.broken" ran
    base::Timestamp tokenEnd = clock.now() + std::chrono::hours{24};
};

std::vector<server::storage::Migration> worldMigrations();

} // namespace tests
