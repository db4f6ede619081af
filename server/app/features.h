#pragma once

#include "server/features/accounts/account_service.h"
#include "server/features/accounts/device_service.h"
#include "server/features/campaigns/campaign_routes.h"
#include "server/features/canned_responses/canned_response_routes.h"
#include "server/features/contacts/contact_service.h"
#include "server/features/conversations/conversation_service.h"
#include "server/features/inboxes/inbox_service.h"
#include "server/features/labels/label_routes.h"
#include "server/features/macros/macro_routes.h"
#include "server/features/teams/team_routes.h"
#include "server/features/webhooks/webhook_routes.h"
#include "server/features/webwidget/widget_config.h"
#include "server/ports/time_zones.h"
#include "server/sync/entity_registry.h"
#include "server/sync/mutation_registry.h"

#include <vector>

namespace server::app {

/// The services that know of each other only through what stands here. References: their owner outlives
/// what connect() makes of them.
struct Services {
    server::accounts::AccountService &accounts;
    server::accounts::DeviceService &devices;
    server::inboxes::InboxService &inboxes;
    server::labels::LabelService &labels;
    server::teams::TeamService &teams;
    server::contacts::ContactService &contacts;
    server::conversations::ConversationService &conversations;
    const ports::TimeZones &zones;
};

/// What the widgets of a website may show now, for the feature that speaks with them.
server::webwidget::CampaignSource campaignSource(const ports::TimeZones &zones, const base::Clock &clock);

/// The tables of everything, in the order in which they are made.
std::vector<storage::Migration> allMigrations();
/// Lets features hear of each other's changes, and registers their rows and mutations. Call once, before
/// anything runs.
void connect(const Services &services, sync::EntityRegistry &entities, sync::MutationRegistry &mutations);

/// REST: what an account sets up for its agents.
class SettingRoutes {
public:
    SettingRoutes(server::accounts::ApiGate &gate, const Services &services,
                  const sync::MutationRegistry &mutations, const ports::Crypto &crypto)
        : m_labels{gate, services.labels}
        , m_teams{gate, services.teams}
        , m_canned{gate}
        , m_campaigns{gate}
        , m_macros{gate, mutations}
        , m_webhooks{gate, crypto}
    {
    }
    /// The router keeps references to this object.
    void add(ports::Router &router);

private:
    server::labels::LabelRoutes m_labels;
    server::teams::TeamRoutes m_teams;
    server::canned_responses::CannedResponseRoutes m_canned;
    server::campaigns::CampaignRoutes m_campaigns;
    server::macros::MacroRoutes m_macros;
    server::webhooks::WebhookRoutes m_webhooks;
};

} // namespace server::app
