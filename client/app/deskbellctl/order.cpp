#include "client/app/deskbellctl/order.h"

#include "shared/base/json.h"
#include "shared/base/text.h"

namespace client::ctl {

using base::Json;

std::optional<std::int64_t> numberIn(std::string_view text)
{
    if (!text.empty() && text.front() == '#')
        text.remove_prefix(1);
    return base::wholeNumber(text);
}

std::optional<domain::ConversationId> conversationIn(ConnectedDesk &desk, const std::string &text)
{
    std::optional<domain::ConversationId> id;
    if (const auto uuid = base::Uuid::parse(text))
        id = domain::ConversationId{*uuid};
    else if (const auto number = numberIn(text))
        id = desk.conversations().byNumber(*number);
    if (id && desk.conversations().find(*id))
        return id;
    complain("there is no conversation " + text);
    return std::nullopt;
}

// Waits for what the server says to an order that was just given.
int outcome(const Options &options, ConnectedDesk &desk, const base::Uuid &mid, const base::Status &stored)
{
    if (!stored) {
        complain(conversations::ConversationActions::explain(stored.error().code).toStdString());
        return Different;
    }
    const bool answered = !options.offline && desk.waitForVerdict(mid);
    const auto left = desk.reader().intent(mid);
    std::string state = left ? "queued" : "sent";
    std::string code;
    if (left && needsAuthor(*left)) {
        state = left->state == storage::IntentState::Held ? "held" : "refused";
        code = base::toText(left->code);
        complain(conversations::ConversationActions::explain(left->code).toStdString());
    }
    if (options.json) {
        Json json{{"id", mid.text()}, {"state", state}};
        if (!code.empty())
            json["code"] = code;
        print(json);
    } else if (code.empty()) {
        print(state);
    }
    if (!code.empty())
        return Different;
    return answered || options.offline ? Ok : NotConnected;
}

} // namespace client::ctl
