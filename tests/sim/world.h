#pragma once

#include "tests/sim/sim_client.h"

#include <QString>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace tests {

/// One seeded world: a server, agents' programs, customers, and everything that can go wrong between them.
/// The same seed is the same world.
class World {
public:
    /// `clients` programs: two of the administrator, the rest of agents; the last agent is sometimes no
    /// member.
    World(std::uint64_t seed, int clients);

    /// One thing happens: somebody acts, something breaks or heals, time passes.
    void step();
    /// Everything heals; ends when nothing moves any more. False when that takes more than an hour of
    /// simulated time.
    bool settle();

    /// What every client holds is what the server would give a fresh one, to the byte.
    QString divergence();
    /// Every intent was executed once, or waits as a problem or as a held reply; none is lost, none came
    /// twice; lanes kept their order.
    QString lostOrDoubled();
    /// A client that begins now holds the same as one that lived through it all.
    QString differsFromFresh();

    /// Gives one random order of this kind at a client; false when there is nothing to give it to.
    bool order(SimClient &client, const std::string &op);
    domain::ConversationId addConversation();
    [[nodiscard]] std::vector<std::string> ops() const { return m_overlays.names(); }
    bool runUntil(const std::function<bool()> &holds, base::Duration limit);
    bool isSettled();

    SimLoop loop;
    client::sync::OverlayRegistry overlays() const { return m_overlays; }
    std::unique_ptr<SimServer> server;
    std::vector<std::unique_ptr<SimClient>> clients;
    server::sync::Actor flipping; ///< the agent who comes and goes
    std::size_t heldReplies = 0;  ///< how many lostOrDoubled() met
    int faults = 100;             ///< percent of faults that do happen

private:
    struct Made {
        base::Uuid mid;
        std::string op;
        std::string lane;
        std::size_t client = 0;
        std::optional<base::Uuid> target; ///< the held reply that it decides about
    };

    [[nodiscard]] bool isDeleted(const Made &made) const;
    QString wrongWith(server::storage::Transaction &tx, const Made &made, protocol::Verdict verdict,
                      const std::set<base::Uuid> &released, const std::set<base::Uuid> &dropped);
    QString wrongOrder(const std::map<base::Uuid, protocol::Verdict> &verdicts);
    static std::vector<std::pair<base::Uuid, base::Uuid>> heldBy(SimClient &client);

    std::unique_ptr<SimClient> program(const server::sync::Actor &who);
    void customerWrites();
    void flipMembership();
    void moveConversation();
    void deleteConversation();
    [[nodiscard]] base::Uuid anyConversation();
    void breakSomething();
    void revivePeople();
    std::string cannedArgs(SimClient &client, const std::string &op);
    std::string argsFor(SimClient &client, const std::string &op, const base::Uuid &conversation);
    QString compareRows(SimClient &client);
    std::vector<std::string> verify(SimClient &client);
    std::vector<std::string> audit(SimClient &client);

    client::sync::OverlayRegistry m_overlays;
    base::UuidMaker m_ids;
    std::vector<Made> m_made;
    std::vector<std::pair<base::Uuid, server::contacts::Visitor>> m_visitors;
    std::vector<server::sync::Actor> m_users;
    std::int64_t m_written = 0;
    bool m_member = true;
    bool m_memberBehind = false;
    server::inboxes::InboxRow m_behind; ///< an inbox that only administrators see at first
    std::set<base::Uuid> m_deleted;
};

} // namespace tests
