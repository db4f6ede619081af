#include "tests/rest/world.h"
#include "tests/support/register_test.h"

#include <QTest>

using base::Json;
using tests::World;

/// Devices' tokens over HTTP (docs/protocol.md A.2), and how often one may try.
class SignInTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_world = std::make_unique<World>(); }
    void cleanup() { m_world.reset(); }

    void aDeviceSignsInRefreshesAndLeaves()
    {
        const auto device = m_world->ids.next().text();
        const auto signedIn = post("/auth/device", signIn(device, m_world->password));
        QCOMPARE(signedIn.status, 200);
        const auto tokens = Json::parse(signedIn.body);
        QCOMPARE(tokens["expires_in"].get<int>(), 900);
        QCOMPARE(tokens["user"]["name"].get<std::string>(), std::string{"Ada Lovelace"});
        QCOMPARE(tokens["account"]["name"].get<std::string>(), std::string{"Acme"});
        QCOMPARE(tokens["device"].get<std::string>(), device);

        const Json ask{{"device", device}, {"refresh", tokens["refresh"]}, {"rid", "r1"}};
        const auto fresh = post("/auth/refresh", ask);
        QCOMPARE(fresh.status, 200);
        QVERIFY(Json::parse(post("/auth/refresh", ask).body)["refresh"] ==
                Json::parse(fresh.body)["refresh"]);
        const auto access = Json::parse(fresh.body)["access"].get<std::string>();
        // The same token opens the REST API.
        QCOMPARE(m_world->request("GET", "/api/v1/profile", {}, {"Authorization: Bearer " + access}).status,
                 200);
        QCOMPARE(m_world->request("POST", "/auth/logout", {}, {"Authorization: Bearer " + access}).status,
                 204);
        QCOMPARE(m_world->request("POST", "/auth/logout", {}, {"Authorization: Bearer " + access}).status,
                 401);
        QCOMPARE(m_world->request("GET", "/api/v1/profile", {}, {"Authorization: Bearer " + access}).status,
                 401);
    }

    void whatIsWrongIsNotTold()
    {
        const auto wrong = post("/auth/device", signIn(m_world->ids.next().text(), "not it at all"));
        auto unknown = signIn(m_world->ids.next().text(), "not it at all");
        unknown["email"] = "nobody@example.com";
        const auto nobody = post("/auth/device", unknown);
        QCOMPARE(wrong.status, 401);
        QCOMPARE(nobody.status, 401);
        QCOMPARE(wrong.body, nobody.body);
        QCOMPARE(post("/auth/device", {{"email", "x"}}).status, 422);
        QCOMPARE(
            post("/auth/refresh", {{"device", m_world->ids.next().text()}, {"refresh", "x"}, {"rid", "r"}})
                .status,
            401);
    }

    void guessingIsSlowedDownAndHonestOnesAreNot()
    {
        m_world->limiter.isOpen = false;
        int refused = 0;
        tests::Answer last;
        for (int i = 0; i < 14; ++i) {
            last = post("/auth/device", signIn(m_world->ids.next().text(), "guess " + std::to_string(i)));
            refused += last.status == 429 ? 1 : 0;
        }
        QVERIFY(refused > 0);
        QCOMPARE(last.status, 429);
        QVERIFY(std::stoi(last.header("Retry-After")) >= 1);
        QCOMPARE(Json::parse(last.body)["code"].get<std::string>(), std::string{"rate"});
        // The right password does not pass either while the name is being guessed at.
        QCOMPARE(post("/auth/device", signIn(m_world->ids.next().text(), m_world->password)).status, 429);
    }

    void successesAreNotFailures()
    {
        m_world->limiter.isOpen = false;
        for (int i = 0; i < 12; ++i)
            QCOMPARE(post("/auth/device", signIn(m_world->ids.next().text(), m_world->password)).status, 200);
    }

    void anAdministratorMayGiveTheFirstPassword()
    {
        const Json agent{{"name", "Omar"},
                         {"email", "omar@example.com"},
                         {"role", "agent"},
                         {"password", "given at first"}};
        QCOMPARE(m_world->api("POST", World::inAccount("/agents"), agent).status, 200);
        auto entry = signIn(m_world->ids.next().text(), "given at first");
        entry["email"] = "omar@example.com";
        QCOMPARE(post("/auth/device", entry).status, 200);
        const Json weak{
            {"name", "Lea"}, {"email", "lea@example.com"}, {"role", "agent"}, {"password", "short"}};
        QCOMPARE(m_world->api("POST", World::inAccount("/agents"), weak).status, 422);
        // Nobody takes over a sign-in that exists by inviting its owner.
        const Json taken{
            {"name", "Ada"}, {"email", m_world->email}, {"role", "agent"}, {"password", "mine from now on"}};
        QCOMPARE(m_world->api("POST", World::inAccount("/agents"), taken).status, 422);
        QCOMPARE(post("/auth/device", signIn(m_world->ids.next().text(), "mine from now on")).status, 401);
    }

    void aChangedPasswordCounts()
    {
        const Json wrong{{"profile", {{"password", "a new long one"}, {"current_password", "nope"}}}};
        QCOMPARE(m_world->api("PUT", "/api/v1/profile", wrong).status, 422);
        const Json right{
            {"profile", {{"password", "a new long one"}, {"current_password", m_world->password}}}};
        QCOMPARE(m_world->api("PUT", "/api/v1/profile", right).status, 200);
        QCOMPARE(post("/auth/device", signIn(m_world->ids.next().text(), m_world->password)).status, 401);
        QCOMPARE(post("/auth/device", signIn(m_world->ids.next().text(), "a new long one")).status, 200);
    }

private:
    tests::Answer post(const std::string &path, const Json &body)
    {
        return m_world->request("POST", path, base::toText(body));
    }

    Json signIn(const std::string &device, const std::string &password) const
    {
        return {{"device", device}, {"name", "Laptop"},        {"os", "Linux"},
                {"app", "0.1"},     {"email", m_world->email}, {"password", password}};
    }

    std::unique_ptr<World> m_world;
};

REGISTER_TEST(SignInTest);
#include "tst_sign_in.moc"
