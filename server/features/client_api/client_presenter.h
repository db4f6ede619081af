#pragma once

#include "server/features/conversations/conversation_presenter.h"
#include "server/features/conversations/conversation_store.h"
#include "server/features/inboxes/inbox_store.h"
#include "server/ports/crypto.h"
#include "shared/base/json_fwd.h"

/// What programs of customers are told: what the customer may see, and nothing else. The names are those of
/// the published API description.
namespace server::client_api {

base::Json inboxJson(const inboxes::InboxRow &inbox);
/// The contact as known in the inbox.
base::Json contactJson(const contacts::ContactRow &row, const contacts::ContactInboxRow &place,
                       const ports::Crypto &crypto);
/// The whole record.
base::Json contactRecord(const contacts::ContactRow &row);
/// An author as REST tells agents of one, without what is not for customers.
base::Json publicSender(const base::Json &sender);
/// A public message. `presenter` knows files and authors.
base::Json messageJson(conversations::ConversationPresenter &presenter, const conversations::MessageRow &row,
                       const conversations::ConversationRow &conversation);
base::Json conversationJson(storage::Transaction &tx, conversations::ConversationPresenter &presenter,
                            const conversations::ConversationRow &row, const contacts::ContactRow &contact);
base::Json ratingJson(storage::Transaction &tx, const conversations::ConversationRow &row,
                      const inboxes::InboxRow &inbox, const conversations::MessageRow &question);

} // namespace server::client_api
