#include "shared/base/json.h"
#include "shared/protocol/container.h"
#include "shared/protocol/conversations/conversation_messages.h"
#include "shared/protocol/mutation.h"
#include "shared/protocol/rows.h"
#include "tests/support/fakes.h"
#include "tests/support/register_test.h"

#include <QRandomGenerator>
#include <QTest>

#include <string>

namespace {

base::Uuid id(int i)
{
    std::string bytes(16, '\0');
    bytes[0] = static_cast<char>(i);
    return *base::Uuid::fromBytes(bytes);
}

domain::Conversation fullConversation()
{
    domain::Conversation c;
    c.id = {id(1)};
    c.number = 5512;
    c.inbox = {id(2)};
    c.contact = {id(3)};
    c.status = domain::ConversationStatus::Snoozed;
    c.assignee = domain::UserId{id(4)};
    c.priority = domain::Priority::Urgent;
    c.snoozedUntil = base::fromMs(1'767'190'123'456);
    c.lastN = 9;
    c.customerN = 8;
    c.agentN = 7;
    c.agentReadN = 6;
    c.preview = "Any news? 😀";
    c.previewBy = "out";
    c.createdAt = base::fromMs(1);
    c.lastActivityAt = base::fromMs(2);
    c.waitingSince = base::fromMs(3);
    return c;
}

domain::Message fullMessage()
{
    domain::Message m;
    m.id = {id(5)};
    m.conversation = {id(1)};
    m.n = 3;
    m.kind = domain::MessageKind::Note;
    m.direction = domain::MessageDirection::Outgoing;
    m.author.user = domain::UserId{id(4)};
    m.body = "مرحبا";
    m.attachments.push_back({{id(6)}, "plan.pdf", "application/pdf", 48211, 0, 0, false});
    m.attachments.push_back({{id(7)}, "a.png", "image/png", 10, 4, 5, true});
    m.at = base::fromMs(1'767'190'000'123);
    return m;
}

} // namespace

class TstProtocol : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rowsComeBackEqual()
    {
        const auto conversation = fullConversation();
        QVERIFY(*protocol::conversationFromRow(conversation.id.value, protocol::toRow(conversation)) ==
                conversation);
        domain::Conversation bare;
        bare.id = {id(1)};
        QVERIFY(*protocol::conversationFromRow(bare.id.value, protocol::toRow(bare)) == bare);

        const auto message = fullMessage();
        QVERIFY(*protocol::messageFromRow(message.id.value, message.conversation.value,
                                          protocol::toRow(message)) == message);

        domain::User user{{id(4)}, 44, "Sara", "sara@example.com", domain::Role::Administrator, false};
        QVERIFY(*protocol::userFromRow(user.id.value, protocol::toRow(user)) == user);

        domain::Inbox inbox{{id(2)}, 2, "Website", "web_widget", 24, {{id(4)}, {id(8)}}};
        QVERIFY(*protocol::inboxFromRow(inbox.id.value, protocol::toRow(inbox)) == inbox);

        domain::Contact contact;
        contact.id = {id(3)};
        contact.name = "Mara";
        contact.email = "mara@example.com";
        contact.lastActivityAt = base::fromMs(77);
        contact.blocked = true;
        QVERIFY(*protocol::contactFromRow(contact.id.value, protocol::toRow(contact)) == contact);

        protocol::Access access{{id(4)}, domain::Role::Agent, {"a", "c"}};
        QVERIFY(*protocol::accessFromRow(access.user.value, protocol::toRow(access)) == access);
    }

    void rowsOfAnotherShapeAreRefused_data()
    {
        QTest::addColumn<QByteArray>("row");
        QTest::newRow("status number") << QByteArray{R"({"status":3})"};
        QTest::newRow("unknown status") << QByteArray{R"({"status":"asleep"})"};
        QTest::newRow("bad id") << QByteArray{R"({"assignee":"me"})"};
        QTest::newRow("fraction") << QByteArray{R"({"last_n":1.5})"};
        QTest::newRow("array") << QByteArray{"[]"};
        QTest::newRow("text") << QByteArray{"\"x\""};
    }

    void rowsOfAnotherShapeAreRefused()
    {
        QFETCH(QByteArray, row);
        const auto result = protocol::conversationFromRow(id(1), *base::parseJson(row.toStdString()));
        QVERIFY(!result);
        QVERIFY(result.error().code == base::ErrorCode::Protocol);
    }

    void unknownFieldsAreIgnored()
    {
        auto row = protocol::toRow(fullConversation());
        row["mood"] = "sunny";
        QVERIFY(*protocol::conversationFromRow(id(1), row) == fullConversation());
    }

    void mutationsComeBackEqual()
    {
        protocol::Mutation mutation;
        mutation.n = 418;
        mutation.mid = id(9);
        mutation.lane = "cv:x";
        mutation.after = 417;
        mutation.dep = 416;
        mutation.at = base::fromMs(55);
        mutation.queuedMs = 5400;
        mutation.queuedEstimated = true;
        mutation.op = "message.create";
        mutation.args = R"({"body":"hi","conv":"x"})";
        mutation.seen = protocol::Seen{31, 90211};
        const auto back = protocol::mutationFromJson(protocol::toJson(mutation));
        QVERIFY(bool(back));
        QCOMPARE(back->args, mutation.args);
        QVERIFY(back->seen == mutation.seen);
        QCOMPARE(back->dep, 416);
        QVERIFY(back->queuedEstimated);
        auto broken = protocol::toJson(mutation);
        broken["a"] = 3;
        QVERIFY(!protocol::mutationFromJson(broken));
        broken = protocol::toJson(mutation);
        broken["n"] = 0;
        QVERIFY(!protocol::mutationFromJson(broken));
    }

    void receiptsComeBackEqual()
    {
        const protocol::Receipt receipt{
            7, protocol::Verdict::Rejected, base::ErrorCode::AssigneeChanged, "{}", 9, 0, true};
        QVERIFY(*protocol::receiptFromJson(protocol::toJson(receipt)) == receipt);
        QVERIFY(!protocol::receiptFromJson(base::Json{{"n", 1}, {"st", "maybe"}}));
    }

    void argumentsAreChecked()
    {
        protocol::CreateMessage create{{id(1)}, domain::MessageKind::Note, "hi", {{id(2)}}};
        const auto back = protocol::messageFromJson<protocol::CreateMessage>(protocol::toJson(create));
        QVERIFY(bool(back));
        QVERIFY(back->kind == domain::MessageKind::Note && back->uploads == create.uploads);

        auto json = protocol::toJson(create);
        json["kind"] = "activity";
        QVERIFY(!protocol::messageFromJson<protocol::CreateMessage>(json));
        json.erase("conv");
        QVERIFY(!protocol::messageFromJson<protocol::CreateMessage>(json));
        json = protocol::toJson(create);
        for (int i = 0; i < 11; ++i)
            json["up"].push_back(id(i + 1).text());
        QVERIFY(!protocol::messageFromJson<protocol::CreateMessage>(json));
    }

    void envelopesComeBackWithEachCodec_data()
    {
        QTest::addColumn<int>("codec");
        QTest::newRow("raw") << 0;
        QTest::newRow("zlib") << 1;
        QTest::newRow("zstd") << 2;
        QTest::newRow("zlib with dictionary") << 3;
        QTest::newRow("zstd with dictionary") << 4;
    }

    void envelopesComeBackWithEachCodec()
    {
        QFETCH(int, codec);
        for (const std::size_t size : {0UL, 1UL, 199UL, 200UL, 70'000UL}) {
            std::string text;
            while (text.size() < size)
                text += "row " + std::to_string(text.size()) + ' ';
            text.resize(size);
            const auto packed = protocol::pack(text, static_cast<protocol::Codec>(codec));
            QCOMPARE(*protocol::unpack(packed, 1 << 20), text);
            if (size > 1000 && codec != 0)
                QVERIFY(packed.size() < size / 2);
        }
    }

    void anyBytesComeBackWithEachCodec_data() { envelopesComeBackWithEachCodec_data(); }

    void anyBytesComeBackWithEachCodec()
    {
        QFETCH(int, codec);
        const auto seed = QRandomGenerator::global()->generate64();
        qInfo("seed %llu", static_cast<unsigned long long>(seed));
        tests::SeededRandom random{seed};
        for (int round = 0; round < 300; ++round) {
            std::string text(random.below(5000), '\0');
            const auto letters = 1 + random.below(256); // few: compressible; many: not
            for (auto &c : text)
                c = static_cast<char>(random.below(letters));
            const auto packed = protocol::pack(text, static_cast<protocol::Codec>(codec));
            QVERIFY(packed.size() <= text.size() + 5);
            QCOMPARE(*protocol::unpack(packed, 5000), text);
        }
    }

    void theDictionaryPaysOnLiveFrames()
    {
        domain::Message message;
        message.n = 31;
        message.direction = domain::MessageDirection::Incoming;
        message.author.contact = domain::ContactId{id(40)};
        message.body = "Hello, we have moved to Lisbon: could you change the delivery for us?";
        message.at = base::fromMs(1767190031000);
        domain::Conversation conversation;
        conversation.number = 5512;
        conversation.inbox = {id(41)};
        conversation.contact = {id(40)};
        conversation.lastN = conversation.customerN = 31;
        conversation.preview = message.body;
        conversation.lastActivityAt = message.at;
        const auto frame = [](const std::string &kind, const std::string &place, const base::Json &row) {
            return "{\"k\":\"d\",\"from\":90211,\"to\":90212,\"more\":false,\"left\":0,\"ch\":[{\"s\":3,"
                   "\"t\":\"" +
                   kind + "\",\"id\":\"" + id(42).text() + "\",\"q\":90212," + place +
                   ",\"v\":" + base::toText(row) + "}]}";
        };
        const auto single = frame("message", "\"p\":\"" + id(43).text() + '"', protocol::toRow(message));
        const auto header = frame("conversation", "\"sv\":61044", protocol::toRow(conversation));
        for (const auto &text : {single, header}) {
            const auto plain = protocol::pack(text, protocol::Codec::Zstd).size();
            const auto zlib = protocol::pack(text, protocol::Codec::ZlibDictionary).size();
            const auto zstd = protocol::pack(text, protocol::Codec::ZstdDictionary).size();
            QVERIFY2(zstd * 10 < plain * 7 && zlib * 10 < plain * 7,
                     qPrintable(QStringLiteral("%1 raw, %2 zstd, %3 and %4 with dictionary")
                                    .arg(text.size())
                                    .arg(plain)
                                    .arg(zlib)
                                    .arg(zstd)));
            QVERIFY(zstd <= 220); // T5
        }
    }

    void theServerPicksWhatBothKnow()
    {
        using protocol::Codec;
        const auto &ours = protocol::dictionaryName();
        QCOMPARE(ours.size(), std::size_t{16});
        QVERIFY(protocol::choose(protocol::knownCodecs(), ours) == Codec::ZstdDictionary);
        QVERIFY(protocol::choose(protocol::knownCodecs(), "0123456789abcdef") == Codec::Zstd);
        QVERIFY(protocol::choose(protocol::knownCodecs()) == Codec::Zstd);
        QVERIFY(protocol::choose({3, 1, 0}, ours) == Codec::ZlibDictionary);
        QVERIFY(protocol::choose({3, 4}, "") == Codec::Raw);
        QVERIFY(protocol::choose({1, 99, -1}, ours) == Codec::Zlib);
        QVERIFY(protocol::choose({}, ours) == Codec::Raw);
    }

    void bombsAndBrokenEnvelopesAreRefused_data() { envelopesComeBackWithEachCodec_data(); }

    void bombsAndBrokenEnvelopesAreRefused()
    {
        QFETCH(int, codec);
        const auto bomb = protocol::pack(std::string(5 << 20, 'a'), static_cast<protocol::Codec>(codec));
        QVERIFY(protocol::unpack(bomb, 4 << 20).error().code == base::ErrorCode::TooLarge);
        auto lying = bomb;
        lying[1] = lying[2] = 0; // announces less than it inflates to
        QVERIFY(!protocol::unpack(lying, 4 << 20));
        lying[3] = lying[4] = 0;
        QVERIFY(!protocol::unpack(lying, 4 << 20));

        const auto seed = QRandomGenerator::global()->generate64();
        qInfo("seed %llu", static_cast<unsigned long long>(seed));
        tests::SeededRandom random{seed};
        const auto good =
            protocol::pack(std::string(5000, 'x').append("tail"), static_cast<protocol::Codec>(codec));
        for (int i = 0; i < 3000; ++i) {
            auto bad = good;
            for (auto flips = 1 + random.below(3); flips > 0; --flips)
                bad[random.below(bad.size())] = static_cast<char>(random.below(256));
            if (random.below(2) == 0)
                bad.resize(random.below(bad.size() + 1));
            if (const auto text = protocol::unpack(bad, 1 << 20))
                QVERIFY(text->size() <= 1 << 20);
        }
    }

    void bulkBodiesAreTakenApartAtAnyCut()
    {
        std::string body;
        const std::string first = protocol::pack("first", protocol::Codec::Raw);
        const std::string second = protocol::pack(std::string(900, 'b'), protocol::Codec::Zstd);
        protocol::appendEnvelope(body, first);
        protocol::appendEnvelope(body, second);
        for (std::size_t cut = 0; cut <= body.size(); ++cut) {
            std::string_view rest{body.data(), cut};
            std::size_t taken = 0;
            for (;;) {
                const auto envelope = protocol::takeEnvelope(rest, 1 << 20);
                QVERIFY(bool(envelope));
                if (envelope->empty())
                    break;
                QCOMPARE(std::string{*envelope}, taken == 0 ? first : second);
                ++taken;
            }
            QCOMPARE(taken, cut == body.size() ? 2U : (cut >= 4 + first.size() ? 1U : 0U));
        }
        std::string huge{"\x7f\xff\xff\xff", 4};
        std::string_view rest = huge;
        QVERIFY(!protocol::takeEnvelope(rest, 1 << 20));
    }
};

REGISTER_TEST(TstProtocol);
#include "tst_protocol.moc"
