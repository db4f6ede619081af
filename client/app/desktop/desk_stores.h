#pragma once

#include "client/features/accounts/logic/connection_presenter.h"
#include "client/features/accounts/logic/user_store.h"
#include "client/features/canned_responses/logic/canned_response_store.h"
#include "client/features/contacts/logic/contact_store.h"
#include "client/features/conversations/logic/composer_presenter.h"
#include "client/features/conversations/logic/conversation_actions.h"
#include "client/features/conversations/logic/conversation_list_model.h"
#include "client/features/conversations/logic/presence_store.h"
#include "client/features/conversations/logic/problems_model.h"
#include "client/features/conversations/logic/timeline_model.h"
#include "client/features/inboxes/logic/inbox_store.h"
#include "client/features/labels/logic/label_store.h"
#include "client/features/macros/logic/macro_store.h"
#include "client/features/teams/logic/team_store.h"
#include "client/sync/session.h"

namespace client::desktop {

/// What is read of an account whether it is on screen or not, in order of dependence.
struct AccountStores {
    explicit AccountStores(sync::Session &from) : session{from} {}

    sync::Session &session;
    accounts::UserStore users{session};
    contacts::ContactStore contacts{session};
    inboxes::InboxStore inboxes{session};
    labels::LabelStore labels{session};
    teams::TeamStore teams{session};
    conversations::Stores all{session, users, contacts, inboxes, labels, teams};
    conversations::ConversationStore conversations{all};
    accounts::ConnectionPresenter connection{session};
};

/// Everything the screens of one account read from and act through.
struct DeskStores {
    explicit DeskStores(AccountStores &of) : account{of} {}

    AccountStores &account;
    sync::Session &session{account.session};
    accounts::UserStore &users{account.users};
    contacts::ContactStore &contacts{account.contacts};
    inboxes::InboxStore &inboxes{account.inboxes};
    labels::LabelStore &labels{account.labels};
    teams::TeamStore &teams{account.teams};
    conversations::Stores &all{account.all};
    conversations::ConversationStore &conversations{account.conversations};
    accounts::ConnectionPresenter &connection{account.connection};
    canned_responses::CannedResponseStore canned{session};
    conversations::ConversationActions actions{all, conversations};
    macros::MacroStore macros{all, conversations, actions};
    conversations::ConversationListModel list{all, conversations};
    conversations::TimelineModel timeline{all, conversations};
    conversations::PresenceStore presence{all};
    conversations::ProblemsModel problems{all, conversations, actions};
    conversations::ComposerPresenter composer{all, conversations, actions};
};

} // namespace client::desktop
