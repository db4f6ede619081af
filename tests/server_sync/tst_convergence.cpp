#include "server/sync/journal.h"
#include "server/sync/row_text.h"
#include "shared/base/fingerprint.h"
#include "tests/server_sync/model_client.h"
#include "tests/support/register_test.h"

#include <QTest>

#include <algorithm>
#include <functional>
#include <random>

using namespace server::sync;
using tests::ModelClient;
using tests::World;

namespace {

/// One random history: a server that restarts, clients that come and go, everything interleaved by one seed.
class History {
public:
    explicit History(std::uint64_t seed) : m_world{seed}, m_engine{seed}
    {
        for (int i = 0; i < 3; ++i)
            m_people.push_back(m_world.addUser({i, (i + 1) % 3}));
        auto second = m_people[0];
        second.device = m_world.addDevice(second);
        second.token = "device:" + second.device.text();
        m_people.push_back(second);
        for (const auto &person : m_people)
            m_clients.push_back(std::make_unique<ModelClient>(m_world, person));
        start();
    }

    void run(int steps)
    {
        for (int i = 0; i < steps && trouble().empty(); ++i)
            step();
    }

    /// Lets everything arrive; whether it does.
    bool settle()
    {
        for (int round = 0; round < 400; ++round) {
            for (auto &client : m_clients) {
                if (!client->connected())
                    connect(*client);
                while (client->takeFrame()) {
                }
                for (int i = 0; i < 20 && client->bulkStep(); ++i) {
                }
            }
            m_world.executor->runBatch();
            m_scheduler.pass(std::chrono::milliseconds{100});
            const auto head = headNow();
            if (std::all_of(m_clients.begin(), m_clients.end(),
                            [&](auto &client) { return client->settled(head); }))
                return true;
            if (round % 20 == 19)
                for (auto &client : m_clients)
                    client->resendOutbox();
        }
        return false;
    }

    [[nodiscard]] std::string trouble() const
    {
        for (const auto &client : m_clients)
            if (!client->trouble.empty())
                return client->trouble;
        return {};
    }

    /// What differs between a client and what its user may see on the server; empty for nothing.
    std::string difference(const ModelClient &client);
    /// Accepted mutations are there once, and nothing else is.
    std::string wrongMessages();
    std::string wrongDigest(const ModelClient &client);

    World &world() { return m_world; }
    std::vector<std::unique_ptr<ModelClient>> &clients() { return m_clients; }

private:
    std::uint64_t below(std::uint64_t bound) { return m_engine() % bound; }
    World::Person &anybody() { return m_people[below(3)]; }
    int inbox() { return static_cast<int>(below(3)); }
    std::int64_t headNow() { return m_world.number("SELECT head FROM sync_head"); }

    void start() { m_core = std::make_unique<SessionCore>(m_world.parts(m_scheduler, m_sink)); }

    void restart(const std::function<void()> &meanwhile)
    {
        for (auto &client : m_clients)
            client->disconnect();
        m_core.reset();
        meanwhile();
        start();
    }

    void goBack();

    void connect(ModelClient &client) { client.connect(*m_core, m_sink, ++m_lastSession); }

    void step();
    void changeSomething();

    World m_world;
    std::mt19937_64 m_engine;
    tests::FakeScheduler m_scheduler{m_world.clock};
    tests::FakeSink m_sink;
    std::unique_ptr<SessionCore> m_core;
    std::vector<World::Person> m_people;
    std::vector<std::unique_ptr<ModelClient>> m_clients;
    std::vector<base::Uuid> m_conversations;
    std::vector<base::Uuid> m_contacts;
    SessionId m_lastSession = 0;
    bool m_hasCopy = false;
};

void History::step()
{
    auto &client = *m_clients[below(m_clients.size())];
    switch (below(24)) {
    case 0:
        client.connected() && below(3) == 0 ? client.disconnect()
        : client.connected()                ? void()
                                            : connect(client);
        break;
    case 1:
        if (below(20) == 0)
            restart([this] { m_world.reopen(); });
        else if (below(40) == 0)
            goBack();
        break;
    case 2:
        if (below(6) == 0)
            m_world.compact();
        break;
    case 3:
        m_scheduler.pass(base::Duration{below(3000)});
        break;
    case 4:
        if (!m_conversations.empty())
            client.mutate(
                below(4) ? "message.create" : "test.nothing",
                {{"conv", m_conversations[below(m_conversations.size())].text()}, {"body", "from a client"}});
        break;
    case 5:
    case 6:
        m_world.executor->runBatch();
        break;
    case 7:
    case 8:
    case 9:
    case 10:
    case 11:
        m_scheduler.run();
        break;
    case 12:
    case 13:
    case 14:
    case 15:
        client.bulkStep();
        break;
    case 16:
    case 17:
    case 18:
        changeSomething();
        break;
    default:
        client.takeFrame();
    }
}

// Keeps a copy, or goes back to it: then what was made since is gone, and so are the names this test
// remembers of it.
void History::goBack()
{
    const auto copied = m_hasCopy;
    m_hasCopy = !m_hasCopy;
    restart([&] { copied ? m_world.restore() : m_world.backUp(); });
    if (!copied)
        return;
    for (auto &client : m_clients)
        client->forgetAccepted();
    const auto gone = [&](const char *sql) {
        return [this, sql](const base::Uuid &id) { return m_world.number(sql, {id}) == 0; };
    };
    std::erase_if(m_conversations, gone("SELECT count(*) FROM w_conversation WHERE id = ?"));
    std::erase_if(m_contacts, gone("SELECT count(*) FROM w_small WHERE id = ?"));
}

void History::changeSomething()
{
    const auto pick = [&](auto &list) { return list[below(list.size())]; };
    switch (below(10)) {
    case 0:
        m_conversations.push_back(m_world.addConversation(inbox()));
        break;
    case 1:
    case 2:
    case 3:
        if (!m_conversations.empty())
            m_world.addMessage(pick(m_conversations), "text");
        break;
    case 4:
    case 5:
        if (!m_conversations.empty())
            m_world.move(pick(m_conversations), inbox());
        break;
    case 6:
        if (!m_conversations.empty() && below(3) == 0) {
            const auto at = below(m_conversations.size());
            m_world.remove(m_conversations[at]);
            m_conversations.erase(m_conversations.begin() + static_cast<std::ptrdiff_t>(at));
        } else if (!m_conversations.empty()) {
            m_world.setRead(anybody(), pick(m_conversations), static_cast<std::int64_t>(below(9)));
        }
        break;
    case 7:
        m_world.setMember(anybody(), inbox(), below(2) == 0);
        break;
    case 8:
        m_contacts.push_back(m_world.addContact("contact"));
        break;
    default:
        if (!m_contacts.empty() && below(2))
            m_world.renameContact(pick(m_contacts), "renamed " + std::to_string(below(1000)));
        else if (!m_contacts.empty()) {
            m_world.removeContact(m_contacts.back());
            m_contacts.pop_back();
        }
    }
}

std::string History::difference(const ModelClient &client)
{
    std::map<ModelClient::Key, std::string> wanted;
    m_world.database->read([&](server::storage::Transaction &tx) {
        const auto scopes = m_world.scopes(tx, m_world.principal(client.person()));
        for (const auto &row :
             tx.all("SELECT j.etype, j.eid, j.seq, j.parent, s.key FROM sync_journal j"
                    " JOIN sync_scope s ON s.id = j.scope WHERE j.kind = 0 AND j.op = 'U'")) {
            if (std::find(scopes.begin(), scopes.end(), row.text(4)) == scopes.end())
                continue;
            const auto type = *protocol::entityTypeFromNumber(static_cast<int>(row.integer(0)));
            const auto value = (*m_world.entities.find(type))(tx, World::account, row.uuid(1));
            const auto id = wireId(type, row.uuid(1), row.maybeUuid(3)).text();
            wanted[{std::string{protocol::toText(type)}, id}] = std::to_string(row.integer(2)) + " " +
                                                                row.text(4) + " " +
                                                                base::toText(value.value_or(base::Json{}));
        }
    });
    std::string text;
    for (const auto &[key, row] : client.rows()) {
        const auto found = wanted.find(key);
        const auto mine = std::to_string(row.q) + " " + row.scope + " " + base::toText(row.value);
        if (found == wanted.end())
            text += "\n  surplus " + key.first + " " + key.second + ": " + mine;
        else if (found->second != mine)
            text += "\n  differs " + key.first + " " + key.second + ": " + mine + " wanted " + found->second;
        if (found != wanted.end())
            wanted.erase(found);
    }
    for (const auto &[key, row] : wanted)
        text += "\n  missing " + key.first + " " + key.second + ": " + row;
    return text;
}

std::string History::wrongMessages()
{
    std::string text;
    for (const auto &client : m_clients)
        for (const auto &mid : client->accepted())
            if (m_world.number("SELECT count(*) FROM sync_receipt WHERE mid = ?", {mid}) != 1)
                text += "\n  receipts of " + mid.text();
    const auto gaps = m_world.number("SELECT count(*) FROM w_conversation c WHERE last_n <>"
                                     " (SELECT count(*) FROM w_message m WHERE m.conversation = c.id)");
    return gaps == 0 ? text : text + "\n  numbers of messages have gaps";
}

std::string History::wrongDigest(const ModelClient &client)
{
    std::string wrong;
    std::vector<std::string> scopes;
    m_world.database->read([&](server::storage::Transaction &tx) {
        for (const auto &scope : m_world.scopes(tx, m_world.principal(client.person()))) {
            const auto digest = base::Json::parse(BulkReader::digest(tx, World::account, scope));
            std::vector<std::uint64_t> mine(256);
            for (const auto &[key, row] : client.rows())
                if (row.scope == scope)
                    mine[base::Uuid::parse(key.second)->raw()[8]] ^= base::fnv1a64(
                        std::to_string(static_cast<int>(*protocol::entityTypeFromText(key.first))) + ":" +
                        key.second + ":" + std::to_string(row.q));
            for (std::size_t i = 0; i < 256; ++i)
                if (std::stoull(digest["b"][i].get<std::string>(), nullptr, 16) != mine[i])
                    wrong = "digest of " + scope;
        }
    });
    return wrong;
}

} // namespace

class TestConvergence : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void oldPlusEventsIsFresh_data()
    {
        QTest::addColumn<quint64>("seed");
        const int more = qEnvironmentVariableIntValue("DESKBELL_SEEDS"); // fresh ones, on request
        const auto again =
            qEnvironmentVariable("DESKBELL_SEED").toULongLong(); // one alone, to look at a failure
        if (again != 0) {
            QTest::addRow("seed %llu", again) << again;
            return;
        }
        for (quint64 seed = 1; seed <= 24; ++seed)
            QTest::addRow("seed %llu", seed) << seed;
        QTest::addRow("seed 1171503453")
            << quint64{1171503453}; // a bundle moves a conversation after a restore
        std::random_device fresh;
        for (int i = 0; i < more; ++i) {
            const quint64 seed = fresh();
            QTest::addRow("fresh seed %llu", seed) << seed;
        }
    }

    void oldPlusEventsIsFresh()
    {
        QFETCH(quint64, seed);
        History history{seed};
        history.run(1500);
        QVERIFY2(history.settle() || !history.trouble().empty(), "the clients never came to rest");
        QVERIFY2(history.trouble().empty(), history.trouble().c_str());
        for (auto &client : history.clients()) {
            const auto difference = history.difference(*client);
            QVERIFY2(difference.empty(), difference.c_str());
            QCOMPARE(history.wrongDigest(*client), std::string{});
        }
        QCOMPARE(history.wrongMessages(), std::string{});
    }
};

REGISTER_TEST(TestConvergence);
#include "tst_convergence.moc"
