#include "server/features/accounts/user_store.h"
#include "server/features/attachments/attachment_store.h"
#include "server/features/conversations/conversation_records.h"
#include "server/features/conversations/conversation_service.h"
#include "server/features/conversations/delivery_service.h"
#include "shared/base/json.h"
#include "shared/domain/conversations/conversation_rules.h"

#include <algorithm>

// The visitor's side of ConversationService, and taking in of whole conversations.
namespace server::conversations {

namespace {

constexpr std::size_t lookBack = 20; // conversations of one visitor in which an unresolved one is sought
constexpr std::size_t maxReadAtOnce = 500; // older replies count as read by agentReadN alone

std::string attributesOf(const VisitorMessage &message, base::Timestamp now)
{
    base::Json attributes = base::Json::object();
    if (const auto browser = base::parseJson(message.visitor.browser); browser && browser->is_object())
        attributes["browser"] = *browser;
    if (!message.visitor.page.empty())
        attributes["referer"] = message.visitor.page;
    attributes["initiated_at"] = {{"timestamp", base::toMs(now)}};
    return base::toText(attributes);
}

} // namespace

base::Result<ConversationRow> ConversationService::conversationOf(sync::WriteContext &ctx,
                                                                  const VisitorMessage &message,
                                                                  const contacts::KnownContact &contact,
                                                                  bool &isNew)
{
    ConversationStore store{ctx.tx()};
    const auto theirs = store.ofContactInbox(contact.place.number, lookBack);
    for (const auto &row : theirs)
        if (row.conversation.status != domain::ConversationStatus::Resolved)
            return row;
    isNew = theirs.empty() || !message.inbox.settings.lockToSingleConversation;
    if (!isNew)
        return theirs.front();

    ConversationRow row;
    row.conversation.id = {ctx.newId()};
    row.conversation.inbox = message.inbox.inbox.id;
    row.conversation.contact = contact.row.contact.id;
    row.conversation.createdAt = row.conversation.lastActivityAt = row.updatedAt = ctx.now();
    row.account = ctx.account();
    row.inbox = message.inbox.inbox.number;
    row.contact = contact.row.contact.number;
    row.contactInbox = contact.place.number;
    row.additionalAttributes = attributesOf(message, ctx.now());
    store.insert(row);
    return row;
}

base::Result<Posted> ConversationService::postFromVisitor(sync::WriteContext &ctx,
                                                          const VisitorMessage &message)
{
    const auto contact = m_contacts.visitor(ctx, message.inbox.inbox.number, message.visitor);
    if (!contact)
        return contact.error();
    if (auto known = MessageStore{ctx.tx()}.find(ctx.account(), message.mid)) {
        auto row = ConversationStore{ctx.tx()}.find(ctx.account(), known->message.conversation.value);
        if (!row || row->conversation.contact != contact->row.contact.id)
            return base::Error{base::ErrorCode::Conflict, "mid"};
        return Posted{std::move(*row), std::move(*known), true};
    }
    if (message.mid.isNull())
        return base::Error{base::ErrorCode::Invalid, "mid"};
    if (contact->row.contact.blocked)
        return base::Error{base::ErrorCode::Forbidden, "blocked"};
    const auto body = domain::messageBody(message.body, !message.uploads.empty());
    if (!body)
        return body.error();

    bool isNew = false;
    const auto row = conversationOf(ctx, message, *contact, isNew);
    if (!row)
        return row.error();
    MessageRow fresh;
    fresh.message.id = {message.mid};
    fresh.message.direction = domain::MessageDirection::Incoming;
    fresh.message.body = *body;
    fresh.message.author.contact = contact->row.contact.id;
    fresh.contactNumber = contact->row.contact.number;
    auto posted = append(ctx, *row, std::move(fresh), message.uploads);
    if (!posted)
        return posted;
    if (isNew)
        greet(ctx, posted->conversation, message.inbox);
    m_contacts.touch(ctx, contact->row);
    return posted;
}

void ConversationService::greet(sync::WriteContext &ctx, ConversationRow &row, const inboxes::InboxRow &inbox)
{
    const auto body = domain::messageBody(inbox.settings.greetingMessage, false);
    if (!inbox.settings.greetingEnabled || !body)
        return;
    MessageRow greeting;
    greeting.account = row.account;
    greeting.inbox = row.inbox;
    greeting.conversation = row.number;
    greeting.message.id = {ctx.newId()};
    greeting.message.conversation = row.conversation.id;
    greeting.message.n = row.conversation.lastN + 1;
    greeting.message.body = *body;
    greeting.message.at = greeting.updatedAt = ctx.now();

    // The customer still waits for a person.
    const auto before = row.conversation;
    row.conversation = domain::afterMessage(row.conversation, greeting.message);
    row.conversation.agentN = before.agentN;
    row.conversation.waitingSince = before.waitingSince;
    MessageStore{ctx.tx()}.insert(greeting);
    ConversationStore{ctx.tx()}.update(row);
    recordMessage(ctx, row, greeting);
    recordConversation(ctx, row);
    auto asBefore = row;
    asBefore.conversation = before;
    DeliveryService::accept(ctx, asBefore, greeting, {});
}

base::Status ConversationService::markReadByContact(sync::WriteContext &ctx, const base::Uuid &conversation,
                                                    std::int64_t n)
{
    if (ctx.actor().kind != sync::Actor::Kind::Contact)
        return base::Error{base::ErrorCode::Forbidden, "contacts only"};
    auto row = visible(ctx.tx(), ctx.account(), ctx.actor(), conversation);
    if (!row)
        return row.error();
    const auto readN = std::min(n, row->conversation.lastN);
    if (readN <= row->conversation.agentReadN)
        return base::Done{};
    MessageStore messages{ctx.tx()};
    for (const auto &reply :
         messages.replies(row->number, row->conversation.agentReadN, readN, maxReadAtOnce))
        if (messages.moveState(row->number, reply, domain::Delivery::Read, ctx.now()))
            recordState(ctx, *row, reply);
    row->conversation.agentReadN = readN;
    row->contactSeenAt = ctx.now();
    ConversationStore{ctx.tx()}.update(*row);
    recordConversation(ctx, *row);
    return base::Done{};
}

base::Result<ConversationRow> ConversationService::importConversation(sync::WriteContext &ctx,
                                                                      const ImportedConversation &request)
{
    const auto inbox = inboxes::InboxStore{ctx.tx()}.find(ctx.account(), request.inbox);
    const auto contact = contacts::ContactStore{ctx.tx()}.find(ctx.account(), request.contact);
    if (!inbox || !contact || request.messages.empty())
        return base::Error{base::ErrorCode::Invalid, "conversation"};
    ConversationRow row;
    row.conversation.id = {request.id};
    row.conversation.inbox = inbox->inbox.id;
    row.conversation.contact = contact->contact.id;
    row.conversation.createdAt = row.conversation.lastActivityAt = request.messages.front().at;
    row.account = ctx.account();
    row.inbox = request.inbox;
    row.contact = request.contact;
    row.updatedAt = ctx.now();
    const auto place = m_contacts.addToInbox(ctx, request.contact, request.inbox, contact->contact.id.text());
    if (!place)
        return place.error();
    row.contactInbox = place->number;
    if (request.assignee) {
        const auto agent = accounts::UserStore{ctx.tx()}.member(ctx.account(), *request.assignee);
        if (!agent)
            return base::Error{base::ErrorCode::Invalid, "assignee"};
        row.assignee = agent->user.number;
        row.conversation.assignee = agent->user.id;
    }
    ConversationStore store{ctx.tx()};
    store.insert(row);

    MessageStore messages{ctx.tx()};
    for (const auto &from : request.messages) {
        MessageRow message;
        message.account = row.account;
        message.inbox = row.inbox;
        message.conversation = row.number;
        message.message = {{from.id},
                           row.conversation.id,
                           row.conversation.lastN + 1,
                           from.kind,
                           from.direction,
                           {},
                           from.body,
                           {},
                           from.at};
        message.updatedAt = from.at;
        if (from.by)
            setAuthor(message, *from.by);
        if (!from.uploads.empty()) {
            auto files = attachments::AttachmentStore{ctx.tx()}.claim(
                ctx.account(), from.by.value_or(sync::Actor{}), from.uploads,
                {from.id, request.id, row.conversation.inbox.value});
            if (!files)
                return files.error();
            message.message.attachments = std::move(*files);
        }
        row.conversation = domain::afterMessage(row.conversation, message.message);
        if (!row.firstReplyAt && message.userNumber && from.kind == domain::MessageKind::Public)
            row.firstReplyAt = from.at;
        messages.insert(message);
        recordMessage(ctx, row, message);
    }
    row.conversation.status = request.status;
    row.conversation.priority = request.priority;
    row.conversation.snoozedUntil = request.snoozedUntil;
    row.conversation.agentReadN = std::min(request.contactReadN, row.conversation.lastN);
    if (request.status == domain::ConversationStatus::Resolved)
        row.conversation.waitingSince.reset();
    store.update(row);
    recordConversation(ctx, row);
    for (const auto &user : request.readBy)
        setRead(ctx, row, user, row.conversation.lastN);
    return row;
}

} // namespace server::conversations
