#include "server/features/client_api/survey_routes.h"

#include "server/features/accounts/api_fields.h"
#include "server/features/client_api/client_presenter.h"
#include "server/features/conversations/bot_content.h"
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

std::string escaped(std::string_view text)
{
    std::string out;
    for (const auto c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else
            out += c;
    }
    return out;
}

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
    router.add(
        {"GET", "/survey/responses/{uuid}", [this](HttpRequest &request) { return surveyPage(request); }});
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

// Where a customer is sent who does not use the widget: the same question on a page of its own, which needs
// no script.
HttpResponse SurveyRoutes::surveyPage(const HttpRequest &request)
{
    std::optional<Survey> asked;
    m.parts.database.read([&](storage::Transaction &tx) { asked = surveyOf(tx, request); });
    if (!asked)
        return ports::refusal({ErrorCode::NotFound, {}});
    HttpResponse answer;
    const auto name = escaped(asked->inbox.inbox.name);
    const auto stars = conversations::ratingOf(asked->question.contentAttributes).stars;
    answer.body = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
                  "<meta name=\"viewport\" content=\"width=device-width\"><title>" +
                  name + "</title></head><body><main><h1>" + name +
                  "</h1><form method=\"post\"><fieldset><legend>" + escaped(asked->question.message.body) +
                  "</legend>";
    for (int rating = 1; rating <= 5; ++rating) {
        const auto number = std::to_string(rating);
        answer.body += "<label><input type=\"radio\" name=\"rating\" required value=\"" + number + '"' +
                       (rating == stars ? " checked" : "") + "> " + number + "</label> ";
    }
    answer.body +=
        "</fieldset><p><label>Comment<br><textarea name=\"feedback_message\" maxlength=\"2000\" rows=\"4\" "
        "cols=\"40\"></textarea></label></p><button>Send</button></form></main></body></html>";
    answer.headers.set("Content-Type", "text/html; charset=utf-8");
    answer.headers.set("Content-Security-Policy",
                       "default-src 'none'; form-action 'self'; frame-ancestors 'none'");
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
    return answer.status == 200 ? surveyPage(request) : answer;
}

} // namespace server::client_api
