#include "server/sync/session_frames.h"

#include "shared/base/json.h"
#include "shared/protocol/limits.h"

namespace server::sync::frames {

namespace {

using base::Json;

constexpr std::size_t maxFocused = 5;
constexpr std::size_t maxUndecided = 10'000;
constexpr std::size_t maxToken = 4096;

base::Error malformed(std::string what)
{
    return {base::ErrorCode::Protocol, "hello: " + std::move(what)};
}

protocol::Codec codecFrom(const Json &list, std::string_view dictionary)
{
    std::vector<int> offered;
    if (list.is_array())
        for (const auto &codec : list)
            if (codec.is_number_integer() && codec >= 0 && codec <= 255)
                offered.push_back(codec.get<int>());
    return protocol::choose(offered, dictionary);
}

int boundOf(const Json &range, std::size_t at)
{
    const bool given = range.is_array() && range.size() == 2 && range[at].is_number_integer();
    const auto value = given ? range[at].get<std::int64_t>() : 1;
    return value < 0 || value > 1000 ? 1000 : static_cast<int>(value);
}

} // namespace

base::Result<Hello> readHello(const Json &frame)
{
    Hello hello;
    const auto device = base::uuidField(frame, "device");
    const auto token = base::textField(frame, "token");
    if (!device)
        return malformed("device");
    if (!token || token->size() > maxToken)
        return malformed("token");
    hello.device = *device;
    hello.token = *token;
    hello.protoMin = boundOf(base::member(frame, "proto"), 0);
    hello.protoMax = boundOf(base::member(frame, "proto"), 1);
    hello.app = base::textField(frame, "app").value_or("").substr(0, 100);
    hello.codec = codecFrom(base::member(frame, "codecs"), base::textField(frame, "dict").value_or(""));
    hello.cursor = {base::integerField(frame, "epoch").value_or(0),
                    base::integerField(frame, "q").value_or(0)};
    if (hello.cursor.q < 0)
        return malformed("q");
    if (const auto &list = base::member(frame, "undecided"); list.is_array())
        for (const auto &n : list)
            if (n.is_number_integer() && hello.undecided.size() < maxUndecided)
                hello.undecided.push_back(n.get<std::int64_t>());
    return hello;
}

std::string welcome(const Welcome &fields)
{
    Json frame{{"k", "welcome"},
               {"proto", protocol::version},
               {"shape", protocol::rowShape},
               {"cid", fields.connection},
               {"now", base::toMs(fields.now)},
               {"epoch", fields.epoch},
               {"q", fields.q},
               {"head", fields.head},
               {"left", fields.left},
               {"codec", static_cast<int>(fields.codec)},
               {"spread_ms", fields.spreadMs}};
    if (protocol::needsDictionary(fields.codec))
        frame["dict"] = protocol::dictionaryName();
    return base::toText(frame);
}

std::string reset(const Head &head, ResetReason reason)
{
    return base::toText({{"k", "reset"},
                         {"epoch", head.epoch},
                         {"q", head.head},
                         {"rev0", forgetsRevisions(reason)},
                         {"why", toText(reason)}});
}

std::string scopes(std::int64_t at, const std::vector<std::string> &list)
{
    return base::toText({{"k", "scopes"}, {"at", at}, {"list", list}});
}

std::string delta(std::int64_t from, const Page &page)
{
    return R"({"k":"d","from":)" + std::to_string(from) + R"(,"to":)" + std::to_string(page.to) +
           R"(,"more":)" + (page.more ? "true" : "false") + R"(,"left":)" + std::to_string(page.left) +
           R"(,"ch":[)" + page.changes + "]}";
}

std::string receipts(const std::vector<protocol::Receipt> &list)
{
    auto items = Json::array();
    for (const auto &receipt : list)
        items.push_back(protocol::toJson(receipt));
    return base::toText({{"k", "res"}, {"r", items}});
}

std::string ephemeral(const EphemeralEvent &event)
{
    Json frame{{"k", "e"}};
    frame[event.byUser ? "user" : "contact"] = event.who.text();
    switch (event.kind) {
    case EphemeralEvent::Kind::Composing:
        frame["t"] = "composing";
        frame["conv"] = event.conversation.text();
        frame["on"] = event.on;
        frame["private"] = event.isPrivate;
        break;
    case EphemeralEvent::Kind::Viewing:
        frame["t"] = "viewing";
        frame["conv"] = event.conversation.text();
        frame["on"] = event.on;
        break;
    case EphemeralEvent::Kind::UserPresence:
    case EphemeralEvent::Kind::ContactPresence:
        frame["t"] = "presence";
        frame["st"] = event.on ? "online" : "offline";
        break;
    case EphemeralEvent::Kind::Arrival:
        break;
    }
    return base::toText(frame);
}

std::string authSoon(std::int64_t seconds)
{
    return base::toText({{"k", "auth_soon"}, {"s", seconds}});
}

std::string pong(const Json &x)
{
    return base::toText({{"k", "pong"}, {"x", x.is_number_integer() ? x : Json{}}});
}

std::string error(std::string_view code, std::string_view message)
{
    return base::toText({{"k", "err"}, {"code", code}, {"msg", message}, {"fatal", true}});
}

std::string bye(std::string_view reason, base::Duration after, std::int64_t spreadMs)
{
    return base::toText(
        {{"k", "bye"}, {"reason", reason}, {"after_ms", after.count()}, {"spread_ms", spreadMs}});
}

std::vector<base::Uuid> readFocus(const Json &frame)
{
    std::vector<base::Uuid> conversations;
    if (const auto &list = base::member(frame, "convs"); list.is_array())
        for (const auto &item : list)
            if (const auto id =
                    item.is_string() ? base::Uuid::parse(item.get_ref<const std::string &>()) : std::nullopt;
                id && conversations.size() < maxFocused)
                conversations.push_back(*id);
    return conversations;
}

} // namespace server::sync::frames
