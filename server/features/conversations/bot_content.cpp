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

} // namespace

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
