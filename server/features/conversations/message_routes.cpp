#include "server/features/conversations/message_routes.h"

#include "server/features/accounts/api_fields.h"
#include "server/features/attachments/message_form.h"
#include "server/features/conversations/removal_service.h"
#include "server/features/conversations/reply_window.h"
#include "server/ports/answers.h"
#include "shared/base/json.h"

#include <algorithm>
#include <array>

namespace server::conversations {

namespace {

using accounts::ApiCall;
using accounts::ApiFields;
using base::ErrorCode;

constexpr std::size_t newestPage = 20;
constexpr std::size_t afterPage = 100;

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
        router, "POST", path, [this](ApiCall &call) { return create(call); }, attachments::maxFormBytes);
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
    const auto form = attachments::readMessageForm(
        m_doors.multipart, m_doors.attachments,
        {call.account, call.actor, [this] { return m_doors.gate.newId(); }}, call.request);
    if (!form)
        return attachments::formRefusal(form.error());
    auto message = messageOf(form->fields);
    if (!message)
        return message.error();
    message->uploads = form->uploads;
    base::Json json;
    const bool isReply = message->kind == domain::MessageKind::Public &&
                         message->direction == domain::MessageDirection::Outgoing;
    const auto status = m_doors.gate.write(call, [&](sync::WriteContext &ctx) -> base::Status {
        if (isReply)
            if (const auto open = checkReplyWindow(ctx.tx(), *seen, ctx.now()); !open)
                return open;
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

} // namespace server::conversations
