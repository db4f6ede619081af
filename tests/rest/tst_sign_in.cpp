#include "shared/base/text.h"
#include "shared/protocol/wipe_order.h"
#include "tests/rest/world.h"
#include "tests/support/register_test.h"

#include <QTest>

#include <set>
#include <sodium.h>

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

    void aNewPasswordSignsTheOtherDevicesOutAndWipesThem()
    {
        const auto mine = signedIn();
        const auto other = signedIn();
        const auto change = [&](const Json &who, const Json &body) {
            return m_world->request("POST", "/auth/password", base::toText(body),
                                    {"Authorization: Bearer " + who["access"].get<std::string>()});
        };
        const auto fresh = std::string{"a new long one"};
        const auto wrong = change(mine, {{"current", "nope"}, {"password", fresh}});
        QCOMPARE(wrong.status, 403);
        QCOMPARE(Json::parse(wrong.body)["code"].get<std::string>(), std::string{"wrong_password"});
        QCOMPARE(change(mine, {{"current", m_world->password}, {"password", "short"}}).status, 422);
        QCOMPARE(change(mine, {{"password", fresh}}).status, 422);
        QCOMPARE(change({{"access", "x"}}, {{"current", m_world->password}, {"password", fresh}}).status,
                 401);
        QCOMPARE(as(other, "GET", "/auth/devices").status, 200); // nothing happened so far

        const auto done = change(mine, {{"current", m_world->password}, {"password", fresh}});
        QCOMPARE(done.status, 200);
        QCOMPARE(Json::parse(done.body)["revoked"].get<int>(), 1);
        QCOMPARE(as(mine, "GET", "/auth/devices").status, 200);
        QCOMPARE(as(other, "GET", "/auth/devices").status, 401);
        const auto told = Json::parse(
            post("/auth/refresh", {{"device", other["device"]}, {"refresh", other["refresh"]}, {"rid", "r"}})
                .body);
        const auto order = protocol::wipeOrderFromJson(told["order"]);
        QVERIFY(order.has_value());
        QVERIFY(order->wipe == protocol::Wipe::Cache);
        QCOMPARE(post("/auth/device", signIn(m_world->ids.next().text(), m_world->password)).status, 401);
        QCOMPARE(post("/auth/device", signIn(m_world->ids.next().text(), fresh)).status, 200);
    }

    void guessingThePasswordFromASessionIsRationed()
    {
        const auto mine = signedIn();
        m_world->limiter.isOpen = false;
        int refused = 0;
        for (int i = 0; i < 14; ++i)
            refused += m_world->request("POST", "/auth/password",
                                        base::toText({{"current", "nope"}, {"password", "a new long one"}}),
                                        {"Authorization: Bearer " + mine["access"].get<std::string>()})
                                   .status == 429
                           ? 1
                           : 0;
        QVERIFY(refused > 0);
        QVERIFY(refused < 14);
    }

    void aPasswordChangedOverTheApiLeavesOnlyTheAskingDevice()
    {
        const auto mine = signedIn();
        const auto other = signedIn();
        const Json right{
            {"profile", {{"password", "a new long one"}, {"current_password", m_world->password}}}};
        QCOMPARE(m_world
                     ->request("PUT", "/api/v1/profile", base::toText(right),
                               {"Authorization: Bearer " + mine["access"].get<std::string>()})
                     .status,
                 200);
        QCOMPARE(as(mine, "GET", "/auth/devices").status, 200);
        QCOMPARE(as(other, "GET", "/auth/devices").status, 401);
        const Json again{
            {"profile", {{"password", m_world->password}, {"current_password", "a new long one"}}}};
        QCOMPARE(m_world->api("PUT", "/api/v1/profile", again).status, 200); // no device asks: all are out
        QCOMPARE(as(mine, "GET", "/auth/devices").status, 401);
    }

    void devicesAreListedAndRevoked()
    {
        const auto first = signedIn();
        const auto second = signedIn();
        const auto third = signedIn();
        const auto list = Json::parse(as(second, "GET", "/auth/devices").body)["devices"];
        int current = 0;
        std::set<std::string> seen;
        for (const auto &device : list) {
            seen.insert(device["id"].get<std::string>());
            current += device["current"].get<bool>() ? 1 : 0;
            QVERIFY(!device.contains("refresh"));
        }
        QCOMPARE(current, 1);
        QVERIFY(seen.contains(first["device"].get<std::string>()));

        QCOMPARE(as(second, "DELETE", "/auth/devices/" + first["device"].get<std::string>()).status, 204);
        QCOMPARE(as(second, "DELETE", "/auth/devices/" + first["device"].get<std::string>()).status, 404);
        QCOMPARE(as(second, "DELETE", "/auth/devices/nonsense").status, 404);
        const auto told = as(first, "GET", "/auth/devices");
        QCOMPARE(told.status, 401);
        QCOMPARE(Json::parse(told.body)["code"].get<std::string>(), std::string{"device_revoked"});

        const auto others = as(second, "DELETE", "/auth/devices");
        QCOMPARE(others.status, 200);
        QVERIFY(Json::parse(others.body)["revoked"].get<int>() >= 1);
        QCOMPARE(as(third, "GET", "/auth/devices").status, 401);
        const auto left = Json::parse(as(second, "GET", "/auth/devices").body)["devices"];
        QCOMPARE(left.size(), std::size_t{1});
    }

    void othersDevicesAreOutOfReach()
    {
        const auto mine = signedIn();
        m_world->addAgent("eve", true);
        const auto other = m_world->deviceTokenOf("eve@example.com", m_world->password);
        const auto answer = m_world->request("DELETE", "/auth/devices/" + mine["device"].get<std::string>(),
                                             {}, {"Authorization: Bearer " + other});
        QCOMPARE(answer.status, 404);
        QCOMPARE(as(mine, "GET", "/auth/devices").status, 200);
        QCOMPARE(m_world->request("GET", "/auth/devices").status, 401);
        QCOMPARE(m_world->request("DELETE", "/auth/devices").status, 401);
    }

    void onlyTheDeviceItselfGetsItsSignedOrder()
    {
        const auto lost = signedIn();
        const auto kept = signedIn();
        const auto device = lost["device"].get<std::string>();
        QCOMPARE(as(kept, "DELETE", "/auth/devices/" + device).status, 204);
        const auto ask = [&](const std::string &token) {
            return Json::parse(
                post("/auth/refresh", {{"device", device}, {"refresh", token}, {"rid", "r"}}).body);
        };
        const auto told = ask(lost["refresh"].get<std::string>());
        QCOMPARE(told["code"].get<std::string>(), std::string{"device_revoked"});
        const auto order = protocol::wipeOrderFromJson(told["order"]);
        QVERIFY(order.has_value());
        QVERIFY(order->wipe == protocol::Wipe::Cache);
        QCOMPARE(order->device.text(), device);
        const auto key = base::fromBase64Url(lost["keys"]["wipe"].get<std::string>());
        const auto isGenuine = [&key](const protocol::WipeOrder &which) {
            const auto text = which.text();
            return crypto_sign_verify_detached(
                       reinterpret_cast<const unsigned char *>(which.signature.data()),
                       reinterpret_cast<const unsigned char *>(text.data()), text.size(),
                       reinterpret_cast<const unsigned char *>(key.data())) == 0;
        };
        QVERIFY(isGenuine(*order));
        auto forged = *order;
        forged.wipe = protocol::Wipe::All;
        QVERIFY(!isGenuine(forged));
        forged = *order;
        forged.device = m_world->ids.next();
        QVERIFY(!isGenuine(forged));
        QVERIFY(!ask(kept["refresh"].get<std::string>()).contains("order"));
        QVERIFY(!ask("noise").contains("order"));
    }

    void aReusedTokenSignsOutWithoutAnOrder()
    {
        const auto in = signedIn();
        const auto refresh = [&](const std::string &token, const char *rid) {
            return Json::parse(
                post("/auth/refresh", {{"device", in["device"]}, {"refresh", token}, {"rid", rid}}).body);
        };
        const auto second = refresh(in["refresh"].get<std::string>(), "a");
        const auto third = refresh(second["refresh"].get<std::string>(), "b");
        QVERIFY(third.contains("access"));
        m_world->write([&](server::sync::WriteContext &ctx) -> base::Status {
            ctx.tx().run("UPDATE device_refresh SET rotated_at = rotated_at - 200000");
            return base::Done{};
        });
        const auto reused = refresh(in["refresh"].get<std::string>(), "c");
        QCOMPARE(reused["code"].get<std::string>(), std::string{"device_revoked"});
        QVERIFY(!reused.contains("order"));
    }

private:
    Json signedIn()
    {
        return Json::parse(post("/auth/device", signIn(m_world->ids.next().text(), m_world->password)).body);
    }
    tests::Answer as(const Json &who, const std::string &method, const std::string &path)
    {
        return m_world->request(method, path, {},
                                {"Authorization: Bearer " + who["access"].get<std::string>()});
    }
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
