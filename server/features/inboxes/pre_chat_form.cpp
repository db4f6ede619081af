#include "server/features/inboxes/pre_chat_form.h"

#include "shared/base/json.h"
#include "shared/base/text.h"

#include <algorithm>
#include <array>

namespace server::inboxes {

namespace {

using Field = PreChatForm::Field;
using Target = PreChatForm::Target;

constexpr std::size_t maxFields = 30;
constexpr std::size_t maxValues = 100;
constexpr std::size_t maxText = 255;
constexpr std::size_t maxPattern = 500;
constexpr std::size_t maxAnswer = 1000;
constexpr std::array<std::string_view, 8> types{"text", "email", "phone", "number",
                                                "link", "date",  "list",  "checkbox"};

base::Error invalid()
{
    return {base::ErrorCode::Invalid, "pre_chat_form_options"};
}

bool isText(const std::string &text, std::size_t most)
{
    return base::isUtf8(text) && base::length(text) <= most;
}

// Names go into attributes; the standard ones are those of the field.
base::Result<Target> targetOf(const std::string &name, const std::string &fieldType)
{
    if (fieldType == "contact_attribute")
        return Target::Contact;
    if (fieldType == "conversation_attribute")
        return Target::Conversation;
    if (fieldType != "standard" && !fieldType.empty())
        return invalid();
    if (name == "emailAddress")
        return Target::Email;
    if (name == "fullName")
        return Target::Name;
    if (name == "phoneNumber")
        return Target::Phone;
    return invalid();
}

std::string fieldTypeOf(Target target)
{
    if (target == Target::Contact)
        return "contact_attribute";
    return target == Target::Conversation ? "conversation_attribute" : "standard";
}

base::Result<Field> fieldOf(const base::Json &json)
{
    Field field;
    const auto text = [&](const char *key) { return base::textField(json, key).value_or(""); };
    field.name = text("name");
    const auto target = targetOf(field.name, text("field_type"));
    if (!target)
        return target.error();
    field.target = *target;
    field.type = text("type");
    if (std::find(types.begin(), types.end(), field.type) == types.end())
        field.type = *target == Target::Email ? "email" : *target == Target::Phone ? "phone" : "text";
    field.label = text("label");
    field.placeholder = text("placeholder");
    field.required = base::flagField(json, "required").value_or(false);
    field.pattern = text("regex_pattern");
    field.cue = text("regex_cue");
    const bool isFine = !field.name.empty() && isText(field.name, maxText) && isText(field.label, maxText) &&
                        isText(field.placeholder, maxText) && isText(field.pattern, maxPattern) &&
                        isText(field.cue, maxText);
    const auto &values = base::member(json, "values");
    if (!isFine || (!values.is_null() && (!values.is_array() || values.size() > maxValues)))
        return invalid();
    for (const auto &value : values) {
        if (!value.is_string() || !isText(value.get_ref<const std::string &>(), maxText))
            return invalid();
        field.values.push_back(value.get<std::string>());
    }
    return field;
}

bool isDate(const std::string &text)
{
    if (text.size() != 10 || text[4] != '-' || text[7] != '-')
        return false;
    const auto number = [&](std::size_t from, std::size_t count) {
        return base::wholeNumber(text.substr(from, count)).value_or(0);
    };
    return number(0, 4) > 0 && number(5, 2) >= 1 && number(5, 2) <= 12 && number(8, 2) >= 1 &&
           number(8, 2) <= 31;
}

bool isNumber(const base::Json &answer)
{
    if (answer.is_number())
        return true;
    const auto text = answer.is_string() ? answer.get<std::string>() : std::string{};
    return !text.empty() && text.find_first_not_of("+-0123456789.,eE ") == std::string::npos &&
           text.find_first_of("0123456789") != std::string::npos;
}

bool fits(const Field &field, const base::Json &answer)
{
    if (field.type == "checkbox")
        return answer.is_boolean() || answer == "true" || answer == "false";
    if (field.type == "number")
        return isNumber(answer) && base::toText(answer).size() <= maxText;
    if (!answer.is_string())
        return false;
    const auto text = std::string{base::trimmed(answer.get_ref<const std::string &>())};
    if (!isText(text, maxAnswer))
        return false;
    if (field.type == "email" || field.target == Target::Email)
        return isEmailAddress(text);
    if (field.type == "phone" || field.target == Target::Phone)
        return isPhoneNumber(text);
    if (field.type == "list")
        return std::find(field.values.begin(), field.values.end(), text) != field.values.end();
    if (field.type == "date")
        return isDate(text);
    if (field.type == "link")
        return text.starts_with("https://") || text.starts_with("http://");
    return true;
}

bool hasPattern(const Field &field, const base::Json &answer, const ports::TextPatterns &patterns)
{
    if (field.pattern.empty() || !answer.is_string())
        return true;
    return patterns.matches(field.pattern, base::trimmed(answer.get_ref<const std::string &>()))
        .value_or(true);
}

bool isEmpty(const base::Json &answer)
{
    return answer.is_null() ||
           (answer.is_string() && base::trimmed(answer.get_ref<const std::string &>()).empty());
}

} // namespace

bool isEmailAddress(std::string_view email)
{
    const auto at = email.find('@');
    return at != std::string_view::npos && at > 0 && at + 1 < email.size() && email.size() <= 254 &&
           base::isUtf8(email) && email.find('@', at + 1) == std::string_view::npos &&
           email.find_first_of(" \t\r\n<>(),;:\\\"[]") == std::string_view::npos;
}

bool isPhoneNumber(std::string_view phone)
{
    return phone.size() >= 3 && phone.size() <= 16 && phone[0] == '+' && phone[1] >= '1' && phone[1] <= '9' &&
           phone.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

base::Result<PreChatForm> PreChatForm::fromText(const std::string &text)
{
    const auto json = base::parseJson(text, {64 << 10, 8});
    if (!json || !json->is_object())
        return invalid();
    PreChatForm form;
    form.m_message = base::textField(*json, "pre_chat_message").value_or("");
    if (!isText(form.m_message, maxAnswer))
        return invalid();
    const auto &fields = base::member(*json, "pre_chat_fields");
    if (!fields.is_null() && (!fields.is_array() || fields.size() > maxFields))
        return invalid();
    for (const auto &item : fields) {
        auto field = fieldOf(item);
        if (!field)
            return field.error();
        if (base::flagField(item, "enabled").value_or(false))
            form.m_fields.push_back(std::move(*field));
    }
    return form;
}

base::Json PreChatForm::toJson() const
{
    auto fields = base::Json::array();
    for (const auto &field : m_fields) {
        base::Json json{
            {"name", field.name},   {"field_type", fieldTypeOf(field.target)}, {"type", field.type},
            {"label", field.label}, {"placeholder", field.placeholder},        {"required", field.required}};
        if (!field.values.empty())
            json["values"] = field.values;
        if (!field.pattern.empty()) {
            json["regex_pattern"] = field.pattern;
            json["regex_cue"] = field.cue;
        }
        fields.push_back(std::move(json));
    }
    return {{"pre_chat_message", m_message}, {"pre_chat_fields", std::move(fields)}};
}

PreChatForm::Faults PreChatForm::check(const base::Json &answers, const std::vector<std::string> &known,
                                       const ports::TextPatterns &patterns) const
{
    Faults faults;
    for (const auto &field : m_fields) {
        const auto &answer = base::member(answers, field.name);
        if (isEmpty(answer)) {
            if (field.required && std::find(known.begin(), known.end(), field.name) == known.end())
                faults[field.name] = "required";
        } else if (!fits(field, answer) || !hasPattern(field, answer, patterns)) {
            faults[field.name] = "invalid";
        }
    }
    return faults;
}

} // namespace server::inboxes
