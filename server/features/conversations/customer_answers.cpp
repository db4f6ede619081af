#include "server/features/conversations/bot_content.h"
#include "server/features/conversations/conversation_records.h"
#include "server/features/conversations/conversation_service.h"
#include "server/features/conversations/customer_texts.h"
#include "server/features/conversations/rating_store.h"
#include "shared/base/json.h"

#include <algorithm>
#include <chrono>

/// What customers answer to what asks them: choices, forms, ratings.
namespace server::conversations {

namespace {

constexpr std::chrono::days ratingOpen{14};

bool isWanted(const base::Json &config, const std::vector<std::string> &labels)
{
    const auto &rules = base::member(config, "survey_rules");
    const auto &values = base::member(rules, "values");
    if (!values.is_array() || values.empty())
        return true;
    const bool has = std::any_of(values.begin(), values.end(), [&](const base::Json &value) {
        return value.is_string() &&
               std::find(labels.begin(), labels.end(), value.get<std::string>()) != labels.end();
    });
    return base::textField(rules, "operator").value_or("contains") == "contains" ? has : !has;
}

} // namespace

void ConversationService::askForRating(sync::WriteContext &ctx, ConversationRow &row)
{
    const auto inbox = inboxes::InboxStore{ctx.tx()}.find(ctx.account(), row.inbox);
    if (!inbox || !inbox->settings.csatSurveyEnabled ||
        MessageStore{ctx.tx()}.hasContent(row.number, "input_csat"))
        return;
    const auto config = base::parseJson(inbox->settings.csatConfig);
    if (!config || !isWanted(*config, row.conversation.labels))
        return;
    auto question = base::textField(*config, "message").value_or("");
    if (question.empty())
        question = customerText(CustomerText::AskRating, languageOf(ctx.tx(), row));
    addTemplate(ctx, row, question, "input_csat",
                base::toText(base::Json{
                    {"display_type", base::textField(*config, "display_type").value_or("emoji")}}));
}

base::Result<MessageRow> ConversationService::answer(sync::WriteContext &ctx,
                                                     const ConversationRow &conversation,
                                                     const base::Uuid &message, const base::Json &answer)
{
    MessageStore messages{ctx.tx()};
    auto row = messages.find(ctx.account(), message);
    if (!row || row->conversation != conversation.number ||
        row->message.kind != domain::MessageKind::Public ||
        row->message.direction != domain::MessageDirection::Outgoing)
        return base::Error{base::ErrorCode::NotFound, "message"};
    const bool isRating = row->contentType == "input_csat";
    if (isRating && row->message.at + ratingOpen < ctx.now())
        return base::Error{base::ErrorCode::Conflict, "submitted_values"};
    auto answered = withAnswer(row->contentType, row->contentAttributes, answer);
    if (!answered)
        return answered.error();
    if (*answered == row->contentAttributes)
        return *row;
    row->contentAttributes = std::move(*answered);
    row->updatedAt = ctx.now();
    messages.putAttributes(*row);
    recordMessage(ctx, conversation, *row);
    if (isRating) {
        const auto rating = ratingOf(row->contentAttributes);
        RatingStore{ctx.tx()}.put({ctx.account(), conversation.number, row->number, conversation.contact,
                                   conversation.assignee, rating.stars, rating.feedback, ctx.now()});
    }
    return *row;
}

} // namespace server::conversations
