#include "server/features/custom_attributes/definition_routes.h"

#include "server/features/accounts/api_fields.h"
#include "server/ports/answers.h"
#include "shared/base/json.h"
#include "shared/base/text.h"
#include "shared/domain/filters/filter.h"

#include <algorithm>
#include <array>

namespace server::custom_attributes {

namespace {

using accounts::ApiCall;
using accounts::ApiFields;
using base::ErrorCode;

constexpr std::int64_t mostDefinitions = 500; // of an account
constexpr std::size_t longestText = 255;
constexpr std::size_t mostValues = 500;
constexpr std::array<std::string_view, 2> modelNames{"conversation_attribute", "contact_attribute"};
constexpr std::array<std::string_view, 8> typeNames{"text", "number", "currency", "percent",
                                                    "link", "date",   "list",     "checkbox"};

base::Error invalid(const char *field)
{
    return {ErrorCode::Invalid, field};
}

base::Json definitionJson(const DefinitionRow &row)
{
    base::Json json{{"id", row.number},
                    {"attribute_display_name", row.displayName},
                    {"attribute_display_type", typeNames.at(static_cast<std::size_t>(row.type))},
                    {"attribute_description", row.description},
                    {"attribute_key", row.key},
                    {"attribute_model", modelNames.at(static_cast<std::size_t>(row.model))},
                    {"regex_pattern", row.regexPattern},
                    {"regex_cue", row.regexCue},
                    {"default_value", ""},
                    {"created_at", accounts::isoTime(row.createdAt)},
                    {"updated_at", accounts::isoTime(row.updatedAt)}};
    // Described as a text, but every program that reads it expects the list.
    if (row.type == AttributeType::List)
        json["attribute_values"] = row.values;
    return json;
}

// "1" and "number" are the same.
template <class Names>
std::optional<std::size_t> indexOf(const Names &names, const std::string &text)
{
    if (const auto number = base::wholeNumber(text))
        return *number >= 0 && static_cast<std::size_t>(*number) < names.size()
                   ? std::optional{static_cast<std::size_t>(*number)}
                   : std::nullopt;
    const auto at = std::find(names.begin(), names.end(), text);
    return at == names.end() ? std::nullopt : std::optional{static_cast<std::size_t>(at - names.begin())};
}

bool isKey(const std::string &key)
{
    const auto isAllowed = [](unsigned char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
               c == '-' || c == '.';
    };
    return !key.empty() && key.size() <= longestText && std::all_of(key.begin(), key.end(), isAllowed);
}

bool isLine(const std::string &text)
{
    return base::isUtf8(text) && base::length(text) <= longestText;
}

base::Status check(const DefinitionRow &row)
{
    const auto subject = row.model == AttributeModel::Contact ? domain::FilterSubject::Contact
                                                              : domain::FilterSubject::Conversation;
    if (!isKey(row.key) || domain::isFilterAttribute(subject, row.key))
        return invalid("attribute_key");
    const std::pair<const char *, const std::string &> lines[] = {{"attribute_display_name", row.displayName},
                                                                  {"attribute_description", row.description},
                                                                  {"regex_pattern", row.regexPattern},
                                                                  {"regex_cue", row.regexCue}};
    for (const auto &[field, text] : lines)
        if (!isLine(text))
            return invalid(field);
    if (row.displayName.empty())
        return invalid("attribute_display_name");
    if (row.values.size() > mostValues || !std::all_of(row.values.begin(), row.values.end(), isLine) ||
        (row.type == AttributeType::List && row.values.empty()))
        return invalid("attribute_values");
    return base::Done{};
}

const base::Json &fieldsOf(const base::Json &body)
{
    const auto &nested = base::member(body, "custom_attribute_definition");
    return nested.is_object() ? nested : body;
}

// What is absent stays.
base::Status readInto(const base::Json &body, DefinitionRow &row)
{
    ApiFields fields{fieldsOf(body)};
    const auto take = [&](const char *key, std::string &into) {
        if (const auto text = fields.text(key))
            into = std::string{base::trimmed(base::cleaned(*text))};
    };
    take("attribute_key", row.key);
    take("attribute_display_name", row.displayName);
    take("attribute_description", row.description);
    take("regex_pattern", row.regexPattern);
    take("regex_cue", row.regexCue);
    if (const auto text = fields.text("attribute_display_type")) {
        const auto type = indexOf(typeNames, *text);
        if (!type)
            return invalid("attribute_display_type");
        row.type = static_cast<AttributeType>(*type);
    }
    if (const auto text = fields.text("attribute_model")) {
        const auto model = indexOf(modelNames, *text);
        if (!model)
            return invalid("attribute_model");
        row.model = static_cast<AttributeModel>(*model);
    }
    if (fields.has("attribute_values"))
        row.values = fields.texts("attribute_values");
    if (const auto status = fields.status(); !status)
        return status;
    return check(row);
}

base::Result<DefinitionRow> known(storage::Transaction &tx, const ApiCall &call)
{
    const auto number = call.number("id");
    auto row = number ? DefinitionStore{tx}.find(call.account, *number) : std::nullopt;
    if (!row)
        return base::Error{ErrorCode::NotFound, "custom_attribute_definition"};
    return *std::move(row);
}

} // namespace

void DefinitionRoutes::add(ports::Router &router)
{
    using Who = accounts::ApiGate::Who;
    const auto route = [&](const char *method, const std::string &path, Who who,
                           Answer (DefinitionRoutes::*handler)(ApiCall &)) {
        m_gate.inAccount(
            router, method, "/custom_attribute_definitions" + path,
            [this, handler](ApiCall &call) { return (this->*handler)(call); }, who);
    };
    route("GET", "", Who::Member, &DefinitionRoutes::list);
    route("GET", "/{id}", Who::Member, &DefinitionRoutes::show);
    route("POST", "", Who::Administrator, &DefinitionRoutes::create);
    route("PATCH", "/{id}", Who::Administrator, &DefinitionRoutes::change);
    route("PUT", "/{id}", Who::Administrator, &DefinitionRoutes::change);
    route("DELETE", "/{id}", Who::Administrator, &DefinitionRoutes::remove);
}

DefinitionRoutes::Answer DefinitionRoutes::list(ApiCall &call)
{
    const std::string name{call.request.queryValue("attribute_model")};
    const auto model = name.empty() ? std::nullopt : indexOf(modelNames, name);
    if (!name.empty() && !model)
        return invalid("attribute_model");
    auto payload = base::Json::array();
    m_gate.read([&](storage::Transaction &tx) {
        const auto only = model ? std::optional{static_cast<AttributeModel>(*model)} : std::nullopt;
        for (const auto &row : DefinitionStore{tx}.all(call.account, only))
            payload.push_back(definitionJson(row));
    });
    return ports::jsonAnswer(payload);
}

DefinitionRoutes::Answer DefinitionRoutes::show(ApiCall &call)
{
    Answer answer = base::Error{ErrorCode::NotFound, {}};
    m_gate.read([&](storage::Transaction &tx) {
        const auto row = known(tx, call);
        answer = row ? Answer{ports::jsonAnswer(definitionJson(*row))} : Answer{row.error()};
    });
    return answer;
}

DefinitionRoutes::Answer DefinitionRoutes::create(ApiCall &call)
{
    DefinitionRow row;
    if (const auto status = readInto(call.body(), row); !status)
        return status.error();
    return m_gate.change(call, [&](sync::WriteContext &ctx) -> base::Result<base::Json> {
        DefinitionStore store{ctx.tx()};
        if (store.byKey(ctx.account(), row.model, row.key))
            return base::Error{ErrorCode::AlreadyExists, "attribute_key"};
        if (store.count(ctx.account()) >= mostDefinitions)
            return base::Error{ErrorCode::TooLarge, "custom_attribute_definitions"};
        row.account = ctx.account();
        row.createdAt = row.updatedAt = ctx.now();
        row.number = store.insert(row);
        return definitionJson(row);
    });
}

DefinitionRoutes::Answer DefinitionRoutes::change(ApiCall &call)
{
    return m_gate.change(call, [&](sync::WriteContext &ctx) -> base::Result<base::Json> {
        const auto before = known(ctx.tx(), call);
        if (!before)
            return before.error();
        auto row = *before;
        if (const auto status = readInto(call.body(), row); !status)
            return status.error();
        // Under another key the values that people entered would be lost to them.
        if (row.key != before->key)
            return invalid("attribute_key");
        if (row.model != before->model)
            return invalid("attribute_model");
        row.updatedAt = ctx.now();
        DefinitionStore{ctx.tx()}.update(row);
        return definitionJson(row);
    });
}

DefinitionRoutes::Answer DefinitionRoutes::remove(ApiCall &call)
{
    return m_gate.change(call, [&](sync::WriteContext &ctx) -> base::Result<base::Json> {
        const auto row = known(ctx.tx(), call);
        if (!row)
            return row.error();
        DefinitionStore{ctx.tx()}.remove(row->number);
        return base::Json{};
    });
}

} // namespace server::custom_attributes
