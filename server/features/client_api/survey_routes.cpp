#include "server/features/client_api/survey_routes.h"

#include "server/features/accounts/api_fields.h"
#include "server/features/client_api/client_presenter.h"
#include "server/features/client_api/survey_page.h"
#include "server/features/conversations/bot_content.h"
#include "server/features/conversations/customer_texts.h"
#include "server/ports/answers.h"
#include "shared/base/json.h"
#include "shared/base/text.h"

namespace server::client_api {

namespace {

using base::ErrorCode;
using conversations::ConversationRow;
using conversations::MessageStore;
using ports::HttpRequest;
using ports::HttpResponse;

constexpr ports::Rate ratingRate{60, base::Duration{1000}};
constexpr std::int64_t maxBody = 64 << 10;

/// A conversation by its own id, over all accounts, with the question that was asked.
struct Survey {
    ConversationRow conversation;
    inboxes::InboxRow inbox;
    conversations::MessageRow question;
};

std::optional<Survey> surveyOf(storage::Transaction &tx, const HttpRequest &request)
{
    const auto id = base::Uuid::parse(request.param("uuid"));
    const auto row = id ? conversations::ConversationStore{tx}.anywhere(*id) : std::nullopt;
    const auto inbox = row ? inboxes::InboxStore{tx}.find(row->account, row->inbox) : std::nullopt;
    const auto question = inbox ? MessageStore{tx}.newestOf(row->number, "input_csat") : std::nullopt;
    return question ? std::optional{Survey{*row, *inbox, *question}} : std::nullopt;
}

} // namespace

void SurveyRoutes::add(ports::Router &router)
{
    router.add({"GET", "/public/api/v1/csat_survey/{uuid}",
                [this](HttpRequest &request) { return survey(request); }});
    router.add({"PUT", "/public/api/v1/csat_survey/{uuid}",
                [this](HttpRequest &request) { return rate(request); }, maxBody});
    router.add(
        {"POST", "/survey/responses/{uuid}", [this](HttpRequest &request) { return ratePage(request); }});
    router.add({"GET", "/survey/responses/{uuid}",
                [this](HttpRequest &request) { return surveyPage(request, false); }});
}

HttpResponse SurveyRoutes::survey(const HttpRequest &request)
{
    auto answer = ports::refusal({ErrorCode::NotFound, {}});
    m.parts.database.read([&](storage::Transaction &tx) {
        if (const auto asked = surveyOf(tx, request))
            answer = ports::jsonAnswer(ratingJson(tx, asked->conversation, asked->inbox, asked->question));
    });
    return answer;
}

HttpResponse SurveyRoutes::rate(const HttpRequest &request)
{
    if (const auto wait = m.parts.limiter.take("client-rating:" + request.remoteNetwork, ratingRate))
        return ports::tooOften(*wait);
    const auto body = ports::jsonBody(request);
    if (!body)
        return ports::refusal(body.error());
    std::optional<Survey> asked;
    m.parts.database.read([&](storage::Transaction &tx) { asked = surveyOf(tx, request); });
    if (!asked)
        return ports::refusal({ErrorCode::NotFound, {}});
    const auto &wrapped = base::member(*body, "message");
    const auto done = m.write(asked->inbox.account, {}, [&](sync::WriteContext &ctx) -> base::Status {
        const auto row =
            m.parts.conversations.answer(ctx, asked->conversation, asked->question.message.id.value,
                                         wrapped.is_object() ? wrapped : *body);
        return row ? base::Status{base::Done{}} : base::Status{row.error()};
    });
    return done ? survey(request) : ports::refusal(done.error());
}

// Where a customer is sent who does not use the widget: the same question on a page of its own.
HttpResponse SurveyRoutes::surveyPage(const HttpRequest &request, bool thanks)
{
    std::optional<SurveyPage> page;
    m.parts.database.read([&](storage::Transaction &tx) {
        const auto asked = surveyOf(tx, request);
        if (!asked)
            return;
        const auto given = conversations::ratingOf(asked->question.contentAttributes);
        page = {asked->inbox.inbox.name,
                asked->question.message.body,
                conversations::languageOf(tx, asked->conversation),
                given.stars,
                given.feedback,
                thanks};
    });
    if (!page)
        return ports::refusal({ErrorCode::NotFound, {}});
    HttpResponse answer;
    answer.body = surveyPageHtml(*page);
    answer.headers.set("Content-Type", "text/html; charset=utf-8");
    answer.headers.set("Content-Security-Policy", surveyPagePolicy(m.parts.crypto));
    answer.headers.set("Cache-Control", "no-store");
    return answer;
}

HttpResponse SurveyRoutes::ratePage(HttpRequest &request)
{
    const auto form = accounts::formBody(request.body);
    const auto stars = base::wholeNumber(base::textField(form, "rating").value_or(""));
    request.body = base::toText(
        base::Json{{"submitted_values",
                    {{"csat_survey_response",
                      {{"rating", stars.value_or(0)},
                       {"feedback_message", base::textField(form, "feedback_message").value_or("")}}}}}});
    auto answer = rate(request);
    return answer.status == 200 ? surveyPage(request, true) : answer;
}

} // namespace server::client_api
