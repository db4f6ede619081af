#pragma once

#include "server/features/attachments/blob_link.h"
#include "server/features/contacts/contact_store.h"
#include "server/features/conversations/conversation_presenter.h"
#include "server/features/inboxes/inbox_store.h"
#include "server/sync/ephemera.h"
#include "shared/base/json_fwd.h"

#include <string>

namespace server::webhooks {

/// Records in the shapes in which webhooks tell of them, which differ from those of the REST API. Lives as
/// long as one transaction.
class WebhookPayload {
public:
    struct Parts {
        storage::Transaction &tx;
        const sync::Ephemera &ephemera;
        const attachments::BlobLink &links;
        std::string origin; ///< put before paths of files
        base::Timestamp now;
    };
    WebhookPayload(Parts parts, sync::AccountNumber account);

    base::Json conversation(const conversations::ConversationRow &row);
    base::Json message(const conversations::MessageRow &row,
                       const conversations::ConversationRow &conversation);
    base::Json contact(const contacts::ContactRow &row);
    /// Somebody begins or ends to write; `user` is whose program says so.
    base::Json typing(const sync::EphemeralEvent &event, const conversations::ConversationRow &row);
    /// A visitor opened the chat.
    base::Json triggered(const inboxes::InboxRow &inbox, const std::string &sourceId, const base::Json &info);

private:
    base::Json accountJson();
    base::Json inboxJson(std::int64_t inbox);

    Parts m_parts;
    sync::AccountNumber m_account;
    conversations::ConversationPresenter m_presenter;
};

/// What decides whether a conversation counts as changed, by the names in which that is told.
base::Json attributesOf(const conversations::ConversationRow &row);
base::Json attributesOf(const contacts::ContactRow &row);
/// What differs between two of them: [{"status": {"previous_value", "current_value"}}, …].
base::Json changesBetween(const base::Json &before, const base::Json &now);

} // namespace server::webhooks
