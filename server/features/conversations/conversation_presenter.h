#pragma once

#include "server/features/accounts/api_gate.h"
#include "server/features/attachments/blob_link.h"
#include "server/features/contacts/contact_store.h"
#include "server/features/conversations/conversation_store.h"
#include "server/features/conversations/message_store.h"
#include "server/features/inboxes/inbox_store.h"
#include "shared/base/json_fwd.h"

#include <map>
#include <optional>
#include <string>

namespace server::conversations {

/// Conversations, messages and contacts as the REST API tells them to one caller. Reads what a record needs
/// beside itself and keeps it, so it lives as long as one transaction.
class ConversationPresenter {
public:
    struct Parts {
        storage::Transaction &tx;
        const sync::Ephemera &ephemera;
        const attachments::BlobLink &links;
        base::Timestamp now; ///< what reply windows are measured at
        std::string origin;
        base::Duration linkLife = std::chrono::hours{1}; ///< of links to files
    };
    ConversationPresenter(Parts parts, sync::AccountNumber account, std::int64_t caller);

    base::Json conversation(const ConversationRow &row);
    base::Json message(const MessageRow &row, const ConversationRow &conversation);
    /// A contact with the inboxes it is known in.
    base::Json contact(const contacts::ContactRow &row);
    base::Json contactInbox(const contacts::ContactInboxRow &row);
    /// What stands above a list of messages.
    base::Json messagesMeta(const ConversationRow &row);
    /// The assignee, or null.
    base::Json assignee(const ConversationRow &row);
    /// The team, or an empty object.
    base::Json team(const ConversationRow &row);

private:
    const std::optional<accounts::MemberRow> &member(std::int64_t user);
    const std::optional<contacts::ContactRow> &contactRow(std::int64_t contact);
    const std::optional<inboxes::InboxRow> &inbox(std::int64_t inbox);
    base::Json sender(const MessageRow &row);
    base::Json attachmentsOf(const MessageRow &row);
    std::string activityText(const MessageRow &row);
    std::int64_t unread(const ConversationRow &row);
    bool isOnline(const contacts::ContactRow &row) const;

    Parts m_parts;
    sync::AccountNumber m_account;
    std::int64_t m_caller;
    std::map<std::int64_t, std::optional<accounts::MemberRow>> m_members;
    std::map<std::int64_t, std::optional<contacts::ContactRow>> m_contacts;
    std::map<std::int64_t, std::optional<inboxes::InboxRow>> m_inboxes;
};

} // namespace server::conversations
