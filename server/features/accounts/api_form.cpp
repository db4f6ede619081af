#include "server/features/accounts/api_form.h"

#include "server/features/accounts/api_gate.h"
#include "server/ports/answers.h"
#include "shared/base/json.h"
#include "shared/base/text.h"

#include <array>
#include <string_view>
#include <vector>

namespace server::accounts {

namespace {

using base::ErrorCode;

constexpr std::size_t maxFieldBytes = 1 << 20;
constexpr std::size_t deepest = 3;

base::Result<std::string> whole(ports::BodyReader &body, std::size_t most, const char *what)
{
    std::string text;
    std::array<char, 16 * 1024> piece;
    while (const auto got = body.read(piece.data(), piece.size())) {
        if (text.size() + got > most)
            return base::Error{ErrorCode::TooLarge, what};
        text.append(piece.data(), got);
    }
    return text;
}

// "a[b][]" is {"a", "b", ""}.
std::vector<std::string> keysOf(std::string_view name)
{
    const auto first = name.find('[');
    std::vector<std::string> keys{std::string{name.substr(0, first)}};
    while (first != std::string_view::npos && keys.size() <= deepest) {
        const auto open = name.find('[');
        const auto close = name.find(']');
        if (open == std::string_view::npos || close == std::string_view::npos || close < open)
            break;
        keys.emplace_back(name.substr(open + 1, close - open - 1));
        name.remove_prefix(close + 1);
    }
    return keys;
}

void put(base::Json &fields, std::string_view name, std::string value)
{
    const auto keys = keysOf(name);
    auto *place = &fields;
    for (std::size_t i = 0; i + 1 < keys.size() && !keys[i + 1].empty(); ++i) {
        place = &(*place)[keys[i]];
        if (!place->is_object())
            *place = base::Json::object();
    }
    const bool isList = keys.size() > 1 && keys.back().empty();
    const auto &last = isList ? keys[keys.size() - 2] : keys.back();
    if (!isList) {
        (*place)[last] = std::move(value);
        return;
    }
    auto &list = (*place)[last];
    if (!list.is_array())
        list = base::Json::array();
    if (!value.empty()) // how a form says that the list is there, and empty
        list.push_back(std::move(value));
}

base::Result<ApiForm> readParts(const ports::Multipart &multipart, ports::HttpRequest &request,
                                const std::string &file, std::size_t mostBytes)
{
    ApiForm form{std::make_shared<base::Json>(base::Json::object()), std::nullopt};
    ports::MultipartSink sink;
    sink.field = [&](const std::string &name, std::string value) -> base::Status {
        if (!base::isUtf8(name) || !base::isUtf8(value))
            return base::Error{ErrorCode::Protocol, "body"};
        if (name != file)
            put(*form.fields, name, std::move(value));
        return base::Done{};
    };
    sink.file = [&](const ports::MultipartPart &part, ports::BodyReader &bytes) -> base::Status {
        if (part.name != file)
            return base::Done{};
        auto content = whole(bytes, mostBytes, file.c_str());
        if (!content)
            return content.error();
        form.file = std::move(*content);
        return base::Done{};
    };
    const auto outcome =
        multipart.read(request.headers.get("Content-Type"), *request.stream, sink, ports::MultipartLimits{});
    if (!outcome)
        return outcome.error().code == ErrorCode::Invalid ? base::Error{ErrorCode::Protocol, "body"}
                                                          : outcome.error();
    return form;
}

} // namespace

base::Result<ApiForm> readApiForm(const ports::Multipart &multipart, ports::HttpRequest &request,
                                  const std::string &file, std::size_t mostBytes)
{
    const auto type = base::lowered(request.headers.get("Content-Type"));
    if (request.stream && type.starts_with("multipart/"))
        return readParts(multipart, request, file, mostBytes);
    const auto text = request.stream ? whole(*request.stream, maxFieldBytes, "body")
                                     : base::Result<std::string>{request.body};
    if (!text)
        return text.error();
    if (type.starts_with("application/x-www-form-urlencoded")) {
        ApiForm form{std::make_shared<base::Json>(base::Json::object()), std::nullopt};
        const auto flat = formBody(*text);
        for (const auto &[name, value] : flat.items())
            put(*form.fields, name, value.get<std::string>());
        return form;
    }
    auto json = text->empty() ? base::Json::object() : base::parseJson(*text);
    if (!json || !json->is_object())
        return base::Error{ErrorCode::Protocol, "body"};
    return ApiForm{std::make_shared<base::Json>(std::move(*json)), std::nullopt};
}

ports::HttpResponse apiFormRefusal(const base::Error &error)
{
    if (error.code == ErrorCode::Protocol)
        return ports::refusal(400, "invalid", "The body is not a JSON object this server can read");
    return ports::refusal(error);
}

} // namespace server::accounts
