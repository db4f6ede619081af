#include "server/platform/crypto.h"
#include "server/platform/system_clock.h"
#include "server/platform/system_random.h"
#include "shared/base/text.h"
#include "tests/support/register_test.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sys/stat.h>
#include <thread>

using namespace server::platform;

namespace {

constexpr PasswordCost cheap{1, 1 << 20};

SecretKey keyOf(unsigned char fill)
{
    SecretKey key;
    key.fill(fill);
    return key;
}

std::string vectorsFile()
{
    const auto folder = qgetenv("DESKBELL_TESTDATA").toStdString();
    if (!folder.empty())
        return folder + "/crypto/vectors.json";
    return qgetenv("DESKBELL_SOURCE").toStdString() + "/../shared/testdata/crypto/vectors.json";
}

} // namespace

class CryptoTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void hashesMatchTheStandards()
    {
        const SodiumCrypto crypto{keyOf(1), cheap};
        QCOMPARE(
            base::toHex(crypto.sha256("abc")),
            std::string{"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}); // FIPS 180-4
        QCOMPARE(base::toHex(crypto.sha256("")),
                 std::string{"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"});
        QCOMPARE(base::toHex(crypto.hmacSha256("Jefe", "what do ya want for nothing?")), // RFC 4231, case 2
                 std::string{"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"});
        QCOMPARE(base::toHex(
                     crypto.hmacSha256(std::string(131, '\xaa'),
                                       "Test Using Larger Than Block-Size Key - Hash Key First")), // case 6
                 std::string{"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"});
    }

    void signaturesOfProvidersMatch()
    {
        std::ifstream file{vectorsFile()};
        if (!file)
            QSKIP("no provider vectors here: set DESKBELL_TESTDATA");
        const SodiumCrypto crypto{keyOf(1), cheap};
        int checked = 0;
        for (const auto &entry : nlohmann::json::parse(file)) {
            const auto scheme = entry.value("scheme", "");
            if (!entry.contains("signature") || scheme.find("hex(HMAC-SHA256") == std::string::npos ||
                !entry.contains("body"))
                continue;
            const auto signature = entry.at("signature").get<std::string>();
            auto message = entry.at("body").get<std::string>();
            if (entry.at("vendor") == "slack")
                message = "v0:" + entry.at("timestamp").get<std::string>() + ":" + message;
            const auto mac = base::toHex(crypto.hmacSha256(entry.at("secret").get<std::string>(), message));
            QVERIFY2(signature.ends_with(mac), entry.at("vendor").get<std::string>().c_str());
            ++checked;
        }
        QVERIFY(checked >= 3);
    }

    void passwordsAreRecognised()
    {
        const SodiumCrypto crypto{keyOf(1), cheap};
        const auto hash = crypto.hashPassword("correct horse");
        QVERIFY(hash.starts_with("$argon2id$"));
        QVERIFY(crypto.verifyPassword("correct horse", hash));
        QVERIFY(!crypto.verifyPassword("correct horsf", hash));
        QVERIFY(!crypto.verifyPassword("", hash));
        QVERIFY(!crypto.verifyPassword("x", "no hash"));
        QVERIFY(crypto.hashPassword("correct horse") != hash);
        QVERIFY(!crypto.isOutdated(hash));
        QVERIFY((SodiumCrypto{keyOf(1), {2, 2 << 20}}).isOutdated(hash));
    }

    void manyPasswordsAtOnceAllGetTheirTurn()
    {
        const SodiumCrypto crypto{keyOf(1), cheap};
        std::atomic<int> right{0};
        std::vector<std::jthread> threads;
        for (int i = 0; i < 16; ++i)
            threads.emplace_back([&, i] {
                const auto password = std::to_string(i);
                right += crypto.verifyPassword(password, crypto.hashPassword(password)) ? 1 : 0;
            });
        threads.clear();
        QCOMPARE(right.load(), 16);
    }

    void sealedBytesOpenOnlyAsTheyWereSealed()
    {
        const SodiumCrypto crypto{keyOf(1), cheap};
        const auto sealed = crypto.seal("cursor", "position 7", "visitor-1");
        QCOMPARE(*crypto.open("cursor", sealed, "visitor-1"), std::string{"position 7"});
        QVERIFY(!crypto.open("cursor", sealed, "visitor-2"));
        QVERIFY(!crypto.open("token", sealed, "visitor-1"));
        QVERIFY(!(SodiumCrypto{keyOf(2), cheap}).open("cursor", sealed, "visitor-1"));
        QVERIFY(crypto.seal("cursor", "position 7", "visitor-1") != sealed);
        QVERIFY(crypto.open("empty", crypto.seal("empty", "", ""), ""));
        for (std::size_t i = 0; i < sealed.size(); ++i) {
            auto changed = sealed;
            changed[i] = static_cast<char>(changed[i] ^ 1);
            QVERIFY(!crypto.open("cursor", changed, "visitor-1"));
            QVERIFY(!crypto.open("cursor", sealed.substr(0, i), "visitor-1"));
        }
        QVERIFY(!crypto.open("cursor", sealed + "x", "visitor-1"));
    }

    void signaturesAreBoundToTheirPurpose()
    {
        const SodiumCrypto crypto{keyOf(1), cheap};
        const auto signature = crypto.sign("blob", "/blob/1?until=5");
        QCOMPARE(signature.size(), std::size_t{32});
        QVERIFY(crypto.isSigned("blob", "/blob/1?until=5", signature));
        QVERIFY(!crypto.isSigned("blob", "/blob/1?until=6", signature));
        QVERIFY(!crypto.isSigned("other", "/blob/1?until=5", signature));
        QVERIFY(!crypto.isSigned("blob", "/blob/1?until=5", signature.substr(1)));
        QVERIFY(!crypto.isSigned("blob", "/blob/1?until=5", ""));
        QVERIFY(crypto.equal("", "") && crypto.equal("a", "a") && !crypto.equal("a", "b") &&
                !crypto.equal("a", "aa"));
    }

    void tokensDiffer()
    {
        const SodiumCrypto crypto{keyOf(1), cheap};
        std::set<std::string> tokens;
        for (int i = 0; i < 1000; ++i)
            tokens.insert(crypto.randomToken(16));
        QCOMPARE(tokens.size(), std::size_t{1000});
        QCOMPARE(crypto.randomToken(32).size(), std::size_t{43});
        QCOMPARE(base::fromBase64Url(crypto.randomToken(32)).size(), std::size_t{32});
    }

    void theKeyFileIsMadeOnceAndPrivate()
    {
        QTemporaryDir folder;
        const auto file = folder.filePath(QStringLiteral("secret.key")).toStdString();
        const auto first = loadOrCreateKey(file);
        QVERIFY(first);
        struct stat status {};
        QCOMPARE(::stat(file.c_str(), &status), 0);
        QCOMPARE(status.st_mode & 0777, mode_t{0600});
        QVERIFY(*loadOrCreateKey(file) == *first);
        QVERIFY(*loadOrCreateKey(folder.filePath(QStringLiteral("other.key")).toStdString()) != *first);
        QCOMPARE(QDir{folder.path()}.entryList(QDir::Files).size(), 2); // no drafts left

        ::chmod(file.c_str(), 0644);
        QCOMPARE(loadOrCreateKey(file).error().code, base::ErrorCode::Storage);
        ::chmod(file.c_str(), 0600);
        for (const std::string bad : {"", "abc", "zz\n"}) {
            std::ofstream{file, std::ios::trunc} << bad;
            QCOMPARE(loadOrCreateKey(file).error().code, base::ErrorCode::Storage);
        }
        std::ofstream{file, std::ios::trunc} << std::string(66, 'a') << "\n";
        QVERIFY(!loadOrCreateKey(file));
        QVERIFY(!loadOrCreateKey(folder.path().toStdString()));
        QVERIFY(!loadOrCreateKey("/nonexistent/secret.key"));
    }

    void aRaceForTheKeyFileHasOneWinner()
    {
        QTemporaryDir folder;
        const auto file = folder.filePath(QStringLiteral("secret.key")).toStdString();
        const auto first = loadOrCreateKey(file);
        QVERIFY(first);
        std::vector<std::jthread> threads;
        std::atomic<int> same{0};
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([&] { same += *loadOrCreateKey(file) == *first ? 1 : 0; });
        threads.clear();
        QCOMPARE(same.load(), 8);
    }

    void clocksTellTime()
    {
        const SystemClock clock;
        QVERIFY(base::toMs(clock.now()) > 1'700'000'000'000);
        const auto before = clock.monotonic();
        QVERIFY(clock.monotonic() >= before);
        SystemRandom random;
        std::uint64_t a = 0;
        std::uint64_t b = 0;
        random.fill(&a, sizeof a);
        random.fill(&b, sizeof b);
        QVERIFY(a != b);
    }
};

REGISTER_TEST(CryptoTest);
#include "tst_crypto.moc"
