#include "server/ports/answers.h"

#include "shared/base/json.h"
#include "shared/base/text.h"

#include <algorithm>
#include <cctype>

namespace server::ports {

namespace {

std::string_view sentenceOf(base::ErrorCode code)
{
    using enum base::ErrorCode;
    switch (code) {
    case Invalid:
        return "The request is not valid";
    case Unauthorized:
        return "You need to sign in or sign up before continuing.";
    case Forbidden:
    case NotVisible:
        return "You are not authorized to do this action";
    case NotFound:
    case Gone:
        return "Resource could not be found";
    case Conflict:
    case NewCustomerMessage:
    case AssigneeChanged:
    case OutOfOrder:
    case NumberConflict:
    case Dependency:
    case ReplyCollision:
    case StaleReply:
        return "The record changed meanwhile";
    case ChannelWindow:
        return "The reply window has closed: the customer has to write first";
    case TooLarge:
        return "The request is too large";
    case RateLimited:
        return "Too many requests";
    case Busy:
    case Unavailable:
    case Network:
        return "The server is busy, try again";
    case UploadMissing:
        return "An attachment has not arrived";
    case DeviceRevoked:
        return "This device was signed out";
    case UserDisabled:
        return "This user was deactivated";
    case AlreadyExists:
        return "A record with this value exists already";
    case Unsupported:
        return "This is not supported";
    case Protocol:
        return "The request is not valid";
    case Storage:
        return "The server could not store this";
    case Internal:
        return "Something went wrong";
    }
    return "Something went wrong";
}

constexpr std::chrono::milliseconds someTime{2000};

// The header knows whole seconds only; coming a little late is better than coming in vain.
void setRetryAfter(HttpResponse &answer, std::chrono::milliseconds wait)
{
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
    answer.headers.set("Retry-After", std::to_string(std::max<std::int64_t>(1, seconds)));
}

} // namespace

int statusOf(base::ErrorCode code)
{
    using enum base::ErrorCode;
    switch (code) {
    case Unauthorized:
    case DeviceRevoked:
    case UserDisabled:
        return 401;
    case Forbidden:
    case NotVisible:
        return 403;
    case NotFound:
    case Gone:
        return 404;
    case Conflict:
    case NewCustomerMessage:
    case AssigneeChanged:
    case OutOfOrder:
    case NumberConflict:
    case Dependency:
    case ReplyCollision:
    case StaleReply:
    case ChannelWindow:
        return 409;
    case TooLarge:
        return 413;
    case RateLimited:
        return 429;
    case Busy:
    case Unavailable:
    case Network:
    case Storage:
        return 503;
    case Protocol:
        return 400;
    case Unsupported:
        return 415;
    case Internal:
        return 500;
    case Invalid:
    case UploadMissing:
    case AlreadyExists:
        return 422;
    }
    return 500;
}

HttpResponse refusal(const base::Error &error)
{
    const std::string sentence{sentenceOf(error.code)};
    const bool namesField =
        error.code == base::ErrorCode::Invalid || error.code == base::ErrorCode::AlreadyExists;
    base::Json json{{"error", sentence}, {"code", toText(error.code)}, {"description", sentence}};
    json["errors"] = base::Json::array();
    if (namesField) {
        json["message"] = error.detail.empty() ? sentence : error.detail;
        json["attributes"] = base::Json::array();
        if (!error.detail.empty()) {
            json["attributes"].push_back(error.detail);
            json["errors"].push_back(
                {{"field", error.detail}, {"message", sentence}, {"code", toText(error.code)}});
        }
    }
    auto answer = jsonAnswer(json, statusOf(error.code));
    if (answer.status == 503)
        setRetryAfter(answer, someTime);
    if (answer.status == 401)
        answer.headers.set("WWW-Authenticate", "Bearer");
    return answer;
}

HttpResponse refusal(int status, std::string_view code, std::string_view sentence)
{
    return jsonAnswer(
        {{"error", sentence}, {"code", code}, {"description", sentence}, {"errors", base::Json::array()}},
        status);
}

HttpResponse tooOften(std::chrono::milliseconds wait)
{
    auto answer = refusal({base::ErrorCode::RateLimited, {}});
    setRetryAfter(answer, wait);
    return answer;
}

HttpResponse tooBusy(std::chrono::milliseconds wait)
{
    auto answer = refusal({base::ErrorCode::Busy, {}});
    setRetryAfter(answer, wait);
    return answer;
}

HttpResponse jsonAnswer(const base::Json &value, int status)
{
    return HttpResponse::json(status, base::toText(value));
}

base::Result<base::Json> jsonBody(const HttpRequest &request)
{
    if (request.body.empty())
        return base::Json::object();
    auto parsed = base::parseJson(request.body);
    if (parsed && !parsed->is_object())
        return base::Error{base::ErrorCode::Invalid, "body"};
    return parsed;
}

std::string_view bearerToken(const HttpRequest &request)
{
    const auto &all = request.headers.all();
    for (const auto &[name, value] : all) {
        if (base::lowered(name) != "authorization" || value.size() < 7 ||
            base::lowered(value.substr(0, 7)) != "bearer ")
            continue;
        return base::trimmed(std::string_view{value}.substr(7));
    }
    return {};
}

std::string originOf(const HttpRequest &request, const std::string &configured)
{
    if (!configured.empty())
        return configured.ends_with('/') ? configured.substr(0, configured.size() - 1) : configured;
    const auto host = request.headers.get("Host");
    const bool isPlain = std::all_of(host.begin(), host.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
               std::string_view{".-:[]_"}.find(c) != std::string_view::npos;
    });
    return std::string{request.secure ? "https://" : "http://"} + (isPlain ? std::string{host} : "localhost");
}

} // namespace server::ports
