#pragma once

#include "client/app/deskbellctl/options.h"
#include "client/features/accounts/logic/user_store.h"
#include "client/features/canned_responses/logic/canned_response_store.h"
#include "client/features/contacts/logic/contact_store.h"
#include "client/features/conversations/logic/attention.h"
#include "client/features/conversations/logic/conversation_actions.h"
#include "client/features/conversations/logic/conversation_store.h"
#include "client/features/inboxes/logic/inbox_store.h"
#include "client/features/labels/logic/label_store.h"
#include "client/features/macros/logic/macro_store.h"
#include "client/features/teams/logic/team_store.h"
#include "client/platform/profile.h"
#include "client/storage/reader.h"
#include "client/sync/client.h"

#include <functional>
#include <memory>

namespace client::ctl {

/// A signed-in profile with its client and stores, for the length of one command. Waits in an event loop.
class ConnectedDesk {
public:
    /// Fails with Unauthorized when nobody signed in, with Storage or Busy for the profile.
    static base::Result<std::unique_ptr<ConnectedDesk>> open(const Options &options);

    sync::Client &client() { return *m_client; }
    storage::Reader &reader() { return m_client->reader(); }
    accounts::UserStore &users() { return *m_users; }
    contacts::ContactStore &contacts() { return *m_contacts; }
    inboxes::InboxStore &inboxes() { return *m_inboxes; }
    teams::TeamStore &teams() { return *m_teams; }
    canned_responses::CannedResponseStore &canned() { return *m_canned; }
    conversations::ConversationStore &conversations() { return *m_conversations; }
    conversations::ConversationActions &actions() { return *m_actions; }
    macros::MacroStore &macros() { return *m_macros; }

    /// What was refused or is held.
    std::vector<conversations::Problem> problems() { return conversations::problemsOf(all()); }

    /// Runs the event loop until it holds, a connection is out of the question, or time is up.
    bool waitUntil(const std::function<bool()> &holds);
    /// Everything has arrived. Does nothing with --offline.
    bool waitUntilLive();
    /// The server has answered for this intent, or refused it. False: neither, in time.
    bool waitForVerdict(const base::Uuid &mid);

private:
    ConnectedDesk(const Options &options, std::unique_ptr<platform::Profile> profile,
                  std::unique_ptr<sync::Client> client);
    [[nodiscard]] bool isHopeless() const;
    conversations::Stores all();

    Options m_options;
    std::unique_ptr<platform::Profile> m_profile;
    std::unique_ptr<sync::Client> m_client;
    std::unique_ptr<accounts::UserStore> m_users;
    std::unique_ptr<contacts::ContactStore> m_contacts;
    std::unique_ptr<inboxes::InboxStore> m_inboxes;
    std::unique_ptr<labels::LabelStore> m_labels;
    std::unique_ptr<teams::TeamStore> m_teams;
    std::unique_ptr<canned_responses::CannedResponseStore> m_canned;
    std::unique_ptr<conversations::ConversationStore> m_conversations;
    std::unique_ptr<conversations::ConversationActions> m_actions;
    std::unique_ptr<macros::MacroStore> m_macros;
};

} // namespace client::ctl
