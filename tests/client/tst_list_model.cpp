#include "client/features/accounts/logic/user_store.h"
#include "client/features/contacts/logic/contact_store.h"
#include "client/features/conversations/logic/conversation_list_model.h"
#include "client/features/inboxes/logic/inbox_store.h"
#include "client/features/labels/logic/label_store.h"
#include "client/features/teams/logic/team_store.h"
#include "shared/base/json.h"
#include "tests/client/cache_only.h"
#include "tests/support/register_test.h"

#include <QAbstractItemModelTester>
#include <QRandomGenerator>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <set>

namespace tests {

using client::conversations::ConversationListModel;
using client::storage::ListQuery;
using protocol::EntityType;

namespace {

/// Conversations that come, change and go at random.
class Crowd {
public:
    Crowd(CacheOnly &session, SeededRandom &random) : m_session{session}, m_random{random}
    {
        for (int i = 0; i < 3; ++i)
            m_inboxes.push_back(session.newId());
        m_team = {session.newId()};
    }

    void ask(const std::string &place, ListQuery &query) const
    {
        if (place == "inbox")
            query.inbox = domain::InboxId{m_inboxes[0]};
        if (place == "team")
            query.team = m_team;
        if (place == "label")
            query.label = "vip";
    }

    void change(std::uint64_t count)
    {
        m_session.cache->begin();
        for (std::uint64_t i = 0; i < count; ++i)
            one();
        m_session.cache->commit();
    }

private:
    void one()
    {
        auto &cache = *m_session.cache;
        if (!m_all.empty() && m_random.below(12) == 0) {
            const auto gone = m_all.begin() + static_cast<std::ptrdiff_t>(m_random.below(m_all.size()));
            cache.removeServerRow({EntityType::Conversation, *gone});
            m_all.erase(gone);
            return;
        }
        if (m_all.empty() || m_random.below(4) == 0)
            m_all.push_back(m_session.newId());
        const auto id = m_all[m_random.below(m_all.size())];
        domain::Conversation row;
        row.number = 1;
        row.inbox = {m_inboxes[m_random.below(3)]};
        row.status =
            m_random.below(3) == 0 ? domain::ConversationStatus::Resolved : domain::ConversationStatus::Open;
        row.priority = static_cast<domain::Priority>(m_random.below(5));
        if (m_random.below(2) == 0)
            row.assignee = m_session.identity().user.id;
        if (m_random.below(2) == 0)
            row.team = m_team;
        for (const char *label : {"late", "vip"})
            if (m_random.below(3) == 0)
                row.labels.emplace_back(label);
        row.lastActivityAt = base::fromMs(1000 + static_cast<std::int64_t>(m_random.below(40))); // many alike
        row.customerN = static_cast<std::int64_t>(m_random.below(3));
        cache.putServerRow({EntityType::Conversation, id},
                           {++m_q, "i:x", std::nullopt, 1, 1, base::toText(protocol::toRow(row))});
        if (m_random.below(3) == 0) {
            domain::ReadState read;
            read.readN = 1;
            cache.putServerRow({EntityType::ReadState, id},
                               {++m_q, "u:x", std::nullopt, 1, 1, base::toText(protocol::toRow(read))});
        }
    }

    CacheOnly &m_session;
    SeededRandom &m_random;
    std::vector<base::Uuid> m_inboxes;
    domain::TeamId m_team;
    std::vector<base::Uuid> m_all;
    std::int64_t m_q = 0;
};

} // namespace

class ListModelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theListFollowsWhatChanges_data();
    void theListFollowsWhatChanges();
    void manyChangesAreToldInTurns();
};

void ListModelTest::theListFollowsWhatChanges_data()
{
    QTest::addColumn<int>("owner");
    QTest::addColumn<int>("order");
    QTest::addColumn<QByteArray>("place");
    using Owner = ListQuery::Owner;
    using Order = ListQuery::Order;
    for (const auto owner : {Owner::All, Owner::Mine, Owner::Unassigned})
        for (const auto order : {Order::NewestActivity, Order::OldestActivity, Order::Priority})
            for (const char *place : {"everywhere", "inbox", "team", "label"})
                QTest::addRow("owner %d order %d %s", static_cast<int>(owner), static_cast<int>(order), place)
                    << static_cast<int>(owner) << static_cast<int>(order) << QByteArray{place};
}

// Held against the database, which answers the same question whole.
void ListModelTest::theListFollowsWhatChanges()
{
    QFETCH(int, owner);
    QFETCH(int, order);
    QFETCH(QByteArray, place);
    const auto seed = QRandomGenerator::global()->generate64();
    qInfo("seed %llu", static_cast<unsigned long long>(seed));
    SeededRandom random{seed};
    CacheOnly session;
    Crowd crowd{session, random};
    crowd.change(150);
    session.tell();

    client::accounts::UserStore users{session};
    client::contacts::ContactStore contacts{session};
    client::inboxes::InboxStore inboxes{session};
    client::labels::LabelStore labels{session};
    client::teams::TeamStore teams{session};
    const client::conversations::Stores stores{session, users, contacts, inboxes, labels, teams};
    client::conversations::ConversationStore conversations{stores};
    ConversationListModel model{stores, conversations};
    const QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::QtTest};
    ListQuery query;
    query.owner = static_cast<ListQuery::Owner>(owner);
    query.order = static_cast<ListQuery::Order>(order);
    crowd.ask(place.toStdString(), query);
    model.setQuery(query);
    query.me = session.identity().user.id;

    int told = 0;
    connect(&model, &ConversationListModel::countsChanged, this, [&told] { ++told; });
    for (int round = 0; round < 16; ++round) {
        const int before = told;
        crowd.change(
            round % 8 == 6 ? 90 : 1 + random.below(6)); // now and then more than single moves are told for
        if (!session.tell())
            continue;
        QTRY_VERIFY(told > before);
        const auto wanted = session.reader().conversations(query);
        std::vector<domain::ConversationId> shown;
        for (int row = 0; row < model.rowCount(); ++row)
            shown.push_back(model.idAt(row));
        QVERIFY2(shown == wanted, qPrintable(QStringLiteral("round %1: %2 shown, %3 wanted")
                                                 .arg(round)
                                                 .arg(shown.size())
                                                 .arg(wanted.size())));
        QCOMPARE(model.count(query.owner), static_cast<int>(session.reader().count(query)));
        int unread = 0;
        for (const auto &id : wanted)
            unread += conversations.find(id)->unread > 0;
        QCOMPARE(conversations.index().unread(query), unread);
    }
}

// After a while away: whoever is told looks each of them up, and the window wants to paint meanwhile.
void ListModelTest::manyChangesAreToldInTurns()
{
    CacheOnly session;
    SeededRandom random{1};
    Crowd crowd{session, random};
    client::accounts::UserStore users{session};
    client::contacts::ContactStore contacts{session};
    client::inboxes::InboxStore inboxes{session};
    client::labels::LabelStore labels{session};
    client::teams::TeamStore teams{session};
    const client::conversations::Stores stores{session, users, contacts, inboxes, labels, teams};
    client::conversations::ConversationStore conversations{stores};
    int heard = 0;
    QTimer other;
    connect(&other, &QTimer::timeout, this, [&heard] { ++heard; });
    std::set<domain::ConversationId> told;
    std::set<int> turns;
    connect(&conversations, &client::conversations::ConversationStore::changed, this,
            [&](const domain::ConversationId &id) {
                told.insert(id);
                turns.insert(heard);
            });
    crowd.change(3000);
    ListQuery query;
    query.status.reset();
    other.start(0);
    session.tell();
    const auto wanted = session.reader().conversations(query);
    const auto all = [&] {
        return std::all_of(wanted.begin(), wanted.end(),
                           [&told](const auto &id) { return told.contains(id); });
    };
    QVERIFY(wanted.size() > 300);
    QVERIFY(!all());
    QTRY_VERIFY(all());
    QVERIFY(turns.size() > 3);
    // One that comes after them is told after them.
    crowd.change(1);
    told.clear();
    session.tell();
    QCOMPARE(told.size(), std::size_t{1});
}

} // namespace tests

using tests::ListModelTest;
REGISTER_TEST(ListModelTest);
#include "tst_list_model.moc"
