#include "client/app/deskbellctl/commands.h"
#include "client/app/deskbellctl/on_desk.h"
#include "shared/base/json.h"
#include "shared/base/text.h"

#include <QEventLoop>

// What lies in the cache: finding in it, its size, whether it is what the server says.
namespace client::ctl {

namespace {

using base::Json;

constexpr std::int64_t megabyte = 1'000'000;

template <class T>
T waitFor(const std::function<void(std::function<void(const T &)>)> &ask)
{
    std::optional<T> answer;
    ask([&answer](const T &value) { answer = value; });
    QEventLoop loop;
    while (!answer)
        loop.processEvents(QEventLoop::WaitForMoreEvents);
    return *answer;
}

// The marks become what a terminal shows; everything else that controls one goes.
std::string forTerminal(const std::string &snippet)
{
    std::string text;
    for (const char c : snippet)
        if (c == storage::snippetOpen)
            text += '[';
        else if (c == storage::snippetClose)
            text += ']';
        else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f)
            text += c;
    return text;
}

Json useJson(const sync::StorageUse &use)
{
    return {{"cache_bytes", use.cacheBytes},
            {"file_bytes", use.fileBytes},
            {"conversations", use.conversations},
            {"with_messages", use.withMessages},
            {"unreadable", use.unreadable},
            {"differences", use.differences},
            {"audited_at", base::toMs(use.auditedAt)},
            {"keep",
             {{"days", use.policy.days},
              {"cache_bytes", use.policy.cacheBytes},
              {"file_bytes", use.policy.fileBytes}}}};
}

} // namespace

int audit(const Options &options, bool repair)
{
    if (options.offline) {
        complain("verify needs a connection");
        return Usage;
    }
    return onDesk(options, true, [&](ConnectedDesk &desk) -> int {
        using Result = base::Result<sync::AuditResult>;
        const auto result = waitFor<Result>([&](auto answer) {
            desk.client().audit(repair, std::chrono::seconds{options.timeoutSeconds}, answer);
        });
        if (!result) {
            complain(result.error().detail);
            return NotConnected;
        }
        const auto use = waitFor<sync::StorageUse>([&](auto answer) { desk.client().storageUse(answer); });
        if (options.json)
            print(Json{{"equal", result->differing.empty()},
                       {"differing", result->differing},
                       {"repaired", result->repaired},
                       {"unreadable", use.unreadable}});
        else if (result->differing.empty())
            print(std::string{"What is held equals the server."});
        else
            for (const auto &what : result->differing)
                print(what);
        if (!options.json && result->repaired > 0)
            print(std::to_string(result->repaired) + " read again");
        const bool fine = result->differing.empty() || result->repaired > 0;
        return fine ? Ok : Different;
    });
}

int storage(const Options &options, std::optional<int> days, std::optional<int> cacheMegabytes,
            std::optional<int> fileMegabytes)
{
    return onDesk(options, false, [&](ConnectedDesk &desk) -> int {
        auto use = waitFor<sync::StorageUse>([&](auto answer) { desk.client().storageUse(answer); });
        auto policy = use.policy;
        policy.days = days.value_or(policy.days);
        if (cacheMegabytes)
            policy.cacheBytes = *cacheMegabytes * megabyte;
        if (fileMegabytes)
            policy.fileBytes = *fileMegabytes * megabyte;
        if (policy != use.policy) {
            desk.client().setCachePolicy(policy);
            use = waitFor<sync::StorageUse>([&](auto answer) { desk.client().storageUse(answer); });
        }
        if (options.json) {
            print(useJson(use));
            return Ok;
        }
        print(std::to_string(use.cacheBytes / megabyte) + " MB of conversations (at most " +
              std::to_string(use.policy.cacheBytes / megabyte) + "), " +
              std::to_string(use.fileBytes / megabyte) + " MB of files (at most " +
              std::to_string(use.policy.fileBytes / megabyte) + ")");
        print(std::to_string(use.withMessages) + " of " + std::to_string(use.conversations) +
              " conversations can be read offline; resolved ones are kept " +
              (use.policy.days > 0 ? std::to_string(use.policy.days) + " days" : std::string{"for ever"}));
        return Ok;
    });
}

int search(const Options &options, const std::string &text, int limit)
{
    return onDesk(options, false, [&](ConnectedDesk &desk) -> int {
        auto rows = Json::array();
        for (const auto &hit : desk.reader().search(text, limit, desk.users().me())) {
            const auto view = desk.conversations().find(hit.conversation);
            if (!view)
                continue;
            if (!options.json) {
                print(conversationLine(desk, *view));
                if (!hit.snippet.empty())
                    print("    " + forTerminal(hit.snippet));
                continue;
            }
            auto json = conversationJson(desk, *view);
            json["snippet"] = forTerminal(hit.snippet);
            json["found_at"] = base::toMs(hit.at);
            if (hit.message)
                json["message"] = hit.message->text();
            rows.push_back(std::move(json));
        }
        if (options.json)
            print(rows);
        return Ok;
    });
}

} // namespace client::ctl
