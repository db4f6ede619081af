#include "server/features/accounts/user_store.h"
#include "server/features/attachments/attachment_store.h"
#include "server/features/conversations/conversation_records.h"
#include "server/features/conversations/conversation_service.h"
#include "server/features/conversations/customer_texts.h"
#include "server/features/conversations/delivery_service.h"
#include "server/features/labels/label_store.h"
#include "shared/base/json.h"
#include "shared/domain/conversations/conversation_rules.h"
#include "shared/domain/labels/label_rules.h"

#include <algorithm>

// The visitor's side of ConversationService, and taking in of whole conversations.
namespace server::conversations {

namespace {

constexpr std::size_t lookBack = 20; // conversations of one visitor in which an unresolved one is sought
constexpr std::chrono::minutes attendedFor{5}; // after an agent's words nobody is told that nobody is there
constexpr std::chrono::hours quietFor{24};     // between two automatic messages
constexpr std::size_t maxReadAtOnce = 500;     // older replies count as read by agentReadN alone

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

// Pages name labels; those the account does not have are none.
void labelFresh(sync::WriteContext &ctx, ConversationRow &row, const std::vector<std::string> &titles)
{
    std::vector<std::string> known;
    for (const auto &text : titles)
        if (const auto title = domain::labelTitle(text);
            title && labels::LabelStore{ctx.tx()}.byTitle(ctx.account(), *title))
            known.push_back(*title);
    const auto after = domain::relabelled({}, known, {});
    if (known.empty() || !after)
        return;
    row.conversation.labels = *after;
    ConversationStore{ctx.tx()}.setLabels(row);
    recordConversation(ctx, row);
}

} // namespace

std::vector<ConversationRow> ConversationService::ofPlace(storage::Transaction &tx,
                                                          const contacts::ContactInboxRow &place,
                                                          std::size_t limit)
{
    const ConversationStore store{tx};
    if (!place.verified)
        return store.ofContactInbox(place.number, limit);
    std::vector<ConversationRow> all;
    for (const auto &other : contacts::ContactStore{tx}.inboxesOf(place.contact))
        if (other.verified && other.inbox == place.inbox)
            for (auto &row : store.ofContactInbox(other.number, limit))
                all.push_back(std::move(row));
    std::sort(all.begin(), all.end(), [](const auto &a, const auto &b) { return a.number > b.number; });
    all.resize(std::min(all.size(), limit));
    return all;
}

std::optional<ConversationRow> ConversationService::ofPlace(storage::Transaction &tx,
                                                            sync::AccountNumber account,
                                                            const contacts::ContactInboxRow &place,
                                                            const base::Uuid &conversation)
{
    auto row = ConversationStore{tx}.find(account, conversation);
    if (!row || row->contactInbox == place.number)
        return row;
    const auto other = contacts::ContactStore{tx}.contactInbox(row->contactInbox);
    const bool isTheirs = place.verified && other && other->verified && other->contact == place.contact &&
                          other->inbox == place.inbox;
    return isTheirs ? row : std::nullopt;
}

base::Result<ConversationRow> ConversationService::conversationOf(sync::WriteContext &ctx,
                                                                  const VisitorMessage &message,
                                                                  const contacts::KnownContact &contact,
                                                                  bool &isNew)
{
    if (message.conversation) {
        auto row = ofPlace(ctx.tx(), ctx.account(), contact.place, *message.conversation);
        if (!row)
            return base::Error{base::ErrorCode::Invalid, "conv"};
        const bool isOver = row->conversation.status == domain::ConversationStatus::Resolved;
        if (isOver && !message.inbox.settings.allowMessagesAfterResolved)
            return base::Error{base::ErrorCode::Forbidden, "closed"};
        return *row;
    }
    const auto theirs = ofPlace(ctx.tx(), contact.place, lookBack);
    for (const auto &row : theirs)
        if (!message.fresh && row.conversation.status != domain::ConversationStatus::Resolved)
            return row;
    const bool isOne = message.inbox.settings.lockToSingleConversation;
    isNew = theirs.empty() || !isOne;
    if (!isNew)
        return theirs.front();
    if (message.mayBegin)
        if (const auto allowed = message.mayBegin(ctx, contact); !allowed)
            return allowed.error();

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
    row.customAttributes = message.customAttributes;
    const auto campaign = message.campaign ? message.campaign(ctx.tx()) : std::nullopt;
    if (campaign)
        row.campaign = campaign->number;
    ConversationStore{ctx.tx()}.insert(row);
    if (campaign) // the visitor saw it before they wrote
        addTemplate(ctx, row, campaign->message, "text", "{}", campaign->sender);
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
    if (const auto quoted =
            message.replyTo ? MessageStore{ctx.tx()}.find(ctx.account(), *message.replyTo) : std::nullopt;
        quoted && quoted->conversation == row->number && quoted->message.kind == domain::MessageKind::Public)
        fresh.contentAttributes = base::toText(base::Json{{"in_reply_to", quoted->number}});
    auto posted = append(ctx, *row, std::move(fresh), message.uploads);
    if (!posted)
        return posted;
    const auto now = contacts::ContactStore{ctx.tx()}.find(ctx.account(), contact->row.contact.number);
    speakByItself(ctx, posted->conversation, message, now ? *now : contact->row, isNew);
    if (isNew)
        labelFresh(ctx, posted->conversation, message.labels);
    m_contacts.touch(ctx, contact->row);
    return posted;
}

base::Result<Posted> ConversationService::postFromContact(sync::WriteContext &ctx,
                                                          const inboxes::InboxRow &inbox,
                                                          const base::Uuid &conversation,
                                                          const NewMessage &message, bool isClosed)
{
    const auto contact = contacts::ContactStore{ctx.tx()}.find(ctx.account(), ctx.actor().number);
    if (!contact || contact->contact.blocked)
        return base::Error{base::ErrorCode::Forbidden, "blocked"};
    auto posted = post(ctx, conversation, message);
    if (!posted)
        return posted;
    VisitorMessage sent;
    sent.inbox = inbox;
    sent.isClosed = isClosed;
    speakByItself(ctx, posted->conversation, sent, *contact, posted->message.message.n == 1);
    m_contacts.touch(ctx, *contact);
    return posted;
}

// Of the reference's automatic messages (4.10): greeting, out of office, and who to write to when nobody is
// there.
void ConversationService::speakByItself(sync::WriteContext &ctx, ConversationRow &row,
                                        const VisitorMessage &message, const contacts::ContactRow &contact,
                                        bool isNew)
{
    const auto &settings = message.inbox.settings;
    const MessageStore messages{ctx.tx()};
    const auto reply = messages.newestReply(row.number);
    const bool isAttended = reply && reply->userNumber && reply->message.at + attendedFor > ctx.now();
    const bool spoke = messages.spokeByItself(row.number, ctx.now() - quietFor);
    const auto say = [&](const std::string &text) {
        if (const auto body = domain::messageBody(text, false))
            addTemplate(ctx, row, *body);
    };
    if (isNew && row.campaign) // spoken to already
        return;
    if (isNew && settings.greetingEnabled)
        say(settings.greetingMessage);
    if (!message.isClosed || isAttended || spoke)
        return;
    say(settings.outOfOfficeMessage);
    const bool asksForEmail = settings.enableEmailCollect && contact.contact.email.empty() &&
                              message.inbox.inbox.channel == "web_widget" &&
                              !messages.hasContent(row.number, "input_email");
    if (asksForEmail)
        addTemplate(ctx, row, std::string{customerText(CustomerText::AskEmail, languageOf(ctx.tx(), row))},
                    "input_email");
}

MessageRow ConversationService::addTemplate(sync::WriteContext &ctx, ConversationRow &row,
                                            const std::string &body, const std::string &contentType,
                                            const std::string &contentAttributes,
                                            const std::optional<sync::Actor> &by)
{
    MessageRow said;
    if (by)
        setAuthor(said, *by);
    said.account = row.account;
    said.inbox = row.inbox;
    said.conversation = row.number;
    said.contentType = contentType;
    said.contentAttributes = contentAttributes;
    said.message.id = {ctx.newId()};
    said.message.conversation = row.conversation.id;
    said.message.n = row.conversation.lastN + 1;
    said.message.body = body;
    said.message.at = said.updatedAt = ctx.now();

    // The customer still waits for a person.
    const auto before = row.conversation;
    row.conversation = domain::afterMessage(row.conversation, said.message);
    row.conversation.agentN = before.agentN;
    row.conversation.waitingSince = before.waitingSince;
    MessageStore{ctx.tx()}.insert(said);
    ConversationStore{ctx.tx()}.update(row);
    recordMessage(ctx, row, said);
    recordConversation(ctx, row);
    auto asBefore = row;
    asBefore.conversation = before;
    DeliveryService::accept(ctx, asBefore, said, {});
    return said;
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
        message.message.id = {from.id};
        message.message.conversation = row.conversation.id;
        message.message.n = row.conversation.lastN + 1;
        message.message.kind = from.kind;
        message.message.direction = from.direction;
        message.message.body = from.body;
        message.message.at = from.at;
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
