#pragma once

#include "tests/sim/world/sim_client.h"

#include <QString>
#include <QTemporaryDir>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace tests {

/// What can go wrong, by name ("cut", "torn-cache", …).
[[nodiscard]] const std::vector<std::string> &faultNames();

/// One seeded world: a server, agents' programs, customers, and everything that can go wrong between them.
/// The same seed is the same world.
class World {
public:
    /// `clients` programs: two of the administrator, the rest of agents; the last agent is sometimes no
    /// member.
    World(std::uint64_t seed, int clients);
    ~World();

    /// One thing happens: somebody acts, something breaks or heals, time passes. Which one depends on the
    /// seed and `index` alone, so that steps can be left out.
    void step(std::int64_t index);
    /// Everything heals; ends when nothing moves any more. False when that takes more than an hour of
    /// simulated time, or something that must never be was.
    bool settle();
    /// Settles and asks every oracle; what is wrong, or nothing.
    QString judge();

    /// What every client holds is what the server would give a fresh one, to the byte.
    QString divergence();
    /// Every intent was executed once, or waits as a problem or as a held reply; none is lost, none came
    /// twice; lanes kept their order.
    QString lostOrDoubled();
    /// An audit of what the clients hold finds nothing; after one of them was damaged where its files say it
    /// is whole, it finds that and mends it.
    QString audited();
    /// A client that begins now holds the same as one that lived through it all.
    QString differsFromFresh();
    /// The server's own rules about its tables.
    QString brokenServer();

    using Fault = void (World::*)(SimClient &);
    static const std::vector<std::pair<std::string, Fault>> &allFaults();

    /// Gives one random order of this kind at a client; false when there is nothing to give it to.
    bool order(SimClient &client, const std::string &op);
    domain::ConversationId addConversation();
    [[nodiscard]] std::vector<std::string> ops() const { return m_overlays.names(); }
    bool runUntil(const std::function<bool()> &holds, base::Duration limit);
    bool isSettled();
    [[nodiscard]] std::int64_t audits() const;
    [[nodiscard]] std::size_t intents() const { return m_made.size(); }

    SimLoop loop;
    client::sync::OverlayRegistry overlays() const { return m_overlays; }
    std::unique_ptr<SimServer> server;
    std::vector<std::unique_ptr<SimClient>> clients;
    server::sync::Actor flipping;                 ///< the agent who comes and goes
    std::size_t heldReplies = 0;                  ///< how many lostOrDoubled() met
    int faults = 100;                             ///< percent of faults that do happen
    int breaking = 12;                            ///< percent of steps in which something breaks or heals
    std::set<std::string> allowed;                ///< the faults there are; all when empty
    std::map<std::string, std::int64_t> happened; ///< faults, by name

private:
    struct Made {
        base::Uuid mid;
        std::string op;
        std::string lane;
        std::size_t client = 0;
        std::optional<base::Uuid> target; ///< the held reply that it decides about
        bool isForgotten = false;         ///< on no disk any more
        bool isUnsure = false;            ///< decided by a server that was restored to before
        bool isAskedAgain = false;        ///< and it was on a disk then
    };
    /// What the world knows of the server's content; goes back with a backup.
    struct Knowledge {
        std::vector<std::pair<base::Uuid, server::contacts::Visitor>> visitors;
        std::set<base::Uuid> deleted;
        bool member = true;
        bool memberBehind = false;
    };

    // What people do, in world_people.cpp.
    std::unique_ptr<SimClient> program(const server::sync::Actor &who);
    void customerWrites();
    void flipMembership(bool behind);
    void moveConversation(const base::Uuid &id, bool behind);
    void deleteConversation();
    [[nodiscard]] base::Uuid anyConversation();
    bool orderFrom(SimClient &client, const std::string &op);
    std::string cannedArgs(SimClient &client, const std::string &op);
    std::string macroArgs(SimClient &client, const std::string &op, const domain::ConversationId &id,
                          const base::Uuid &mid);
    std::string argsFor(SimClient &client, const std::string &op, const base::Uuid &conversation,
                        const base::Uuid &mid);
    static std::vector<std::pair<base::Uuid, base::Uuid>> heldBy(SimClient &client);
    void write(const server::sync::Executor::Job &job);
    SimClient &anybody();
    void auditMeanwhile(SimClient &client);

    // What goes wrong, in world_faults.cpp.
    void breakSomething();
    void cut(SimClient &client);
    void partition(SimClient &client);
    void stall(SimClient &client);
    void crash(SimClient &client);
    void crashAtFailpoint(SimClient &client);
    void fullDisk(SimClient &client);
    void busyDisk(SimClient &client);
    void tornCache(SimClient &client);
    void makeRoom(SimClient &client);
    void losePower(SimClient &client);
    void jumpClock(SimClient &client);
    void rewindHome(SimClient &client);
    void forgetWhatIsNotOn(SimClient &client);
    void cloneDevice(SimClient &client);
    void downgrade(SimClient &client);
    void expireTokens(SimClient &client);
    void crashServer(SimClient &client);
    void crashServerAtFailpoint(SimClient &client);
    void serverDisk(SimClient &client);
    void jumpServerClock(SimClient &client);
    void compact(SimClient &client);
    void restoreBackup(SimClient &client);
    void startAgain(SimClient &client);
    void startServerAgain();
    void revivePeople();

    // What goes wrong close together, in world_bursts.cpp.
    void slowBulk(SimClient &client);
    void disturbFrames(SimClient &client);
    void readAgain(SimClient &client);
    void removeMuch(SimClient &client);
    void swingRights(SimClient &client);
    void swingConversation(SimClient &client);
    void changeSomething();
    void sayInside(const base::Uuid &conversation);
    void forgetTombstones(base::Duration age);

    // What must be so, in world_checks.cpp.
    [[nodiscard]] bool isDeleted(const Made &made) const;
    [[nodiscard]] bool isDropped(const base::Uuid &mid) const;
    QString wrongWith(server::storage::Transaction &tx, const Made &made, protocol::Verdict verdict,
                      const std::set<base::Uuid> &released, const std::set<base::Uuid> &dropped);
    QString wrongOrder(const std::map<base::Uuid, protocol::Verdict> &verdicts);
    const client::storage::Intent *leftOf(const base::Uuid &mid);
    QString compareRows(SimClient &client);
    std::string unsettled();
    std::vector<std::string> verify(SimClient &client);
    base::Result<client::sync::AuditResult> audit(SimClient &client, bool repair);
    std::string damage(SimClient &client);

    std::uint64_t m_seed;
    client::sync::OverlayRegistry m_overlays;
    client::sync::OverlayRegistry m_olderOverlays;
    base::UuidMaker m_ids;
    std::vector<Made> m_made;
    Knowledge m_known;
    Knowledge m_knownAtBackup;
    std::unique_ptr<QTemporaryDir> m_backup;
    std::vector<server::sync::Actor> m_users;
    std::int64_t m_written = 0;
    std::int64_t m_orders = 0;
    int m_programs = 0;
    std::size_t m_copies = 0;
    base::Duration m_reviveAt{};
    server::inboxes::InboxRow m_behind; ///< an inbox that only administrators see at first
};

} // namespace tests
