#include "shared/domain/conversations/conversation_rules.h"
#include "tests/support/register_test.h"

#include <QTest>

#include <string>

using namespace std::chrono_literals;

namespace {

const base::Timestamp now = base::fromMs(1'767'190'000'000);
const domain::UserId sara{*base::Uuid::parse("0198aa00-0000-7000-8000-000000000001")};
const domain::UserId omar{*base::Uuid::parse("0198aa00-0000-7000-8000-000000000002")};

domain::Message said(domain::MessageDirection direction, std::string body,
                     domain::MessageKind kind = domain::MessageKind::Public)
{
    domain::Message message;
    message.direction = direction;
    message.kind = kind;
    message.body = std::move(body);
    message.at = now;
    return message;
}

} // namespace

class TstConversationRules : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void snoozeNeedsALaterMoment_data()
    {
        QTest::addColumn<int>("minutes");
        QTest::addColumn<bool>("hidden");
        QTest::newRow("in the past opens") << -1 << false;
        QTest::newRow("this very moment opens") << 0 << false;
        QTest::newRow("later hides") << 1 << true;
    }

    void snoozeNeedsALaterMoment()
    {
        QFETCH(int, minutes);
        QFETCH(bool, hidden);
        domain::Conversation resolved;
        resolved.status = domain::ConversationStatus::Resolved;
        const auto snoozed = domain::snooze(resolved, now + std::chrono::minutes{minutes}, now);
        QVERIFY(bool(snoozed));
        QCOMPARE(snoozed->status == domain::ConversationStatus::Snoozed, hidden);
        QCOMPARE(snoozed->snoozedUntil.has_value(), hidden);
        QVERIFY(!domain::snooze(resolved, now + 24h * 800, now));
    }

    void resolvingIsRefusedWhenTheCustomerWroteMeanwhile()
    {
        domain::Conversation conversation;
        conversation.customerN = 5;
        const auto refused = domain::setStatus(conversation, domain::ConversationStatus::Resolved, 4);
        QVERIFY(!refused);
        QVERIFY(refused.error().code == base::ErrorCode::NewCustomerMessage);
        QVERIFY(bool(domain::setStatus(conversation, domain::ConversationStatus::Resolved, 5)));
        QVERIFY(bool(domain::setStatus(conversation, domain::ConversationStatus::Resolved)));
        QVERIFY(bool(domain::setStatus(conversation, domain::ConversationStatus::Open, 1)));
    }

    void firstSelfAssignmentWins()
    {
        domain::Conversation free;
        const auto first = domain::assign(free, sara, std::optional<domain::UserId>{});
        QVERIFY(bool(first));
        const auto second = domain::assign(*first, omar, std::optional<domain::UserId>{});
        QVERIFY(!second);
        QVERIFY(second.error().code == base::ErrorCode::AssigneeChanged);
        QCOMPARE(second.error().detail, sara.text());
        QVERIFY(bool(domain::assign(*first, sara, std::optional<domain::UserId>{}))); // already so
        QVERIFY(bool(domain::assign(*first, omar)));                                  // no expectation
    }

    void aCustomersMessageReopensAndStartsTheWait()
    {
        domain::Conversation conversation;
        conversation.status = domain::ConversationStatus::Resolved;
        conversation =
            domain::afterMessage(conversation, said(domain::MessageDirection::Incoming, "still broken"));
        QVERIFY(conversation.status == domain::ConversationStatus::Open);
        QCOMPARE(conversation.lastN, 1);
        QCOMPARE(conversation.customerN, 1);
        QVERIFY(conversation.waitingSince == now);

        conversation =
            domain::afterMessage(conversation, said(domain::MessageDirection::Outgoing, "asked a colleague",
                                                    domain::MessageKind::Note));
        QVERIFY(conversation.waitingSince.has_value());
        QCOMPARE(conversation.previewBy, std::string{"note"});

        conversation = domain::afterMessage(conversation, said(domain::MessageDirection::Outgoing, "fixed"));
        QVERIFY(!conversation.waitingSince);
        QCOMPARE(conversation.agentN, 3);
        QCOMPARE(conversation.preview, std::string{"fixed"});
    }

    void anActivityLeavesPreviewAndActivityAlone()
    {
        domain::Conversation conversation;
        conversation.preview = "hello";
        conversation.lastActivityAt = now - 1h;
        const auto after =
            domain::afterMessage(conversation, said(domain::MessageDirection::Outgoing, "status:open",
                                                    domain::MessageKind::Activity));
        QCOMPARE(after.lastN, 1);
        QCOMPARE(after.preview, std::string{"hello"});
        QVERIFY(after.lastActivityAt == now - 1h);
    }

    void pendingStaysPendingWhenTheCustomerWrites()
    {
        domain::Conversation conversation;
        conversation.status = domain::ConversationStatus::Pending;
        const auto after = domain::afterMessage(conversation, said(domain::MessageDirection::Incoming, "hi"));
        QVERIFY(after.status == domain::ConversationStatus::Pending);
    }

    void messageBodiesAreCleanedAndBounded()
    {
        QCOMPARE(*domain::messageBody("  hi\r\nthere\x01 ", false), std::string{"hi\nthere"});
        QVERIFY(!domain::messageBody(" \n ", false));
        QVERIFY(bool(domain::messageBody("", true)));
        QVERIFY(!domain::messageBody("\xff", false));
        QVERIFY(bool(domain::messageBody(std::string(domain::maxMessageLength, 'a'), false)));
        QVERIFY(domain::messageBody(std::string(domain::maxMessageLength + 1, 'a'), false).error().code ==
                base::ErrorCode::TooLarge);
    }

    void readingNeverGoesBack()
    {
        const auto state = domain::markRead(domain::markRead({}, 7), 3);
        QCOMPARE(state.readN, 7);
    }
};

REGISTER_TEST(TstConversationRules);
#include "tst_conversation_rules.moc"
