#include "client/features/accounts/logic/user_store.h"
#include "client/features/contacts/logic/contact_store.h"
#include "client/features/conversations/logic/composer_presenter.h"
#include "client/features/conversations/logic/conversation_actions.h"
#include "client/features/inboxes/logic/inbox_store.h"
#include "client/features/labels/logic/label_store.h"
#include "client/features/teams/logic/team_store.h"
#include "shared/base/json.h"
#include "tests/client/cache_only.h"
#include "tests/support/register_test.h"

#include <QTest>

namespace tests {

/// What is typed is stored, whatever happens next.
class DraftsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whoNeverPausesIsSavedAsWell();
};

void DraftsTest::whoNeverPausesIsSavedAsWell()
{
    CacheOnly session;
    const domain::ConversationId id{session.newId()};
    session.cache->begin();
    session.cache->putServerRow(
        {protocol::EntityType::Conversation, id.value},
        {1, "i:x", std::nullopt, 1, 1, base::toText(protocol::toRow(domain::Conversation{}))});
    session.cache->commit();
    client::accounts::UserStore users{session};
    client::contacts::ContactStore contacts{session};
    client::inboxes::InboxStore inboxes{session};
    client::labels::LabelStore labels{session};
    client::teams::TeamStore teams{session};
    const client::conversations::Stores stores{session, users, contacts, inboxes, labels, teams};
    client::conversations::ConversationStore conversations{stores};
    client::conversations::ConversationActions actions{stores, conversations};
    client::conversations::ComposerPresenter composer{stores, conversations, actions};
    composer.open(id);
    QString text;
    const bool saved = QTest::qWaitFor(
        [&] {
            composer.edit(text += QLatin1Char{'d'}); // every ten milliseconds
            return !session.drafts.empty();
        },
        10000);
    QVERIFY(saved);
}

} // namespace tests

using tests::DraftsTest;
REGISTER_TEST(DraftsTest);
#include "tst_drafts.moc"
