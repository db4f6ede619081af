#include "client/storage/cache_store.h"
#include "client/storage/outbox_store.h"
#include "client/storage/reader.h"
#include "client/storage/search_index.h"
#include "shared/base/json.h"
#include "tests/support/fakes.h"
#include "tests/support/register_test.h"

#include <QDateTime>
#include <QTemporaryDir>
#include <QTest>

#include <map>
#include <random>
#include <set>

namespace tests {

using client::storage::CacheStore;
using client::storage::EntityKey;
using client::storage::SearchIndex;
using client::storage::StoredRow;
using protocol::EntityType;

/// Words over everything that is cached.
class SearchTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void findsWords_data();
    void findsWords();
    void findsWhoAndWhich();
    void theNewestAreIndexedFirst();
    void findsOnlyUpToTheLimitNewestFirst();
    void operatorsAreRead_data();
    void operatorsAreRead();
    void operatorsNarrowWhatIsFound();
    void snippetsShowWhatWasFound();
    void theUnfinishedWordIsCompletedFromTheIndex_data();
    void theUnfinishedWordIsCompletedFromTheIndex();
    void staysTrueWhateverHappensToRows_data();
    void staysTrueWhateverHappensToRows();

private:
    base::Uuid addConversation(int number, const std::string &contact = "Nobody",
                               const std::string &email = {});
    EntityKey say(const base::Uuid &conversation, const std::string &body,
                  const std::string &kind = "public");
    void indexAll();
    std::set<base::Uuid> found(const std::string &words);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<client::storage::OutboxStore> m_outbox;
    std::unique_ptr<CacheStore> m_cache;
    std::unique_ptr<client::storage::Reader> m_reader;
    FakeClock m_clock;
    SeededRandom m_random{1};
    base::UuidMaker m_ids{m_clock, m_random};
    std::int64_t m_at = 1767190000000;
};

void SearchTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    const auto outbox = m_folder->filePath(QStringLiteral("outbox.db"));
    const auto cache = m_folder->filePath(QStringLiteral("cache.db"));
    m_outbox = std::make_unique<client::storage::OutboxStore>(outbox);
    m_cache = std::make_unique<CacheStore>(cache);
    m_reader = std::make_unique<client::storage::Reader>(outbox, cache);
}

void SearchTest::cleanup()
{
    m_reader.reset();
    m_cache.reset();
    m_outbox.reset();
}

base::Uuid SearchTest::addConversation(int number, const std::string &contact, const std::string &email)
{
    const auto id = m_ids.next();
    const auto person = m_ids.next();
    m_cache->begin();
    m_cache->putServerRow({EntityType::Contact, person},
                          {1, "c", std::nullopt, 1, 1, base::toText({{"name", contact}, {"email", email}})});
    m_cache->putServerRow(
        {EntityType::Conversation, id},
        {1, "i:x", std::nullopt, 1, 1,
         base::toText(
             {{"num", number}, {"contact", person.text()}, {"status", "open"}, {"last_at", ++m_at}})});
    m_cache->commit();
    return id;
}

EntityKey SearchTest::say(const base::Uuid &conversation, const std::string &body, const std::string &kind)
{
    const EntityKey key{EntityType::Message, m_ids.next()};
    m_cache->begin();
    m_cache->putServerRow(key, {1, "i:x", conversation, 1, 0,
                                base::toText({{"n", 1}, {"kind", kind}, {"at", ++m_at}, {"body", body}})});
    m_cache->commit();
    return key;
}

void SearchTest::indexAll()
{
    while (SearchIndex{m_cache->connection()}.index(7) > 0) {
    }
    m_cache->connection().run("INSERT INTO message_text(message_text, rank) VALUES('integrity-check', 1)");
}

std::set<base::Uuid> SearchTest::found(const std::string &words)
{
    std::set<base::Uuid> ids;
    for (const auto &id : m_reader->find(words, 1000))
        ids.insert(id.value);
    return ids;
}

void SearchTest::findsWords_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("words");
    QTest::addColumn<bool>("hit");
    const auto row = [](const char *name, const char *body, const char *words, bool hit) {
        QTest::addRow("%s", name) << QString::fromUtf8(body) << QString::fromUtf8(words) << hit;
    };
    row("a word", "The invoice is wrong", "invoice", true);
    row("as it is typed", "The invoice is wrong", "inv", true);
    row("only the last is unfinished", "The invoice is wrong", "inv wrong", false);
    row("finished by a space", "The invoice is wrong", "inv ", false);
    row("one letter is a word", "Plan B works", "b", true);
    row("one letter begins nothing", "The invoice is wrong", "i", false);
    row("one letter behind others waits", "The invoice is wrong", "invoice p", true);
    row("any order", "The invoice is wrong", "wrong invoice", true);
    row("all of them", "The invoice is wrong", "wrong parcel", false);
    row("capitals", "The INVOICE is wrong", "invoice", true);
    row("accents left out", "Größe und Café", "cafe", true);
    row("accents typed", "Grosse und Cafe", "café", true);
    row("inside a word", "The invoice is wrong", "voice", false);
    row("an address", "write to a.b@example.com please", "a.b@example.com", true);
    row("query syntax is text", "The invoice NEAR wrong", "\"invoice\" AND (", false);
    row("operators are words", "this OR that", "or", true);
    row("a star is no operator", "The invoice", "inv* oice", false);
    row("Arabic", "مرحبا بالعالم", "مرحبا", true);
    row("Hebrew, as it is typed", "שלום עולם", "עול", true);
    row("Hindi with vowel signs", "नमस्ते दुनिया", "दुनिया", true);
    row("Chinese has no spaces", "我的订单在哪里", "订单", true);
    row("Chinese that is not there", "我的订单在哪里", "发票", false);
    row("a smiley", "so happy 🙂 today", "🙂", true);
    row("percent is no wildcard", "100 apples", "%%", false);
}

void SearchTest::findsWords()
{
    QFETCH(QString, body);
    QFETCH(QString, words);
    QFETCH(bool, hit);
    const auto id = addConversation(1);
    say(id, body.toStdString());
    indexAll();
    QCOMPARE(found(words.toStdString()).contains(id), hit);
}

void SearchTest::findsWhoAndWhich()
{
    const auto mara = addConversation(121, "Mara Lindqvist", "mara@lindqvist.example");
    const auto omar = addConversation(1205, "Omar");
    const auto third = addConversation(7, "100%_sure");
    QCOMPARE(found("lindq"), std::set{mara});
    QCOMPARE(found("mara@lind"), std::set{mara});
    QCOMPARE(found("#121"), std::set{mara});
    QCOMPARE(found("12"), (std::set{mara, omar}));
    QCOMPARE(found("%_s"), std::set{third});
    QCOMPARE(found("nothing like it").size(), std::size_t{0});
}

void SearchTest::theNewestAreIndexedFirst()
{
    const auto old = addConversation(1);
    say(old, "parcel");
    const auto fresh = addConversation(2);
    say(fresh, "parcel");
    say(fresh, "assign:none parcel", "activity");
    QCOMPARE(m_reader->unindexedMessages(), 2);
    QCOMPARE(SearchIndex{m_cache->connection()}.index(1), std::size_t{1});
    QCOMPARE(found("parcel"), std::set{fresh});
    QCOMPARE(SearchIndex{m_cache->connection()}.index(5), std::size_t{1});
    QCOMPARE(found("parcel"), (std::set{old, fresh}));
    QCOMPARE(m_reader->unindexedMessages(), 0);
}

void SearchTest::findsOnlyUpToTheLimitNewestFirst()
{
    std::vector<base::Uuid> ids;
    for (int i = 0; i < 30; ++i) {
        ids.push_back(addConversation(100 + i));
        for (int j = 0; j < 40; ++j)
            say(ids.back(), "parcel");
    }
    indexAll();
    const auto five = m_reader->find("parcel", 5);
    QCOMPARE(five.size(), std::size_t{5});
    for (std::size_t i = 0; i < five.size(); ++i)
        QVERIFY(five[i].value == ids[ids.size() - 1 - i]);
}

void SearchTest::operatorsAreRead_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("words");
    QTest::addColumn<QString>("phrases");
    QTest::addColumn<QString>("excluded");
    const auto row = [](const char *name, const char *text, const char *words, const char *phrases,
                        const char *excluded) {
        QTest::addRow("%s", name) << QString::fromUtf8(text) << QString::fromUtf8(words)
                                  << QString::fromUtf8(phrases) << QString::fromUtf8(excluded);
    };
    row("plain", "late parcel", "late parcel", "", "");
    row("as typed", "late par ", "late par ", "", "");
    row("phrase", "\"late parcel\" now", "now", "late parcel", "");
    row("open phrase", "\"late par", "", "late par", "");
    row("a quote just opened", "late \"", "late ", "", "");
    row("minus", "late -parcel", "late ", "", "parcel");
    row("a lone minus is a word", "late - parcel", "late - parcel", "", "");
    row("minus inside a word", "e-mail", "e-mail", "", "");
    row("operator", "from:mara late", "late", "", "");
    row("quoted value", "from:\"Mara L\" late", "late", "", "");
    row("unknown operator is words", "size:big late", "size:big late", "", "");
    row("unusable value is words", "status:lost", "status:lost", "", "");
    row("an address is words", "https://a.example/b", "https://a.example/b", "", "");
    row("nothing", "   ", "", "", "");
}

void SearchTest::operatorsAreRead()
{
    QFETCH(QString, text);
    QFETCH(QString, words);
    QFETCH(QString, phrases);
    QFETCH(QString, excluded);
    const auto query = client::storage::parseSearch(text.toStdString());
    QCOMPARE(QString::fromStdString(query.words), words);
    const auto joined = [](const std::vector<std::string> &all) {
        QStringList list;
        for (const auto &one : all)
            list += QString::fromStdString(one);
        return list.join(QLatin1Char{'|'});
    };
    QCOMPARE(joined(query.phrases), phrases);
    QCOMPARE(joined(query.excluded), excluded);
    const bool asksFrom = text.contains(QStringLiteral("from:"));
    QCOMPARE(!query.from.empty(), asksFrom);
}

void SearchTest::operatorsNarrowWhatIsFound()
{
    const auto ana = addConversation(1, "Ana Silva", "ana@example.com");
    const auto ben = addConversation(2, "Ben Okoro", "ben@example.com");
    const auto me = m_ids.next();
    const auto inbox = m_ids.next();
    m_cache->begin();
    m_cache->putServerRow({EntityType::User, me},
                          {1, "a", std::nullopt, 1, 0, base::toText({{"name", "Sara"}, {"email", "s@x.y"}})});
    m_cache->putServerRow({EntityType::Inbox, inbox},
                          {1, "a", std::nullopt, 1, 0, base::toText({{"name", "Web shop"}})});
    auto row = base::Json::parse(m_cache->mergedRow({EntityType::Conversation, ben})->json);
    row["status"] = "resolved";
    row["assignee"] = me.text();
    row["inbox"] = inbox.text();
    row["labels"] = {"billing", "vip"};
    m_cache->putServerRow({EntityType::Conversation, ben}, {2, "i:x", std::nullopt, 1, 1, base::toText(row)});
    const auto put = [&](const base::Uuid &conversation, const base::Json &by, const char *dir,
                         const std::string &body, const base::Json &files, const QString &at) {
        const auto ms = QDateTime::fromString(at, Qt::ISODate).toMSecsSinceEpoch();
        m_cache->putServerRow({EntityType::Message, m_ids.next()}, {1, "i:x", conversation, 1, 0,
                                                                    base::toText({{"n", 1},
                                                                                  {"kind", "public"},
                                                                                  {"dir", dir},
                                                                                  {"at", ms},
                                                                                  {"by", by},
                                                                                  {"body", body},
                                                                                  {"att", files}})});
    };
    put(ana,
        {{"contact",
          base::Json::parse(m_cache->mergedRow({EntityType::Conversation, ana})->json)["contact"]}},
        "in", "the parcel is late", base::Json::array(), QStringLiteral("2026-01-10T12:00:00"));
    put(ben, {{"user", me.text()}}, "out", "your parcel has left us",
        {{{"id", m_ids.next().text()}, {"name", "label.pdf"}}}, QStringLiteral("2026-02-10T12:00:00"));
    m_cache->commit();
    indexAll();
    const auto found = [&](const char *text) {
        std::string ids;
        for (const auto &hit : m_reader->search(text, 10, domain::UserId{me}))
            ids += hit.conversation.value == ana ? "a" : hit.conversation.value == ben ? "b" : "?";
        std::sort(ids.begin(), ids.end());
        return ids;
    };
    QCOMPARE(found("parcel"), std::string{"ab"});
    QCOMPARE(found("parcel -late"), std::string{"b"});
    QCOMPARE(found("\"parcel is late\""), std::string{"a"});
    QCOMPARE(found("\"late parcel\""), std::string{});
    QCOMPARE(found("parcel from:me"), std::string{"b"});
    QCOMPARE(found("parcel from:silva"), std::string{"a"});
    QCOMPARE(found("parcel to:ben"), std::string{"b"});
    QCOMPARE(found("parcel to:ana"), std::string{});
    QCOMPARE(found("parcel status:resolved"), std::string{"b"});
    QCOMPARE(found("parcel assignee:none"), std::string{"a"});
    QCOMPARE(found("parcel assignee:sara"), std::string{"b"});
    QCOMPARE(found("in:shop"), std::string{"b"});
    QCOMPARE(found("label:vip"), std::string{"b"});
    QCOMPARE(found("parcel label:VIP"), std::string{"b"});
    QCOMPARE(found("parcel label:vi"), std::string{});
    QCOMPARE(found("has:attachment"), std::string{"b"});
    QCOMPARE(found("before:2026-01-10"), std::string{});
    QCOMPARE(found("before:2026-01-11"), std::string{"a"});
    QCOMPARE(found("after:2026-01-10"), std::string{"b"});
    QCOMPARE(found("parcel after:2026-02-10"), std::string{});
}

void SearchTest::theUnfinishedWordIsCompletedFromTheIndex_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("asked");
    QTest::addColumn<int>("hits");
    const auto row = [](const char *name, const char *typed, const char *asked, int hits) {
        QTest::addRow("%s", name) << QString::fromUtf8(typed) << QString::fromUtf8(asked) << hits;
    };
    row("one word", "order", R"(("order" OR "ordered"))", 2);
    row("behind another", "Late ORD", R"("Late" AND ("order" OR "ordered"))", 1);
    row("beside a phrase", R"("is late" ord)", R"(("order" OR "ordered") AND "is late")", 1);
    row("with something left out", "-late ord", R"((("order" OR "ordered")) NOT "late")", 1);
    row("two letters: the index knows them", "or", R"("or"*)", 2);
    row("no such word", "orange", R"("orange"*)", 0);
    row("too many", "num", R"("num"*)", 60);
    row("another alphabet", "зак", R"("зак"*)", 1);
}

void SearchTest::theUnfinishedWordIsCompletedFromTheIndex()
{
    QFETCH(QString, typed);
    QFETCH(QString, asked);
    QFETCH(int, hits);
    say(addConversation(1, "Ada", ""), "The order is late", "reply");
    say(addConversation(2, "Bea", ""), "Ordered twice", "reply");
    say(addConversation(3, "Cyd", ""), "Мой заказ", "reply");
    for (int i = 0; i < 60; ++i)
        say(addConversation(10 + i, "Dan", ""), "num" + std::to_string(1000 + i), "reply");
    indexAll();
    const auto query = client::storage::parseSearch(typed.toStdString());
    QCOMPARE(QString::fromStdString(
                 client::storage::completed(m_cache->connection(), client::storage::matchExpression(query))),
             asked);
    const auto found = m_reader->search(typed.toStdString(), 100, std::nullopt);
    QCOMPARE(static_cast<int>(found.size()), hits);
    for (const auto &hit : found)
        QVERIFY(hit.snippet.find('\x02') != std::string::npos);
}

void SearchTest::snippetsShowWhatWasFound()
{
    const auto id = addConversation(1, "Ana");
    say(id, "An older parcel");
    std::string longText;
    for (int i = 0; i < 60; ++i)
        longText += "filler ";
    say(id, longText + "the Parcel\nis late " + longText);
    const auto chinese = addConversation(2, "Li");
    say(chinese, "我的订单在哪里");
    indexAll();
    const auto hits = m_reader->search("parc", 10, std::nullopt);
    QCOMPARE(hits.size(), std::size_t{1});
    QVERIFY(hits[0].snippet.find("\x02Parcel\x03 is late") != std::string::npos); // the newest, on one line
    QVERIFY(hits[0].snippet.size() < 250);
    QVERIFY(hits[0].message.has_value());
    const auto read = m_reader->search("订单", 10, std::nullopt);
    QCOMPARE(read.size(), std::size_t{1});
    QCOMPARE(read[0].snippet, std::string{"我的\x02订单\x03在哪里"});
    const auto byName = m_reader->search("Ana", 10, std::nullopt);
    QCOMPARE(byName.size(), std::size_t{1});
    QVERIFY(byName[0].snippet.empty());
}

void SearchTest::staysTrueWhateverHappensToRows_data()
{
    QTest::addColumn<quint64>("seed");
    for (quint64 seed = 1; seed <= 6; ++seed)
        QTest::addRow("seed %llu", seed) << seed;
    const auto fresh = quint64{std::random_device{}()};
    QTest::addRow("seed %llu", fresh) << fresh;
}

// Rows come, change, are shown otherwise, and go, indexed or not; a search says what reading would.
void SearchTest::staysTrueWhateverHappensToRows()
{
    QFETCH(quint64, seed);
    std::mt19937_64 random{seed};
    const auto below = [&random](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    const std::vector<std::string> words{"parcel", "invoice", "refund", "Käse", "order", "late"};
    std::vector<base::Uuid> conversations;
    for (int i = 0; i < 5; ++i)
        conversations.push_back(addConversation(9000 + i));
    std::map<EntityKey, std::pair<std::size_t, std::string>> said; // where and what
    std::int64_t q = 1;
    const auto body = [&] { return words[below(words.size())] + " " + words[below(words.size())]; };
    const auto pick = [&] {
        return std::next(said.begin(), static_cast<std::ptrdiff_t>(below(said.size())));
    };
    for (int step = 0; step < 400; ++step) {
        const auto what = below(10);
        if (what < 4 || said.empty()) {
            const auto where = below(conversations.size());
            const auto text = body();
            said[say(conversations[where], text)] = {where, text};
        } else if (what < 6) {
            const auto at = pick();
            at->second.second = body();
            m_cache->begin();
            m_cache->putServerRow(
                at->first,
                {++q, "i:x", conversations[at->second.first], 1, 0,
                 base::toText({{"n", 1}, {"kind", "public"}, {"at", m_at}, {"body", at->second.second}})});
            m_cache->commit();
        } else if (what < 7) {
            const auto at = pick();
            m_cache->begin();
            m_cache->removeServerRow(at->first);
            if (below(4) == 0) {
                m_cache->rollBack();
            } else {
                m_cache->commit();
                said.erase(at);
            }
        } else if (what < 8) {
            SearchIndex{m_cache->connection()}.index(below(5) + 1);
        } else {
            indexAll();
            const auto &word = words[below(words.size())];
            std::set<base::Uuid> expected;
            for (const auto &[key, what_] : said)
                if (what_.second.find(word) != std::string::npos)
                    expected.insert(conversations[what_.first]);
            QCOMPARE(found(word), expected);
        }
    }
}

} // namespace tests

using tests::SearchTest;
REGISTER_TEST(SearchTest);
#include "tst_search.moc"
