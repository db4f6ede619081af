#include "server/features/conversations/message_store.h"
#include "shared/base/json.h"
#include "tests/server_features/desk.h"
#include "tests/support/register_test.h"

#include <QTest>

using base::ErrorCode;
using base::Json;
using protocol::Verdict;
using tests::Desk;

namespace {

/// A conversation that the stranger does not see, and their refused words.
struct Case {
    Desk desk;
    server::contacts::Visitor visitor = desk.newVisitor();
    base::Uuid id = desk.say(visitor, "Hello", desk.ids.next())->conversation.conversation.id.value;
    Json words{{"body", "I had answered this"}, {"conv", id.text()}, {"kind", "public"}};
    base::Uuid refused = [this] {
        const auto receipt = desk.mutate(desk.stranger, "message.create", words);
        return receipt.code == ErrorCode::NotVisible ? desk.lastMid : base::Uuid{};
    }();

    protocol::Receipt handOver(const server::sync::Actor &who, const Json &which, const base::Uuid &where)
    {
        return desk.mutate(
            who, "message.hand_over",
            {{"conv", where.text()}, {"message", refused.text()}, {"words", base::toText(which)}});
    }
};

} // namespace

/// Words of somebody who lost access while they wrote (docs/protocol.md A.6).
class HandOverTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void refusedWordsBecomeANoteOfTheirAuthor()
    {
        Case c;
        QVERIFY(!c.refused.isNull());
        QCOMPARE(c.handOver(c.desk.stranger, c.words, c.id).verdict, Verdict::Ok);
        const auto note = c.desk.read([&c](server::storage::Transaction &tx) {
            return server::conversations::MessageStore{tx}.find(1, c.desk.lastMid);
        });
        QVERIFY(note);
        QCOMPARE(note->message.body, std::string{"I had answered this"});
        QVERIFY(note->message.kind == domain::MessageKind::Note);
        QVERIFY(note->message.author.user == domain::UserId{c.desk.stranger.id});
    }

    void otherWordsAreNotLeft()
    {
        Case c;
        auto other = c.words;
        other["body"] = "Something else";
        QCOMPARE(c.handOver(c.desk.stranger, other, c.id).code, ErrorCode::Forbidden);
        QCOMPARE(c.desk.bodies(c.id), std::vector<std::string>{"Hello"});
    }

    void nobodyLeavesWordsOfAnother()
    {
        Case c;
        QCOMPARE(c.handOver(c.desk.agent, c.words, c.id).code, ErrorCode::Forbidden);
        QCOMPARE(c.desk.bodies(c.id), std::vector<std::string>{"Hello"});
    }

    void wordsStayInTheirConversation()
    {
        Case c;
        const auto elsewhere = c.desk.say(c.desk.newVisitor(), "Other", c.desk.ids.next());
        const auto id = elsewhere->conversation.conversation.id.value;
        QCOMPARE(c.handOver(c.desk.stranger, c.words, id).code, ErrorCode::Forbidden);
        QCOMPARE(c.desk.bodies(id), std::vector<std::string>{"Other"});
    }
};

REGISTER_TEST(HandOverTest);
#include "tst_hand_over.moc"
