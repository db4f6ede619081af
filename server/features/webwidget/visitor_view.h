#pragma once

#include "server/features/attachments/blob_link.h"
#include "server/features/contacts/contact_store.h"
#include "server/features/conversations/conversation_store.h"
#include "server/features/conversations/message_store.h"
#include "server/features/pictures/picture_link.h"
#include "server/features/webwidget/visitor_seal.h"
#include "server/storage/transaction.h"
#include "server/sync/ephemera.h"
#include "shared/base/json_fwd.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace server::webwidget {

/// How a visitor's browser reaches files and pictures.
struct VisitorLinks {
    attachments::BlobLink files;
    pictures::PictureLink pictures;
};

/// All that a visitor may ever see, and nothing else: their own conversations, public messages, display
/// names. What is not written here does not leave the server. Lives as long as one transaction.
class VisitorView {
public:
    VisitorView(storage::Transaction &tx, const VisitorLinks &links, const Ticket &ticket);

    /// The visitor's place in the inbox, once they wrote.
    [[nodiscard]] const std::optional<contacts::ContactInboxRow> &place() const { return m_place; }
    [[nodiscard]] std::optional<contacts::ContactRow> contact() const;
    /// Their conversations, oldest first: the newest ten.
    [[nodiscard]] const std::vector<conversations::ConversationRow> &conversations() const
    {
        return m_conversations;
    }

    /// `{"t":"conv",…}`
    base::Json conversation(const conversations::ConversationRow &row);
    /// The same for a list: with when it began and what was said last.
    base::Json summary(const conversations::ConversationRow &row);
    base::Json allConversations();
    /// `{"t":"message",…}`; nothing for what is not the visitor's to see.
    std::optional<base::Json> message(const conversations::MessageRow &row);
    /// The newest messages of conversations that are not resolved, and of the newest one, oldest first; at
    /// most about 200 KiB.
    base::Json recent();
    /// What changed after `cursor`; nothing when that is too much, or the cursor belongs to other times.
    std::optional<base::Json> since(const std::optional<VisitorCursor> &cursor);

    /// Where the journal is in this transaction.
    [[nodiscard]] VisitorCursor head() const;

private:
    base::Json attributesOf(const conversations::MessageRow &row) const;
    std::optional<std::string> replyTo(const conversations::MessageRow &row);
    base::Json author(const conversations::MessageRow &row);

    storage::Transaction &m_tx;
    const VisitorLinks &m_links;
    sync::AccountNumber m_account;
    std::int64_t m_inbox;
    std::optional<contacts::ContactInboxRow> m_place;
    std::vector<conversations::ConversationRow> m_conversations;
    struct Speaker {
        std::string name;
        std::string avatar;
    };
    std::map<std::int64_t, Speaker> m_authors; ///< by users.id; 0: the inbox itself
};

/// Whether somebody who may answer in this inbox is connected.
bool agentsOnline(storage::Transaction &tx, const sync::Ephemera &ephemera, sync::AccountNumber account,
                  std::int64_t inbox);

} // namespace server::webwidget
