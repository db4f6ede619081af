#include "shared/base/text.h"
#include "tests/rest/world.h"
#include "tests/support/register_test.h"

#include <QTest>

using base::Json;
using tests::JsonAnswer;
using tests::Visitor;
using tests::World;

namespace {

std::string text(const Json &value)
{
    return value.is_string() ? value.get<std::string>() : "?" + value.dump();
}

std::vector<std::string> bodies(const Json &rows)
{
    std::vector<std::string> all;
    for (const auto &row : rows)
        all.push_back(row.value("body", ""));
    return all;
}

bool has(const Json &rows, const std::string &body)
{
    const auto all = bodies(rows);
    return std::find(all.begin(), all.end(), body) != all.end();
}

} // namespace

/// Who a visitor is, and what that lets them see (docs/protocol.md B.7).
class IdentityTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_world = std::make_unique<World>(); }
    void cleanup() { m_world.reset(); }

    void aProvenVisitorIsTheSameOnEveryDevice()
    {
        const auto first =
            session({{"identifier", "u-1"}, {"identifier_hash", hash("u-1")}, {"name", "Ann"}});
        QCOMPARE(first.status, 200);
        QVERIFY(first.body["visitor"]["verified"] == true);
        QCOMPARE(text(first.body["visitor"]["name"]), std::string{"Ann"});
        Visitor laptop{*m_world, first.body["token"]};
        laptop.say("From the laptop", m_world->ids.next().text());

        const auto second = session({{"identifier", "u-1"}, {"identifier_hash", hash("u-1")}});
        QVERIFY(second.body["visitor"]["id"] != first.body["visitor"]["id"]);
        QVERIFY(has(second.body["rows"], "From the laptop"));
        Visitor phone{*m_world, second.body["token"]};
        phone.say("From the phone", m_world->ids.next().text());
        Json pushed;
        for (auto frame = laptop.next("m"); frame.contains("rows"); frame = laptop.next("m")) {
            pushed = frame["rows"];
            if (has(pushed, "From the phone"))
                break;
        }
        QVERIFY(has(pushed, "From the phone"));
        QCOMPARE(contacts(), std::size_t{1});
    }

    void anUnprovenVisitorNeverSeesTheHistory()
    {
        const auto real = session({{"identifier", "u-1"},
                                   {"identifier_hash", hash("u-1")},
                                   {"email", "ann@example.com"},
                                   {"custom_attributes", {{"plan", "gold"}}}});
        Visitor ann{*m_world, real.body["token"]};
        ann.say("My secret", m_world->ids.next().text());

        const auto thief = session({{"identifier", "u-1"},
                                    {"email", "ann@example.com"},
                                    {"name", "Mallory"},
                                    {"custom_attributes", {{"plan", "none"}}}});
        QCOMPARE(thief.status, 200);
        QVERIFY(thief.body["visitor"]["verified"] == false);
        QVERIFY(base::toText(thief.body).find("My secret") == std::string::npos);
        QVERIFY(thief.body["conv"].empty());
        QVERIFY(thief.body["visitor"]["email"].is_null());
        Visitor mallory{*m_world, thief.body["token"]};
        mallory.say("Let me in", m_world->ids.next().text());
        const auto list = call("GET", "/w/v1/conversations", thief.body["token"]);
        QVERIFY(base::toText(list.body).find("My secret") == std::string::npos);

        const auto known = m_world->api("GET", World::inAccount("/contacts/1")).body["payload"];
        QCOMPARE(text(known["email"]), std::string{"ann@example.com"});
        QCOMPARE(text(known["custom_attributes"]["plan"]), std::string{"gold"});
        const auto stranger = m_world->api("GET", World::inAccount("/contacts/2")).body["payload"];
        QCOMPARE(text(stranger["additional_attributes"]["claimed"]["identifier"]), std::string{"u-1"});
    }

    void aWrongProofIsRefused()
    {
        const auto wrong = session({{"identifier", "u-1"}, {"identifier_hash", hash("u-2")}});
        QCOMPARE(wrong.status, 401);
        QCOMPARE(text(wrong.body["code"]), std::string{"identity_invalid"});
        QCOMPARE(session({{"identifier", "u-1"}, {"identifier_hash", "zz"}}).status, 401);
        QCOMPARE(session({{"identifier", "u-1"}}).status, 200);
        m_world->api("PATCH", World::inAccount("/inboxes/1"), {{"channel", {{"hmac_mandatory", true}}}});
        QCOMPARE(session({{"identifier", "u-1"}}).status, 401);
        QCOMPARE(session({{"identifier", "u-1"}, {"identifier_hash", hash("u-1")}}).status, 200);
        QVERIFY(!m_world->session().is_null()); // nobody in particular may still write
        QCOMPARE(session({{"identifier", ""}}).status, 401);
        QCOMPARE(
            session({{"identifier", std::string(300, 'x')}, {"identifier_hash", hash(std::string(300, 'x'))}})
                .status,
            422);
    }

    void tokensProveWhileTheyAreFresh()
    {
        const auto now = base::toMs(m_world->clock.now()) / 1000;
        const Json head{{"alg", "HS256"}, {"typ", "JWT"}};
        const Json good{{"sub", "u-9"}, {"exp", now + 600}, {"email", "nine@example.com"}};
        const auto proven = session({{"jwt", jwt(head, good)}});
        QCOMPARE(proven.status, 200);
        QVERIFY(proven.body["visitor"]["verified"] == true);
        QCOMPARE(text(proven.body["visitor"]["email"]), std::string{"nine@example.com"});

        for (const auto &[header, claims] :
             {std::pair{head, Json{{"sub", "u-9"}, {"exp", now - 600}}}, // over
              {head, Json{{"sub", "u-9"}, {"exp", now + 90'000}}},       // for too long
              {head, Json{{"sub", "u-9"}}},                              // for ever
              {head, Json{{"exp", now + 600}}},                          // of nobody
              {head, Json{{"sub", "u-9"}, {"exp", now + 600}, {"nbf", now + 300}}},
              {head, Json{{"sub", "u-9"}, {"exp", std::to_string(now + 600)}}},
              {head, Json{{"sub", "u-9"}, {"exp", 1e300}}},
              {head, Json{{"sub", {"u-9"}}, {"exp", now + 600}}},
              {head, Json::array({"sub", "u-9"})},
              {head, Json()},
              {Json{{"alg", "HS256"}, {"crit", {"exp"}}}, good},
              {Json{{"alg", {"HS256"}}}, good},
              {Json{{"alg", "hs256"}}, good},
              {Json{{"alg", "RS256"}}, good},
              {Json{{"typ", "JWT"}}, good},
              {Json::array(), good},
              {Json{{"alg", "none"}}, good},
              {Json{{"alg", "HS512"}}, good}})
            QCOMPARE(session({{"jwt", jwt(header, claims)}}).status, 401);
        auto forged = jwt(head, good);
        forged.back() = forged.back() == 'A' ? 'B' : 'A';
        forged[forged.size() - 5] = forged[forged.size() - 5] == 'A' ? 'B' : 'A';
        for (const auto &token : {forged, std::string{"a.b.c"}, std::string{".."}, std::string(20'000, '.'),
                                  jwt(head, good) + ".x", std::string{"no token"}})
            QVERIFY(session({{"jwt", token}}).status >= 400);
    }

    void tokensThatAreNoneAreRefusedAndNothingBreaks()
    {
        const auto sign = [this](const std::string &header, const std::string &payload) {
            const auto said = base::toBase64Url(header) + '.' + base::toBase64Url(payload);
            return said + '.' + base::toBase64Url(m_world->crypto.hmacSha256(secret(), said));
        };
        const auto now = base::toMs(m_world->clock.now()) / 1000;
        const auto header = Json{{"alg", "HS256"}}.dump();
        const auto payload = Json{{"sub", "u"}, {"exp", now + 600}}.dump();
        QCOMPARE(session({{"jwt", sign(header, payload)}}).status, 200);
        for (const auto &token :
             {sign(header, std::string(3000, '[')), sign(header, "{\"a\":" + std::string(3000, '{')),
              sign(std::string(3000, '['), payload), sign(header, ""), sign("", payload),
              sign(header, payload + payload), sign(header, "\xff\xfe"),
              sign(header, std::string{"{\"sub\":\"u\0\"}", 12}), sign(header, payload) + "=",
              sign(header, payload).substr(0, 40), '.' + sign(header, payload),
              sign(header, Json{{"sub", "u"}, {"exp", now + 600}, {"x", std::string(9000, 'x')}}.dump())})
            QCOMPARE(session({{"jwt", token}}).status, 401);
    }

    void whatWasWrittenUnknownGoesWithTheProven()
    {
        const auto before = session({{"identifier", "u-1"}, {"identifier_hash", hash("u-1")}});
        Visitor old{*m_world, before.body["token"]};
        old.say("Last year", m_world->ids.next().text());

        Visitor visitor{*m_world};
        visitor.say("Not signed in yet", m_world->ids.next().text());
        const auto signedIn =
            session({{"identifier", "u-1"}, {"identifier_hash", hash("u-1")}}, visitor.token);
        QVERIFY(has(signedIn.body["rows"], "Not signed in yet"));
        QVERIFY(has(signedIn.body["rows"], "Last year"));
        QCOMPARE(contacts(), std::size_t{1});
        const auto theirs =
            m_world->api("GET", World::inAccount("/contacts/1/conversations")).body["payload"];
        QCOMPARE(theirs.size(), std::size_t{2});

        // Somebody else signs in on the same device: nothing of this is theirs.
        const auto next =
            session({{"identifier", "u-2"}, {"identifier_hash", hash("u-2")}}, text(signedIn.body["token"]));
        QVERIFY(next.body["conv"].empty());
        QVERIFY(next.body["visitor"]["id"] != signedIn.body["visitor"]["id"]);
        QCOMPARE(contacts(), std::size_t{2});
    }

    void identifyingTwiceChangesNothing()
    {
        const Json identity{{"identifier", "u-1"}, {"identifier_hash", hash("u-1")}, {"name", "Ann"}};
        const auto first = session(identity);
        const auto head = m_world->head();
        const auto again = session(identity, text(first.body["token"]));
        QVERIFY(again.body["visitor"]["id"] == first.body["visitor"]["id"]);
        QCOMPARE(m_world->head(), head);
    }

private:
    std::string secret()
    {
        return text(m_world->api("GET", World::inAccount("/inboxes/1")).body["hmac_token"]);
    }
    std::string hash(const std::string &identifier)
    {
        return base::toHex(m_world->crypto.hmacSha256(secret(), identifier));
    }
    std::string jwt(const Json &head, const Json &claims)
    {
        const auto said =
            base::toBase64Url(base::toText(head)) + '.' + base::toBase64Url(base::toText(claims));
        return said + '.' + base::toBase64Url(m_world->crypto.hmacSha256(secret(), said));
    }
    JsonAnswer session(const Json &identity, const std::string &token = {})
    {
        Json body{{"site", m_world->websiteToken}, {"identity", identity}, {"token", token}};
        auto answer = m_world->request("POST", "/w/v1/session", base::toText(body));
        auto json = base::parseJson(answer.body);
        return {answer.status, json ? std::move(*json) : Json{}, std::move(answer)};
    }
    JsonAnswer call(const char *method, const std::string &path, const std::string &token)
    {
        auto answer = m_world->request(method, path, {}, {"Authorization: Bearer " + token});
        auto json = base::parseJson(answer.body);
        return {answer.status, json ? std::move(*json) : Json{}, std::move(answer)};
    }
    std::size_t contacts()
    {
        std::size_t count = 0;
        m_world->database->read([&](server::storage::Transaction &tx) {
            count = static_cast<std::size_t>(tx.one("SELECT count(*) FROM contacts")->integer(0));
        });
        return count;
    }

    std::unique_ptr<World> m_world;
};

REGISTER_TEST(IdentityTest);
#include "tst_identity.moc"
