#include "server/app/features.h"

#include "server/features/accounts/accounts_module.h"
#include "server/features/attachments/attachment_store.h"
#include "server/features/campaigns/campaign_store.h"
#include "server/features/canned_responses/canned_responses_module.h"
#include "server/features/contacts/contacts_module.h"
#include "server/features/conversations/conversations_module.h"
#include "server/features/inboxes/inbox_avatar.h"
#include "server/features/inboxes/inboxes_module.h"
#include "server/features/labels/labels_module.h"
#include "server/features/macros/macros_module.h"
#include "server/features/teams/teams_module.h"
#include "server/features/webhooks/webhooks_module.h"
#include "server/sync/sync_migrations.h"

namespace server::app {

server::webwidget::CampaignSource campaignSource(const ports::TimeZones &zones, const base::Clock &clock)
{
    return [&zones, &clock](storage::Transaction &tx, const inboxes::InboxRow &inbox) {
        std::vector<webwidget::CampaignTeaser> teasers;
        for (const auto &[campaign, sender] :
             campaigns::CampaignService::ongoing(tx, inbox, zones, clock.now())) {
            webwidget::CampaignTeaser teaser;
            teaser.number = campaign.number;
            teaser.message = campaign.message;
            teaser.url = campaign.url;
            teaser.secondsOnPage = campaign.secondsOnPage;
            if (sender) {
                if (const auto actor =
                        accounts::AccountService::actor(tx, inbox.account, sender->user.number))
                    teaser.sender = *actor;
                teaser.senderName = sender->displayName.empty() ? sender->user.name : sender->displayName;
            } else {
                teaser.senderName =
                    inbox.settings.businessName.empty() ? inbox.inbox.name : inbox.settings.businessName;
                teaser.senderAvatar = inboxes::avatarPath(inbox);
            }
            teasers.push_back(std::move(teaser));
        }
        return teasers;
    };
}

std::vector<storage::Migration> allMigrations()
{
    auto all = sync::syncMigrations();
    for (const auto &more :
         {accounts::migrations(), inboxes::migrations(), labels::migrations(), teams::migrations(),
          canned_responses::migrations(), contacts::migrations(), attachments::AttachmentStore::migrations(),
          conversations::migrations(), campaigns::CampaignStore::migrations(), macros::migrations(),
          webhooks::migrations()})
        all.insert(all.end(), more.begin(), more.end());
    all.push_back({900, "readiness", R"(
        CREATE TABLE readiness (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            at INTEGER NOT NULL
        ) STRICT;
    )"});
    return all;
}

void connect(const Services &s, sync::EntityRegistry &entities, sync::MutationRegistry &mutations)
{
    accounts::connect(s.accounts, s.devices);
    inboxes::connect(s.accounts, s.inboxes);
    teams::connect(s.accounts, s.teams);
    conversations::connect({s.accounts, s.teams, s.labels, s.contacts}, s.conversations);

    macros::connect(s.accounts);

    accounts::registerRows(entities);
    inboxes::registerRows(entities);
    labels::registerRows(entities);
    teams::registerRows(entities);
    canned_responses::registerRows(entities);
    contacts::registerRows(entities);
    conversations::registerRows(entities);
    macros::registerRows(entities);
    canned_responses::registerMutations(mutations);
    conversations::registerMutations(mutations, s.conversations, s.zones);
    macros::registerMutations(mutations);
}

void SettingRoutes::add(ports::Router &router)
{
    m_labels.add(router);
    m_teams.add(router);
    m_canned.add(router);
    m_campaigns.add(router);
    m_macros.add(router);
    m_webhooks.add(router);
}

} // namespace server::app
