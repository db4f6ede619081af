#include "tests/server_features/desk.h"
#include "tests/support/register_test.h"

#include <QTest>

using namespace std::chrono_literals;
using base::ErrorCode;
using server::accounts::DeviceService;
using server::accounts::SignIn;
using tests::Desk;

class Devices : public QObject {
    Q_OBJECT

private:
    static SignIn request(Desk &desk)
    {
        return {desk.ids.next(), "Ada's desk", "Debian 12", "0.1", desk.email, desk.password, std::nullopt};
    }

    static base::Result<server::sync::Principal> who(Desk &desk, const std::string &access)
    {
        return desk.read(
            [&](server::storage::Transaction &tx) { return desk.access->authenticate(tx, access); });
    }

private Q_SLOTS:
    void signingInGivesATokenThatNamesTheUserAndTheDevice()
    {
        Desk desk;
        const auto wanted = request(desk);
        const auto in = desk.devices->signIn(wanted);
        QVERIFY(in);
        QCOMPARE(in->account.account.name, std::string{"Acme"});
        QCOMPARE(in->tokens.expiresIn, base::Duration{15min});
        const auto principal = who(desk, in->tokens.access);
        QVERIFY(principal);
        QCOMPARE(principal->account, std::int64_t{1});
        QCOMPARE(principal->actor.id.text(), desk.admin.id.text());
        QVERIFY(principal->actor.administrator);
        QCOMPARE(principal->actor.device->text(), wanted.device.text());
    }

    void aWrongPasswordAnUnknownAddressAndNobodyLookAlike()
    {
        Desk desk;
        auto wrong = request(desk);
        wrong.password = "wrong horse";
        auto unknown = request(desk);
        unknown.email = "nobody@example.com";
        auto withoutPassword = request(desk);
        withoutPassword.email = "Sara@example.com"; // has no password yet
        withoutPassword.password = "";
        for (const auto &attempt : {wrong, unknown, withoutPassword}) {
            const auto in = desk.devices->signIn(attempt);
            QVERIFY(!in);
            QCOMPARE(in.error(), (base::Error{ErrorCode::Unauthorized, {}}));
        }
    }

    void theAddressIsReadWithoutCase()
    {
        Desk desk;
        auto shouted = request(desk);
        shouted.email = " ADA@Example.COM ";
        QVERIFY(desk.devices->signIn(shouted));
    }

    void anAccessTokenEndsAfterAQuarterOfAnHour()
    {
        Desk desk;
        const auto in = desk.devices->signIn(request(desk));
        desk.clock.advance(15min - 1ms);
        QVERIFY(who(desk, in->tokens.access));
        desk.clock.advance(1ms);
        QCOMPARE(who(desk, in->tokens.access).error().code, ErrorCode::Unauthorized);
        QCOMPARE(who(desk, "").error().code, ErrorCode::Unauthorized);
        QCOMPARE(who(desk, std::string(5000, 'a')).error().code, ErrorCode::Unauthorized);
    }

    void refreshingRotatesAndBothAccessTokensLive()
    {
        Desk desk;
        const auto in = desk.devices->signIn(request(desk));
        const auto next = desk.devices->refresh(in->device, in->tokens.refresh, "r1");
        QVERIFY(next);
        QVERIFY(next->refresh != in->tokens.refresh);
        QVERIFY(who(desk, next->access));
        QVERIFY(who(desk, in->tokens.access)); // calls under way are not cut off
    }

    void theSameAttemptGetsTheSameSuccessor()
    {
        Desk desk;
        const auto in = desk.devices->signIn(request(desk));
        const auto first = desk.devices->refresh(in->device, in->tokens.refresh, "r1");
        desk.clock.advance(48h); // the answer was lost, the laptop slept
        const auto again = desk.devices->refresh(in->device, in->tokens.refresh, "r1");
        QVERIFY(again);
        QCOMPARE(again->refresh, first->refresh);
        QVERIFY(who(desk, again->access));
    }

    void withinTheGraceAnUsedTokenStillGivesItsSuccessor()
    {
        Desk desk;
        const auto in = desk.devices->signIn(request(desk));
        const auto first = desk.devices->refresh(in->device, in->tokens.refresh, "r1");
        QVERIFY(desk.devices->refresh(in->device, first->refresh, "r2"));
        desk.clock.advance(DeviceService::grace);
        const auto late = desk.devices->refresh(in->device, in->tokens.refresh, "r1");
        QVERIFY(late);
        QCOMPARE(late->refresh, first->refresh);
    }

    void outsideOfTheGraceAnOldTokenRevokesTheFamily()
    {
        Desk desk;
        const auto in = desk.devices->signIn(request(desk));
        const auto first = desk.devices->refresh(in->device, in->tokens.refresh, "r1");
        const auto second = desk.devices->refresh(in->device, first->refresh, "r2");
        desk.clock.advance(DeviceService::grace + 1ms);
        const auto stolen = desk.devices->refresh(in->device, in->tokens.refresh, "other");
        QVERIFY(!stolen);
        QCOMPARE(stolen.error().code, ErrorCode::DeviceRevoked);
        QCOMPARE(desk.devices->refresh(in->device, second->refresh, "r3").error().code,
                 ErrorCode::DeviceRevoked);
        QCOMPARE(who(desk, second->access).error().code, ErrorCode::DeviceRevoked);
    }

    void aTokenOfForgottenGenerationsStillRevokes()
    {
        Desk desk;
        const auto in = desk.devices->signIn(request(desk));
        auto current = in->tokens.refresh;
        for (int i = 0; i < 5; ++i) {
            desk.clock.advance(10min);
            const auto next = desk.devices->refresh(in->device, current, std::to_string(i));
            QVERIFY(next);
            current = next->refresh;
        }
        const auto kept = desk.read([](server::storage::Transaction &tx) {
            return tx.one("SELECT count(*) FROM device_refresh")->integer(0);
        });
        QVERIFY2(kept <= 3, "generations are forgotten");
        QCOMPARE(desk.devices->refresh(in->device, in->tokens.refresh, "x").error().code,
                 ErrorCode::DeviceRevoked);
        QCOMPARE(desk.devices->refresh(in->device, current, "y").error().code, ErrorCode::DeviceRevoked);
    }

    void noiseRevokesNobody()
    {
        Desk desk;
        const auto in = desk.devices->signIn(request(desk));
        const auto other = desk.devices->signIn(request(desk));
        for (const std::string &noise : {std::string{"x"}, std::string(200, 'A'), other->tokens.refresh,
                                         in->tokens.access, std::string{}})
            QCOMPARE(desk.devices->refresh(in->device, noise, "r").error().code, ErrorCode::Unauthorized);
        QCOMPARE(desk.devices->refresh(desk.ids.next(), in->tokens.refresh, "r").error().code,
                 ErrorCode::Unauthorized);
        QVERIFY(desk.devices->refresh(in->device, in->tokens.refresh, "r"));
    }

    void aDeviceThatWasSilentForSixtyDaysSignsInAgain()
    {
        Desk desk;
        auto wanted = request(desk);
        const auto in = desk.devices->signIn(wanted);
        desk.clock.advance(60 * 24h + 1ms);
        QCOMPARE(desk.devices->refresh(in->device, in->tokens.refresh, "r").error().code,
                 ErrorCode::Unauthorized);
        QVERIFY(desk.devices->signIn(wanted)); // the same device
    }

    void signingOutRevokesAndSigningInAgainRevives()
    {
        Desk desk;
        const auto wanted = request(desk);
        const auto in = desk.devices->signIn(wanted);
        QVERIFY(desk.devices->signOut(in->tokens.access));
        QCOMPARE(who(desk, in->tokens.access).error().code, ErrorCode::DeviceRevoked);
        QCOMPARE(desk.devices->refresh(in->device, in->tokens.refresh, "r").error().code,
                 ErrorCode::DeviceRevoked);
        const auto again = desk.devices->signIn(wanted);
        QVERIFY(again);
        QVERIFY(who(desk, again->tokens.access));
        QCOMPARE(who(desk, in->tokens.access).error().code, ErrorCode::Unauthorized);
    }

    void aDeviceBelongsToOneUser()
    {
        Desk desk;
        const auto wanted = request(desk);
        QVERIFY(desk.devices->signIn(wanted));
        const auto hash = desk.accounts.passwordHash("another password");
        desk.write([&](server::sync::WriteContext &ctx) -> base::Status {
            desk.accounts.setPasswordHash(ctx, desk.agent.number, *hash);
            return base::Done{};
        });
        auto theirs = wanted;
        theirs.email = "sara@example.com";
        theirs.password = "another password";
        QCOMPARE(desk.devices->signIn(theirs).error().code, ErrorCode::Invalid);
    }

    void aRemovedUserIsOutAtOnce()
    {
        Desk desk;
        const auto hash = desk.accounts.passwordHash("another password");
        desk.write([&](server::sync::WriteContext &ctx) -> base::Status {
            desk.accounts.setPasswordHash(ctx, desk.agent.number, *hash);
            return base::Done{};
        });
        auto wanted = request(desk);
        wanted.email = "sara@example.com";
        wanted.password = "another password";
        const auto in = desk.devices->signIn(wanted);
        QVERIFY(in);
        desk.write([&](server::sync::WriteContext &ctx) {
            return desk.accounts.removeUser(ctx, desk.agent.number);
        });
        QCOMPARE(who(desk, in->tokens.access).error().code, ErrorCode::UserDisabled);
        QVERIFY(!desk.devices->refresh(in->device, in->tokens.refresh, "r"));
        QCOMPARE(desk.devices->signIn(wanted).error().code, ErrorCode::UserDisabled);
    }

    void tokensAreNotInTheDatabase()
    {
        Desk desk;
        const auto in = desk.devices->signIn(request(desk));
        const auto next = desk.devices->refresh(in->device, in->tokens.refresh, "r1");
        for (const auto &[table, column] : {std::pair{"device_access", "hash"},
                                            {"device_refresh", "hash"},
                                            {"device_refresh", "sealed_successor"}}) {
            const auto sql = std::string{"SELECT "} + column + " FROM " + table;
            const auto values = desk.read([&](server::storage::Transaction &tx) { return tx.all(sql); });
            QVERIFY(!values.empty());
            for (const auto &value : values)
                for (const auto &secret :
                     {in->tokens.access, in->tokens.refresh, next->access, next->refresh})
                    QVERIFY(value.blob(0).find(secret) == std::string::npos);
        }
    }
};

REGISTER_TEST(Devices);
#include "tst_devices.moc"
