#include "shared/protocol/macros/macro_messages.h"
#include "tests/sim/world/runs.h"
#include "tests/sim/world/world.h"
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
    void knownWorldsEndEqual_data();
    void knownWorldsEndEqual();
    void calmWorldsEndEqual_data() { seeds(10, 500); }
    void calmWorldsEndEqual();
    void repliesWereHeld();
    void theSameSeedIsTheSameWorld();
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
    void live(Plan plan)
    {
        std::printf("seed %d\n", static_cast<int>(plan.seed));
        const auto result = run(plan);
        QCOMPARE(QString::fromStdString(result.violation), QString{});
        m_held += result.heldReplies;
        ++m_worlds;
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
    Plan plan;
    plan.seed = static_cast<std::uint64_t>(seed);
    plan.steps = setting("DESKBELL_STEPS", 200);
    live(plan);
}

// In which a guard of the sync, left out, is noticed (tests/mutants/guards.py), or a fault was found once.
void Simulation::knownWorldsEndEqual_data()
{
    QTest::addColumn<QString>("profile");
    QTest::addColumn<int>("seed");
    const std::pair<const char *, int> worlds[] = {
        {"restless", 1}, {"restless", 2},  {"restless", 5}, {"restless", 9}, {"restless", 14},
        {"proxied", 1},  {"restored", 14}, {"", 110},       {"", 204},       {"", 396},
        {"", 513},       {"", 555},        {"", 723}};
    for (const auto &[profile, seed] : worlds)
        QTest::addRow("%s %d", profile, seed) << QString::fromLatin1(profile) << seed;
}

void Simulation::knownWorldsEndEqual()
{
    QFETCH(QString, profile);
    QFETCH(int, seed);
    auto plan = variedPlan(static_cast<std::uint64_t>(seed));
    if (!profile.isEmpty())
        QVERIFY(putOn(plan, profile.toStdString()));
    live(plan);
}

void Simulation::calmWorldsEndEqual()
{
    QFETCH(int, seed);
    Plan plan;
    plan.seed = static_cast<std::uint64_t>(seed);
    plan.steps = setting("DESKBELL_STEPS", 100);
    plan.clients = 3;
    plan.faultPercent = 0;
    live(plan);
}

// The oracle that minds held replies has something to look at.
void Simulation::repliesWereHeld()
{
    std::printf("%zu held replies in %zu worlds\n", m_held, m_worlds);
    if (m_worlds >= 20)
        QVERIFY(m_held > m_worlds / 8);
}

// Else a failure could not be looked at.
void Simulation::theSameSeedIsTheSameWorld()
{
    Plan plan;
    plan.seed = 7;
    plan.steps = 120;
    std::string stories[2];
    for (auto &story : stories)
        (void)run(plan, [&story](std::int64_t at, const std::string &who, const std::string &what) {
            story += std::to_string(at) + " " + who + " " + what + "\n";
        });
    QVERIFY(stories[0].size() > 10000);
    QVERIFY(stories[0] == stories[1]);
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
    const bool isMacro = op == QLatin1String{protocol::RunMacro::name.data()};
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        World world{seed, 1};
        QVERIFY(world.settle());
        auto &client = *world.clients[0];
        const auto shown = [&] {
            std::vector<std::string> rows;
            for (const auto *sql :
                 {"SELECT id, row FROM conversation ORDER BY id", "SELECT id, row FROM cread ORDER BY id",
                  "SELECT id, row FROM message WHERE kind <> 'activity' ORDER BY id"})
                client.cache().connection().each(sql, {}, [&rows, isMacro](const auto &row) {
                    auto json = base::Json::parse(row.text(1));
                    for (const auto *stamp : {"last_n", "at", "last_at"})
                        json.erase(stamp); // decided by the server's clock and by its lines
                    // Lines of a macro's earlier steps come before its later messages.
                    for (const auto *number : {"n", "read_n", "agent_n"})
                        if (isMacro)
                            json.erase(number);
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
