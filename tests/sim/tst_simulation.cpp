#include "tests/sim/world.h"
#include "tests/support/register_test.h"

#include <QTest>

#include <cstdio>

namespace tests {

/// Client and server cores under one seeded scheduler (sync-protocol 24.2). DESKBELL_SEED repeats one world,
/// DESKBELL_SEEDS says how many there are, DESKBELL_STEPS how long each is.
class Simulation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyOpHasASample();
    void everyoneEndsEqual_data();
    void everyoneEndsEqual();
    void calmWorldsEndEqual_data() { seeds(10, 500); }
    void calmWorldsEndEqual();
    void repliesWereHeld();
    void sameRuleSameAnswer_data();
    void sameRuleSameAnswer();

private:
    std::size_t m_held = 0;
    std::size_t m_worlds = 0;

    static int setting(const char *name, int otherwise)
    {
        bool ok = false;
        const int value = qEnvironmentVariableIntValue(name, &ok);
        return ok ? value : otherwise;
    }
    static void seeds(int count, int first)
    {
        QTest::addColumn<int>("seed");
        const int only = setting("DESKBELL_SEED", 0);
        if (only != 0) {
            QTest::addRow("%d", only) << only;
            return;
        }
        for (int seed = first; seed < first + setting("DESKBELL_SEEDS", count); ++seed)
            QTest::addRow("%d", seed) << seed;
    }
    void live(World &world, int steps)
    {
        for (int i = 0; i < steps; ++i)
            world.step();
        QVERIFY2(world.settle(), "the world never comes to rest");
        QCOMPARE(world.lostOrDoubled(), QString{});
        m_held += world.heldReplies;
        ++m_worlds;
        QCOMPARE(world.divergence(), QString{});
        QCOMPARE(world.differsFromFresh(), QString{});
    }
};

void Simulation::everyOpHasASample()
{
    World world{1, 1};
    QCOMPARE(world.ops(), world.server->desk.mutations.names());
    QVERIFY(world.settle());
    for (const auto &op : world.ops())
        QVERIFY2(world.order(*world.clients[0], op), op.c_str());
    QVERIFY(world.settle());
    QCOMPARE(world.lostOrDoubled(), QString{});
}

void Simulation::everyoneEndsEqual_data()
{
    seeds(40, 1);
}

void Simulation::everyoneEndsEqual()
{
    QFETCH(int, seed);
    std::printf("seed %d\n", seed);
    World world{static_cast<std::uint64_t>(seed), 5};
    live(world, setting("DESKBELL_STEPS", 150));
}

void Simulation::calmWorldsEndEqual()
{
    QFETCH(int, seed);
    std::printf("seed %d\n", seed);
    World world{static_cast<std::uint64_t>(seed), 3};
    world.faults = 0;
    live(world, setting("DESKBELL_STEPS", 100));
}

// The oracle that minds held replies has something to look at.
void Simulation::repliesWereHeld()
{
    std::printf("%zu held replies in %zu worlds\n", m_held, m_worlds);
    if (m_worlds >= 20)
        QVERIFY(m_held > m_worlds / 4);
}

void Simulation::sameRuleSameAnswer_data()
{
    QTest::addColumn<QString>("op");
    World world{1, 0};
    for (const auto &op : world.ops())
        QTest::addRow("%s", op.c_str()) << QString::fromStdString(op);
}

// Alone, nobody can come in between: what the client showed at once is what the server decided. Only the line
// that tells of a change is the server's own; it counts as a message.
void Simulation::sameRuleSameAnswer()
{
    QFETCH(QString, op);
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        World world{seed, 1};
        QVERIFY(world.settle());
        auto &client = *world.clients[0];
        const auto shown = [&] {
            std::vector<std::string> rows;
            for (const auto *sql :
                 {"SELECT id, row FROM conversation ORDER BY id", "SELECT id, row FROM cread ORDER BY id",
                  "SELECT id, row FROM message WHERE kind <> 'activity' ORDER BY id"})
                client.cache().connection().each(sql, {}, [&rows](const auto &row) {
                    auto json = base::Json::parse(row.text(1));
                    for (const auto *stamp : {"last_n", "at", "last_at"})
                        json.erase(stamp); // decided by the server's clock and by its lines
                    rows.push_back(row.uuid(0).text() + base::toText(json));
                });
            return rows;
        };
        if (!world.order(client, op.toStdString()))
            continue; // the shared rule refused it here already
        const auto optimistic = shown();
        QVERIFY(world.settle());
        QCOMPARE(world.lostOrDoubled(), QString{});
        if (client.outbox().problems() == 0)
            QCOMPARE(shown(), optimistic);
    }
}

} // namespace tests

using tests::Simulation;
REGISTER_TEST(Simulation);
#include "tst_simulation.moc"
