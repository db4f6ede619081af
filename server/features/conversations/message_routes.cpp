#include "server/features/conversations/message_routes.h"

#include "server/features/accounts/api_fields.h"
#include "server/features/conversations/removal_service.h"
#include "server/ports/answers.h"
#include "shared/base/json.h"
#include "shared/base/text.h"
#include "shared/protocol/limits.h"

#include <algorithm>
#include <array>

namespace server::conversations {

namespace {

using accounts::ApiCall;
using accounts::ApiFields;
using base::ErrorCode;

constexpr std::size_t newestPage = 20;
constexpr std::size_t afterPage = 100;
constexpr std::size_t maxJsonBytes = 1 << 20;
constexpr std::int64_t maxMultipartBytes = 128LL << 20;

base::Result<std::string> wholeBody(ports::BodyReader &body)
{
    std::string text;
    std::array<char, 16 * 1024> piece;
    while (const auto got = body.read(piece.data(), piece.size())) {
        if (text.size() + got > maxJsonBytes)
            return base::Error{ErrorCode::TooLarge, "body"};
        text.append(piece.data(), got);
    }
    return text;
}

base::Result<MessageRange> rangeOf(const ApiCall &call)
{
    MessageRange range;
    for (const auto *name : {"before", "after"}) {
        const auto text = call.request.queryValue(name);
        const auto number = call.queryNumber(name, -1);
        if (!text.empty() && number < 0)
            return base::Error{ErrorCode::Invalid, name};
        if (!text.empty())
            (std::string_view{name} == "before" ? range.before : range.after) = number;
    }
    range.limit = range.after ? afterPage : newestPage;
    return range;
}

base::Result<NewMessage> messageOf(const base::Json &body)
{
    ApiFields fields{body};
    NewMessage message;
    message.body = fields.text("content").value_or("");
    message.echoId = fields.text("echo_id").value_or("");
    message.contentType = fields.text("content_type").value_or("text");
    message.contentAttributes = fields.objectText("content_attributes").value_or("{}");
    if (fields.flag("private").value_or(false))
        message.kind = domain::MessageKind::Note;
    const auto direction = fields.text("message_type").value_or("outgoing");
    if (const auto status = fields.status(); !status)
        return status.error();
    // A website visitor's words come from the visitor alone.
    if (direction == "incoming")
        return base::Error{ErrorCode::Forbidden, "message_type"};
    static constexpr std::array<std::string_view, 6> types{"text",         "input_email", "cards",
                                                           "input_select", "form",        "article"};
    if (direction != "outgoing")
        return base::Error{ErrorCode::Invalid, "message_type"};
    if (std::find(types.begin(), types.end(), message.contentType) == types.end())
        return base::Error{ErrorCode::Invalid, "content_type"};
    if (message.echoId.size() > 100)
        return base::Error{ErrorCode::Invalid, "echo_id"};
    return message;
}

} // namespace

void MessageRoutes::add(ports::Router &router)
{
    const std::string path = "/conversations/{conversation_id}/messages";
    m_doors.gate.inAccount(router, "GET", path, [this](ApiCall &call) { return list(call); });
    m_doors.gate.inAccountStreamed(
        router, "POST", path, [this](ApiCall &call) { return create(call); }, maxMultipartBytes);
    m_doors.gate.inAccount(router, "DELETE", path + "/{message_id}",
                           [this](ApiCall &call) { return erase(call); });
}

MessageRoutes::Answer MessageRoutes::erase(ApiCall &call)
{
    const auto message = call.number("message_id");
    RemovedFiles files;
    const auto status = m_doors.gate.write(call, [&](sync::WriteContext &ctx) -> base::Status {
        const auto row = ConversationDoors::find(ctx.tx(), call);
        if (!row || !message)
            return row ? base::Error{ErrorCode::NotFound, "message"} : row.error();
        auto erased = RemovalService::eraseMessage(ctx, row->conversation.id.value, *message);
        if (!erased)
            return erased.error();
        files = std::move(*erased);
        return base::Done{};
    });
    if (!status)
        return status.error();
    m_doors.attachments.removeFiles(files);
    return ports::HttpResponse{};
}

MessageRoutes::Answer MessageRoutes::list(ApiCall &call)
{
    const auto range = rangeOf(call);
    if (!range)
        return range.error();
    Answer answer = base::Error{ErrorCode::NotFound, {}};
    m_doors.gate.read([&](storage::Transaction &tx) {
        const auto row = ConversationDoors::find(tx, call);
        if (!row) {
            answer = row.error();
            return;
        }
        auto presenter = m_doors.presenter(tx, call);
        auto payload = base::Json::array();
        for (const auto &message : MessageStore{tx}.range(row->number, *range))
            payload.push_back(presenter.message(message, *row));
        answer = ports::jsonAnswer({{"meta", presenter.messagesMeta(*row)}, {"payload", std::move(payload)}});
    });
    return answer;
}

MessageRoutes::Answer MessageRoutes::create(ApiCall &call)
{
    base::Result<ConversationRow> seen = base::Error{ErrorCode::NotFound, {}};
    m_doors.gate.read([&](storage::Transaction &tx) { seen = ConversationDoors::find(tx, call); });
    if (!seen)
        return seen.error();
    std::vector<domain::AttachmentId> uploads;
    const auto body = readRequest(call, uploads);
    if (!body && body.error().code == ErrorCode::Protocol)
        return ports::refusal(400, "invalid", "The body is not a JSON object this server can read");
    if (!body)
        return body.error();
    auto message = messageOf(*body);
    if (!message)
        return message.error();
    message->uploads = uploads;
    base::Json json;
    const auto status = m_doors.gate.write(call, [&](sync::WriteContext &ctx) -> base::Status {
        const auto posted = m_doors.conversations.post(ctx, seen->conversation.id.value, *message);
        if (!posted)
            return posted.error();
        json = m_doors.presenter(ctx.tx(), call).message(posted->message, posted->conversation);
        return base::Done{};
    });
    if (!status)
        return status.error();
    return ports::jsonAnswer(json);
}

base::Result<base::Json> MessageRoutes::readRequest(ApiCall &call, std::vector<domain::AttachmentId> &uploads)
{
    if (!call.request.stream)
        return call.body();
    if (base::lowered(call.request.headers.get("Content-Type")).starts_with("multipart/"))
        return readParts(call, uploads);
    const auto text = wholeBody(*call.request.stream);
    if (!text)
        return text.error();
    auto json = text->empty() ? base::Json::object() : base::parseJson(*text);
    if (!json || !json->is_object())
        return base::Error{ErrorCode::Protocol, "body"};
    return json;
}

base::Result<base::Json> MessageRoutes::readParts(ApiCall &call, std::vector<domain::AttachmentId> &uploads)
{
    auto fields = base::Json::object();
    ports::MultipartSink sink;
    sink.field = [&](const std::string &name, std::string value) -> base::Status {
        if (!base::isUtf8(value) || !base::isUtf8(name))
            return base::Error{ErrorCode::Invalid, "multipart"};
        fields[name] = std::move(value);
        return base::Done{};
    };
    sink.file = [&](const ports::MultipartPart &part, ports::BodyReader &bytes) -> base::Status {
        if (part.name != "attachments[]" && part.name != "attachments")
            return base::Done{};
        if (uploads.size() == protocol::maxAttachments)
            return base::Error{ErrorCode::Invalid, "attachments"};
        const attachments::Upload upload{call.account, call.actor, m_doors.gate.newId(), part.fileName};
        const auto received = m_doors.attachments.receive(upload, bytes);
        if (!received)
            return received.error();
        uploads.push_back(received->attachment.file.id);
        return base::Done{};
    };
    const auto outcome =
        m_doors.multipart.read(call.request.headers.get("Content-Type"), *call.request.stream, sink, {});
    if (!outcome)
        return outcome.error();
    return fields;
}

} // namespace server::conversations
