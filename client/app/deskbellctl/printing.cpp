#include "client/app/deskbellctl/printing.h"

#include "shared/base/json.h"
#include "shared/base/text.h"

#include <QDateTime>

#include <cstdio>

namespace client::ctl {

namespace {

using base::Json;

std::string timeText(base::Timestamp at)
{
    return QDateTime::fromMSecsSinceEpoch(base::toMs(at))
        .toString(QStringLiteral("yyyy-MM-dd HH:mm"))
        .toStdString();
}

std::string authorOf(ConnectedDesk &desk, const domain::Message &message)
{
    if (message.author.contact)
        return desk.contacts().nameOf(*message.author.contact).toStdString();
    if (message.author.user)
        return desk.users().nameOf(*message.author.user).toStdString();
    return "Deskbell";
}

} // namespace

Json conversationJson(ConnectedDesk &desk, const storage::ConversationView &view)
{
    const auto &conversation = view.conversation;
    Json json{{"id", conversation.id.text()},
              {"num", conversation.number},
              {"status", domain::toText(conversation.status)},
              {"priority", domain::toText(conversation.priority)},
              {"inbox", desk.inboxes().nameOf(conversation.inbox).toStdString()},
              {"contact", desk.contacts().nameOf(conversation.contact).toStdString()},
              {"last_n", conversation.lastN},
              {"unread", view.unread},
              {"preview", conversation.preview},
              {"last_at", base::toMs(conversation.lastActivityAt)},
              {"pending", view.pending}};
    if (conversation.assignee)
        json["assignee"] = desk.users().nameOf(*conversation.assignee).toStdString();
    if (conversation.team)
        json["team"] = desk.teams().nameOf(*conversation.team).toStdString();
    if (!conversation.labels.empty())
        json["labels"] = conversation.labels;
    if (conversation.snoozedUntil)
        json["snoozed_until"] = base::toMs(*conversation.snoozedUntil);
    return json;
}

Json messageJson(ConnectedDesk &desk, const storage::MessageView &view)
{
    const auto &message = view.message;
    Json json{{"id", message.id.text()},
              {"n", message.n},
              {"kind", domain::toText(message.kind)},
              {"dir", domain::toText(message.direction)},
              {"author", authorOf(desk, message)},
              {"body", message.body},
              {"at", base::toMs(message.at)},
              {"pending", view.pending}};
    if (!view.delivery.empty())
        json["delivery"] = view.delivery;
    auto files = Json::array();
    for (const auto &attachment : message.attachments)
        files.push_back({{"id", attachment.id.text()}, {"name", attachment.name}, {"size", attachment.size}});
    if (!files.empty())
        json["attachments"] = std::move(files);
    return json;
}

std::string conversationLine(ConnectedDesk &desk, const storage::ConversationView &view)
{
    const auto &conversation = view.conversation;
    const auto assignee =
        conversation.assignee ? desk.users().nameOf(*conversation.assignee).toStdString() : "-";
    std::string line = "#" + std::to_string(conversation.number) + "  ";
    line += std::string{domain::toText(conversation.status)} + "  " + assignee + "  ";
    line += desk.contacts().nameOf(conversation.contact).toStdString();
    if (view.unread > 0)
        line += " (" + std::to_string(view.unread) + ")";
    line += "  " + conversation.preview;
    return view.pending ? line + "  [not sent yet]" : line;
}

std::string messageLine(ConnectedDesk &desk, const storage::MessageView &view)
{
    const auto &message = view.message;
    std::string line = timeText(message.at) + "  " + authorOf(desk, message);
    if (message.kind == domain::MessageKind::Note)
        line += " (note)";
    line += ": " + message.body;
    for (const auto &attachment : message.attachments)
        line += " [" + attachment.name + "]";
    return view.pending ? line + "  [not sent yet]" : line;
}

void print(const std::string &line)
{
    const auto clean = base::cleaned(line);
    std::fwrite(clean.data(), 1, clean.size(), stdout);
    std::fputc('\n', stdout);
    std::fflush(stdout);
}

void print(const Json &json)
{
    const auto text = base::toText(json);
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fputc('\n', stdout);
    std::fflush(stdout);
}

void complain(const std::string &sentence)
{
    std::fprintf(stderr, "deskbellctl: %s\n", base::cleaned(sentence).c_str());
}

} // namespace client::ctl
