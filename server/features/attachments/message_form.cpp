#include "server/features/attachments/message_form.h"

#include "server/ports/answers.h"
#include "shared/base/json.h"
#include "shared/base/text.h"
#include "shared/protocol/limits.h"

#include <array>

namespace server::attachments {

namespace {

using base::ErrorCode;

constexpr std::size_t maxJsonBytes = 1 << 20;

base::Result<std::string> wholeBody(const ports::HttpRequest &request)
{
    if (!request.stream)
        return request.body;
    std::string text;
    std::array<char, 16 * 1024> piece;
    while (const auto got = request.stream->read(piece.data(), piece.size())) {
        if (text.size() + got > maxJsonBytes)
            return base::Error{ErrorCode::TooLarge, "body"};
        text.append(piece.data(), got);
    }
    return text;
}

base::Result<MessageForm> readParts(const ports::Multipart &multipart, AttachmentService &service,
                                    const FormSender &sender, ports::HttpRequest &request)
{
    MessageForm form;
    form.fields = base::Json::object();
    ports::MultipartSink sink;
    sink.field = [&](const std::string &name, std::string value) -> base::Status {
        if (!base::isUtf8(value) || !base::isUtf8(name))
            return base::Error{ErrorCode::Invalid, "multipart"};
        form.fields[name] = std::move(value);
        return base::Done{};
    };
    sink.file = [&](const ports::MultipartPart &part, ports::BodyReader &bytes) -> base::Status {
        if (part.name != "attachments[]" && part.name != "attachments")
            return base::Done{};
        if (!sender.takesFiles)
            return base::Error{ErrorCode::Unsupported, "attachments"};
        if (form.uploads.size() == protocol::maxAttachments)
            return base::Error{ErrorCode::Invalid, "attachments"};
        const Upload upload{sender.account, sender.actor, sender.newId(), part.fileName};
        const auto received = service.receive(upload, bytes);
        if (!received)
            return received.error();
        form.uploads.push_back(received->attachment.file.id);
        return base::Done{};
    };
    const auto outcome =
        multipart.read(request.headers.get("Content-Type"), *request.stream, sink, ports::MultipartLimits{});
    if (!outcome)
        return outcome.error();
    return form;
}

} // namespace

base::Result<MessageForm> readMessageForm(const ports::Multipart &multipart, AttachmentService &service,
                                          const FormSender &sender, ports::HttpRequest &request)
{
    if (request.stream && base::lowered(request.headers.get("Content-Type")).starts_with("multipart/"))
        return readParts(multipart, service, sender, request);
    const auto text = wholeBody(request);
    if (!text)
        return text.error();
    auto json = text->empty() ? base::Json::object() : base::parseJson(*text);
    if (!json || !json->is_object())
        return base::Error{ErrorCode::Protocol, "body"};
    return MessageForm{std::move(*json), {}};
}

ports::HttpResponse formRefusal(const base::Error &error)
{
    if (error.code == ErrorCode::Protocol)
        return ports::refusal(400, "invalid", "The body is not a JSON object this server can read");
    if (error.code == ErrorCode::Unsupported)
        return ports::refusal(415, "type_refused", "Files of this type are not accepted");
    return ports::refusal(error);
}

} // namespace server::attachments
