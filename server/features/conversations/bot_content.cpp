#include "server/features/conversations/bot_content.h"

#include "server/features/inboxes/pre_chat_form.h"
#include "shared/base/json.h"
#include "shared/base/text.h"

#include <algorithm>
#include <array>

namespace server::conversations {

namespace {

using base::Json;

constexpr std::size_t maxItems = 50;
constexpr std::size_t maxActions = 10;
constexpr std::size_t maxValues = 50;
constexpr std::size_t maxText = 2000;
constexpr std::size_t maxFeedback = 2000;
constexpr std::size_t shownItems = 20; // to agents, of each kind; the rest is in the REST API
constexpr std::size_t shownTitle = 200;
constexpr std::size_t shownDetail = 300;
constexpr std::size_t shownAnswer = 1000;
constexpr std::size_t shownLink = 500;
constexpr const char *values = "submitted_values";

base::Error invalid(const char *field)
{
    return {base::ErrorCode::Invalid, field};
}

bool isText(const Json &value, std::size_t most = maxText)
{
    return value.is_string() && base::isUtf8(value.get_ref<const std::string &>()) &&
           base::length(value.get_ref<const std::string &>()) <= most;
}

// What a browser would do with it must be nothing but to go there.
bool isAddress(std::string_view text, bool isLink)
{
    const auto scheme = base::lowered(text.substr(0, text.find(':') + 1));
    const bool isWeb = scheme == "https:" || scheme == "http:";
    const bool isOther = isLink && (scheme == "mailto:" || scheme == "tel:");
    return (isWeb || isOther) && text.size() <= maxText && std::none_of(text.begin(), text.end(), [](char c) {
               return static_cast<unsigned char>(c) <= ' ';
           });
}

void copyTexts(const Json &from, Json &to, std::initializer_list<const char *> keys)
{
    for (const auto *key : keys)
        if (const auto text = base::textField(from, key); text && base::length(*text) <= maxText)
            to[key] = *text;
}

void copyAddress(const Json &from, Json &to, const char *key, bool isLink)
{
    if (const auto text = base::textField(from, key); text && isAddress(*text, isLink))
        to[key] = *text;
}

Json cardActions(const Json &card)
{
    auto actions = Json::array();
    for (const auto &item : base::member(card, "actions")) {
        const auto type = base::textField(item, "type").value_or("");
        Json action{{"type", type}};
        copyTexts(item, action, {"text"});
        if (type == "link")
            copyAddress(item, action, "uri", true);
        else if (type == "postback")
            copyTexts(item, action, {"payload"});
        if ((action.contains("uri") || action.contains("payload")) && actions.size() < maxActions)
            actions.push_back(std::move(action));
    }
    return actions;
}

Json formOptions(const Json &field)
{
    auto options = Json::array();
    for (const auto &item : base::member(field, "options")) {
        Json option = Json::object();
        copyTexts(item, option, {"label", "value"});
        if (option.contains("value") && options.size() < maxItems)
            options.push_back(std::move(option));
    }
    return options;
}

Json itemOf(const std::string &contentType, const Json &from)
{
    Json item = Json::object();
    if (contentType == "input_select") {
        copyTexts(from, item, {"title", "value"});
    } else if (contentType == "cards") {
        copyTexts(from, item, {"title", "description"});
        copyAddress(from, item, "media_url", false);
        item["actions"] = cardActions(from);
    } else if (contentType == "form") {
        copyTexts(from, item,
                  {"name", "label", "type", "placeholder", "default", "pattern", "title", "pattern_error"});
        if (const auto required = base::flagField(from, "required"))
            item["required"] = *required;
        if (auto options = formOptions(from); !options.empty())
            item["options"] = std::move(options);
    } else if (contentType == "article") {
        copyTexts(from, item, {"title", "description"});
        copyAddress(from, item, "link", true);
    }
    return item;
}

Json objectOf(const std::string &text)
{
    auto json = base::parseJson(text, {1 << 20, 16});
    return json && json->is_object() ? std::move(*json) : Json::object();
}

base::Result<Json> chosen(const Json &attributes, const Json &given)
{
    if (!given.is_array() || given.size() != 1)
        return invalid(values);
    const auto value = base::textField(given[0], "value").value_or("");
    for (const auto &item : base::member(attributes, "items"))
        if (base::textField(item, "value") == value)
            return Json::array(
                {{{"title", base::textField(item, "title").value_or(value)}, {"value", value}}});
    return invalid(values);
}

base::Result<Json> listed(const Json &given)
{
    const auto list = given.is_object() ? Json::array({given}) : given;
    if (!list.is_array() || list.empty() || list.size() > maxValues)
        return invalid(values);
    auto kept = Json::array();
    for (const auto &item : list) {
        const auto &value = base::member(item, "value");
        if (!value.is_boolean() && !value.is_number() && !isText(value))
            return invalid(values);
        Json one = Json::object();
        copyTexts(item, one, {"name", "title"});
        one["value"] = value;
        kept.push_back(std::move(one));
    }
    return kept;
}

base::Result<Json> filledForm(const Json &attributes, const Json &given)
{
    auto kept = listed(given);
    if (!kept)
        return kept;
    const auto answerTo = [&](const std::string &name) -> const Json & {
        for (const auto &item : *kept)
            if (base::textField(item, "name") == name)
                return base::member(item, "value");
        return base::member(*kept, ""); // null
    };
    for (const auto &field : base::member(attributes, "items")) {
        const auto name = base::textField(field, "name").value_or("");
        const auto &answer = answerTo(name);
        const bool isEmpty = answer.is_null() || answer == "";
        if (isEmpty && base::flagField(field, "required").value_or(false))
            return invalid(values);
        if (isEmpty || base::textField(field, "type") != "select")
            continue;
        const auto &options = base::member(field, "options");
        const bool isOne = std::any_of(options.begin(), options.end(), [&](const Json &option) {
            return base::member(option, "value") == answer;
        });
        if (!isOne)
            return invalid(values);
    }
    return kept;
}

base::Result<Json> rated(const Json &given)
{
    const auto &response = base::member(given, "csat_survey_response");
    const auto rating = base::integerField(response, "rating").value_or(0);
    const auto feedback = base::textField(response, "feedback_message").value_or("");
    if (rating < 1 || rating > 5 || !isText(Json(feedback), maxFeedback))
        return invalid(values);
    return Json{{"csat_survey_response", {{"rating", rating}, {"feedback_message", feedback}}}};
}

std::string cut(const Json &from, const char *key, std::size_t most)
{
    return base::preview(base::textField(from, key).value_or(""), most);
}

std::string valueText(const Json &value)
{
    if (value.is_string())
        return base::preview(value.get_ref<const std::string &>(), shownAnswer);
    return value.is_null() ? std::string{} : base::preview(base::toText(value), shownAnswer);
}

domain::ContentItem shownItem(const std::string &contentType, const Json &item)
{
    domain::ContentItem shown;
    shown.title = cut(item, "title", shownTitle);
    if (contentType == "form")
        shown.title = cut(item, item.contains("label") ? "label" : "name", shownTitle);
    shown.detail = cut(item, "description", shownDetail);
    shown.link = base::textField(item, contentType == "article" ? "link" : "media_url").value_or("");
    if (shown.link.size() > shownLink)
        shown.link.clear();
    for (const auto &action : base::member(item, "actions"))
        shown.buttons.push_back(cut(action, "text", shownTitle));
    return shown;
}

// What the form's question is called, and its option, rather than what programs call them.
domain::ContentAnswer formAnswer(const Json &attributes, const Json &given)
{
    const auto name = base::textField(given, "name").value_or("");
    domain::ContentAnswer answer{cut(given, "title", shownTitle), valueText(base::member(given, "value"))};
    if (answer.question.empty())
        answer.question = base::preview(name, shownTitle);
    for (const auto &field : base::member(attributes, "items")) {
        if (base::textField(field, "name") != name)
            continue;
        if (const auto label = cut(field, "label", shownTitle); !label.empty())
            answer.question = label;
        for (const auto &option : base::member(field, "options"))
            if (base::member(option, "value") == base::member(given, "value") && option.contains("label"))
                answer.answer = cut(option, "label", shownTitle);
    }
    return answer;
}

std::vector<domain::ContentAnswer> shownAnswers(const std::string &contentType, const Json &attributes)
{
    std::vector<domain::ContentAnswer> answers;
    if (const auto email = cut(attributes, "submitted_email", shownTitle); !email.empty())
        answers.push_back({{}, email});
    const auto &given = base::member(attributes, values);
    if (contentType == "input_csat") {
        const auto said = cut(base::member(given, "csat_survey_response"), "feedback_message", shownAnswer);
        if (!said.empty())
            answers.push_back({{}, said});
        return answers;
    }
    for (const auto &one : given.is_array() ? given : Json::array()) {
        if (answers.size() == shownItems)
            break;
        if (contentType == "input_select")
            answers.push_back({{}, cut(one, "title", shownTitle)});
        else if (contentType == "form")
            answers.push_back(formAnswer(attributes, one));
        else
            answers.push_back({{}, valueText(base::member(one, "value"))});
    }
    return answers;
}

} // namespace

void describeContent(const std::string &contentType, const std::string &contentAttributes,
                     domain::Message &message)
{
    if (contentAttributes == "{}" && contentType == "text")
        return;
    const auto own = objectOf(contentAttributes);
    message.deleted = base::flagField(own, "deleted").value_or(false);
    if (message.deleted || contentType == "text")
        return;
    message.content.type = contentType;
    const auto seen = customerAttributes(contentType, contentAttributes);
    for (const auto &item : base::member(seen, "items"))
        if (message.content.items.size() < shownItems)
            message.content.items.push_back(shownItem(contentType, item));
    message.content.answers = shownAnswers(contentType, own);
    message.content.stars = contentType == "input_csat" ? ratingOf(contentAttributes).stars : 0;
}

Json customerAttributes(const std::string &contentType, const std::string &contentAttributes)
{
    const auto own = objectOf(contentAttributes);
    Json seen = Json::object();
    auto items = Json::array();
    for (const auto &from : base::member(own, "items"))
        if (auto item = itemOf(contentType, from); !item.empty() && items.size() < maxItems)
            items.push_back(std::move(item));
    if (!items.empty())
        seen["items"] = std::move(items);
    if (contentType == "input_csat")
        copyTexts(own, seen, {"display_type"});
    for (const auto *key : {values, "submitted_email"})
        if (own.contains(key))
            seen[key] = own[key];
    if (base::flagField(own, "deleted").value_or(false))
        seen["deleted"] = true;
    return seen.empty() ? Json{} : seen;
}

base::Result<std::string> withAnswer(const std::string &contentType, const std::string &contentAttributes,
                                     const Json &answer)
{
    auto attributes = objectOf(contentAttributes);
    const auto &given = base::member(answer, values);
    if (contentType == "input_email") {
        auto email =
            base::textField(answer, "submitted_email").value_or(base::textField(given, "email").value_or(""));
        email = base::lowered(base::trimmed(email));
        if (!inboxes::isEmailAddress(email))
            return invalid("submitted_email");
        if (attributes.contains("submitted_email"))
            return base::Error{base::ErrorCode::Conflict, "submitted_email"};
        attributes["submitted_email"] = email;
        return base::toText(attributes);
    }
    if (contentType != "input_csat" && attributes.contains(values))
        return base::Error{base::ErrorCode::Conflict, values};
    base::Result<Json> kept = invalid("content_type");
    if (contentType == "input_select")
        kept = chosen(attributes, given);
    else if (contentType == "form")
        kept = filledForm(attributes, given);
    else if (contentType == "input_text" || contentType == "input_textarea")
        kept = listed(given);
    else if (contentType == "input_csat")
        kept = rated(given);
    if (!kept)
        return kept.error();
    attributes[values] = std::move(*kept);
    return base::toText(attributes);
}

Rating ratingOf(const std::string &contentAttributes)
{
    const auto own = objectOf(contentAttributes);
    const auto &response = base::member(base::member(own, values), "csat_survey_response");
    Rating rating;
    rating.stars =
        static_cast<int>(std::clamp<std::int64_t>(base::integerField(response, "rating").value_or(0), 0, 5));
    rating.feedback = base::textField(response, "feedback_message").value_or("");
    return rating;
}

} // namespace server::conversations
