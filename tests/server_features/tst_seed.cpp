#include "server/app/journal_check.h"
#include "server/app/png.h"
#include "server/app/seeder.h"
#include "server/app/workspace.h"
#include "tests/support/register_test.h"

#include <QImage>
#include <QTemporaryDir>
#include <QTest>

#include <set>

using server::app::Foundation;

class Seed : public QObject {
    Q_OBJECT

private:
    static std::string content(std::uint64_t seed, server::app::Sown *sown = nullptr)
    {
        QTemporaryDir folder;
        server::platform::Config config;
        config.dataDir = folder.path().toStdString();
        Foundation foundation{config, {}};
        server::app::plantAccount(foundation, "Acme", "Ada", "ada@example.com", "correct horse");
        const auto result = server::app::Seeder{foundation, seed}.sow(60, 700);
        if (sown)
            *sown = result;
        std::string all;
        foundation.database->read([&](server::storage::Transaction &tx) {
            for (const auto &row :
                 tx.all("SELECT c.display_id, hex(c.uuid), c.status, c.priority, hex(m.uuid), m.n, "
                        "m.kind, m.direction, m.body, m.files, m.at FROM messages m JOIN conversations "
                        "c ON c.id = m.conversation_id ORDER BY c.id, m.n"))
                for (std::size_t i = 0; i < row.size(); ++i)
                    all += (i == 1 || i == 4 || i == 8 ? row.text(i) : std::to_string(row.integer(i))) + "|";
            const auto broken = server::app::brokenInvariants(tx);
            if (!broken.empty())
                throw std::runtime_error{broken.front()};
        });
        return all;
    }

private Q_SLOTS:
    void theSameSeedGivesTheSameContentAndAnotherDoesNot()
    {
        server::app::Sown sown;
        const auto first = content(7, &sown);
        QCOMPARE(sown.conversations, std::int64_t{60});
        QCOMPARE(sown.messages, std::int64_t{700});
        QVERIFY(sown.attachments > 0);
        QCOMPARE(content(7), first);
        QVERIFY(content(8) != first);
    }

    void itSpeaksManyLanguagesInSeveralDirections()
    {
        std::set<std::string_view> codes;
        for (const auto &tongue : server::app::tongues()) {
            codes.insert(tongue.code);
            QVERIFY(!tongue.names.empty() && !tongue.openers.empty() && !tongue.details.empty() &&
                    !tongue.replies.empty() && !tongue.closings.empty());
        }
        QVERIFY(codes.size() >= 12);
        for (const auto *rightToLeft : {"ar", "he", "fa"})
            QVERIFY(codes.contains(rightToLeft));
    }

    void itsPicturesAreRealOnes()
    {
        const auto png = server::app::makePng(120, 80, 0x1234567890ab);
        QImage image;
        QVERIFY(image.loadFromData(reinterpret_cast<const uchar *>(png.data()), int(png.size()), "PNG"));
        QCOMPARE(image.size(), QSize(120, 80));
        QCOMPARE(server::app::makePng(120, 80, 0x1234567890ab), png);
    }

    void theDemoIsPlantedOnce()
    {
        QTemporaryDir folder;
        server::platform::Config config;
        config.dataDir = folder.path().toStdString();
        Foundation foundation{config, {}};
        const auto demo = server::app::plantDemo(foundation);
        QVERIFY(demo);
        QVERIFY(!server::app::plantDemo(foundation));
        const auto in = foundation.devices.signIn(
            {foundation.ids.next(), "d", "o", "a", demo->email, demo->password, std::nullopt});
        QVERIFY(in);
        QCOMPARE(in->account.account.name, std::string{"Acme Support"});
    }
};

REGISTER_TEST(Seed);
#include "tst_seed.moc"
