#include "tests/rest/schema_check.h"

#include "shared/base/json.h"

#include <regex>
#include <set>

namespace tests {

namespace {

using base::Json;
using Complaints = std::vector<std::string>;

class Checker {
public:
    explicit Checker(const Json &document) : m_document{document} {}

    Complaints check(const Json &schema, const Json &value, const std::string &at) const
    {
        if (schema.contains("$ref"))
            return check(resolve(schema["$ref"].get<std::string>()), value, at);
        Complaints all = unknownKeywords(schema, at);
        append(all, checkType(schema, value, at));
        append(all, checkCombined(schema, value, at));
        if (value.is_object())
            append(all, checkObject(schema, value, at));
        if (value.is_array() && schema.contains("items"))
            for (std::size_t i = 0; i < value.size(); ++i)
                append(all, check(schema["items"], value[i], at + "[" + std::to_string(i) + "]"));
        return all;
    }

private:
    static void append(Complaints &all, const Complaints &more)
    {
        all.insert(all.end(), more.begin(), more.end());
    }

    const Json &resolve(const std::string &ref) const
    {
        return m_document.at(Json::json_pointer{ref.substr(1)});
    }

    static Complaints unknownKeywords(const Json &schema, const std::string &at)
    {
        static const std::set<std::string> known{
            "type",     "enum",  "required", "properties", "items",       "additionalProperties",
            "allOf",    "oneOf", "anyOf",    "format",     "description", "example",
            "examples", "title", "default",  "nullable",   "readOnly",    "deprecated"};
        Complaints all;
        for (const auto &[key, ignored] : schema.items())
            if (!known.contains(key) && !key.starts_with("x-"))
                all.push_back(at + ": keyword " + key + " is not checked");
        return all;
    }

    static bool isOfType(const std::string &type, const Json &value)
    {
        if (type == "object")
            return value.is_object();
        if (type == "array")
            return value.is_array();
        if (type == "string")
            return value.is_string();
        if (type == "integer")
            return value.is_number_integer() ||
                   (value.is_number() &&
                    value.get<double>() == static_cast<double>(value.get<std::int64_t>()));
        if (type == "number")
            return value.is_number();
        if (type == "boolean")
            return value.is_boolean();
        return type == "null" && value.is_null();
    }

    static Complaints checkType(const Json &schema, const Json &value, const std::string &at)
    {
        Complaints all;
        if (schema.contains("type")) {
            const auto &type = schema["type"];
            bool fits = schema.value("nullable", false) && value.is_null();
            for (const auto &one : type.is_array() ? type : Json::array({type}))
                fits = fits || isOfType(one.get<std::string>(), value);
            if (!fits)
                all.push_back(at + ": " + value.dump() + " is not " + type.dump());
        }
        if (schema.contains("enum")) {
            bool fits = false;
            for (const auto &one : schema["enum"])
                fits = fits || one == value;
            if (!fits)
                all.push_back(at + ": " + value.dump() + " is not one of " + schema["enum"].dump());
        }
        static const std::regex dateTime{R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))"};
        if (schema.value("format", "") == "date-time" && value.is_string() &&
            !std::regex_match(value.get<std::string>(), dateTime))
            all.push_back(at + ": " + value.dump() + " is no date-time");
        return all;
    }

    Complaints checkCombined(const Json &schema, const Json &value, const std::string &at) const
    {
        Complaints all;
        for (const auto &part : schema.value("allOf", Json::array()))
            append(all, check(part, value, at));
        for (const auto *key : {"oneOf", "anyOf"}) {
            if (!schema.contains(key))
                continue;
            int fitting = 0;
            Complaints last;
            for (const auto &part : schema[key]) {
                last = check(part, value, at);
                fitting += last.empty() ? 1 : 0;
            }
            const bool fits = std::string{key} == "oneOf" ? fitting == 1 : fitting > 0;
            if (!fits)
                all.push_back(at + ": fits " + std::to_string(fitting) + " of " + key +
                              (last.empty() ? "" : ", last: " + last.front()));
        }
        return all;
    }

    Complaints checkObject(const Json &schema, const Json &value, const std::string &at) const
    {
        Complaints all;
        for (const auto &name : schema.value("required", Json::array()))
            if (!value.contains(name.get<std::string>()))
                all.push_back(at + ": lacks " + name.get<std::string>());
        const auto properties = schema.value("properties", Json::object());
        for (const auto &[key, item] : value.items()) {
            if (properties.contains(key))
                append(all, check(properties[key], item, at + "." + key));
            else if (schema.contains("additionalProperties") && schema["additionalProperties"].is_object())
                append(all, check(schema["additionalProperties"], item, at + "." + key));
            else if (schema.contains("additionalProperties") && schema["additionalProperties"] == false)
                all.push_back(at + ": " + key + " is not allowed");
        }
        return all;
    }

    const Json &m_document;
};

} // namespace

Complaints schemaComplaints(const Json &document, const Json &schema, const Json &value)
{
    return Checker{document}.check(schema, value, "$");
}

} // namespace tests
