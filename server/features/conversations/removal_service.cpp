#include "server/features/conversations/removal_service.h"

#include "server/features/attachments/attachment_store.h"
#include "server/features/contacts/contact_store.h"
#include "server/features/conversations/conversation_records.h"
#include "server/features/conversations/conversation_service.h"
#include "server/features/conversations/customer_texts.h"
#include "server/features/conversations/draft_store.h"
#include "shared/base/text.h"

namespace server::conversations {

namespace {

constexpr std::size_t previewLength = 120;
constexpr std::size_t conversationsAtOnce = 100;

} // namespace

base::Result<RemovedFiles> RemovalService::eraseMessage(sync::WriteContext &ctx,
                                                        const base::Uuid &conversation, std::int64_t message)
{
    auto row = ConversationService::visible(ctx.tx(), ctx.account(), ctx.actor(), conversation);
    if (!row)
        return row.error();
    MessageStore messages{ctx.tx()};
    auto found = messages.find(ctx.account(), message);
    if (!found || found->conversation != row->number)
        return base::Error{base::ErrorCode::NotFound, "message"};
    if (found->message.kind == domain::MessageKind::Activity)
        return base::Error{base::ErrorCode::Invalid, "message"};
    auto files = attachments::AttachmentStore{ctx.tx()}.removeOfMessage(found->message.id.value);
    const std::string marker{customerText(CustomerText::MessageDeleted, languageOf(ctx.tx(), *row))};
    found->message.body = marker;
    found->message.attachments.clear();
    found->contentAttributes = R"({"deleted":true})";
    found->updatedAt = ctx.now();
    messages.rewrite(*found);
    recordMessage(ctx, *row, *found);
    const auto last = messages.lastSpoken(row->number);
    if (last && last->number == found->number) {
        row->conversation.preview = base::preview(marker, previewLength);
        ConversationStore{ctx.tx()}.update(*row);
        recordConversation(ctx, *row);
    }
    return files;
}

base::Result<RemovedFiles> RemovalService::removeContact(sync::WriteContext &ctx, std::int64_t contact)
{
    const auto row = contacts::ContactStore{ctx.tx()}.find(ctx.account(), contact);
    if (!row)
        return base::Error{base::ErrorCode::NotFound, "contact"};
    RemovedFiles files;
    const ConversationStore store{ctx.tx()};
    for (auto some = store.ofContact(ctx.account(), contact, conversationsAtOnce); !some.empty();
         some = store.ofContact(ctx.account(), contact, conversationsAtOnce))
        for (const auto &conversation : some)
            removeConversation(ctx, conversation, files);
    contacts::ContactStore{ctx.tx()}.remove(contact);
    ctx.record({sync::ChangeKind::Delete,
                protocol::EntityType::Contact,
                row->contact.id.value,
                sync::scope::contacts,
                {}});
    return files;
}

void RemovalService::removeConversation(sync::WriteContext &ctx, const ConversationRow &row,
                                        RemovedFiles &files)
{
    MessageStore messages{ctx.tx()};
    for (const auto &message : messages.withFiles(row.number))
        for (auto &name : attachments::AttachmentStore{ctx.tx()}.removeOfMessage(message))
            files.push_back(std::move(name));
    messages.removeAll(row.number);
    DraftStore{ctx.tx()}.removeOf(row.conversation.id.value);
    ConversationStore{ctx.tx()}.remove(row.number);
    ctx.record({sync::ChangeKind::Delete,
                protocol::EntityType::Conversation,
                row.conversation.id.value,
                sync::scope::inbox(row.conversation.inbox.value),
                {}});
}

} // namespace server::conversations
