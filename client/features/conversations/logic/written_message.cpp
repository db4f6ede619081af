#include "client/features/conversations/logic/written_message.h"

#include "shared/base/json.h"

namespace client::conversations {

std::optional<protocol::CreateMessage> writtenIn(const storage::Intent &intent)
{
    const auto args = base::parseJson(intent.args);
    if (intent.op != protocol::CreateMessage::name || !args)
        return std::nullopt;
    auto request = protocol::messageFromJson<protocol::CreateMessage>(*args);
    return request ? std::optional{*std::move(request)} : std::nullopt;
}

std::optional<base::Uuid> decidedMessage(const storage::Intent &intent)
{
    const auto args = base::parseJson(intent.args);
    return args ? base::uuidField(*args, "message") : std::nullopt;
}

} // namespace client::conversations
