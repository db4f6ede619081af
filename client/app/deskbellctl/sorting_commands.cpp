#include "client/app/deskbellctl/commands.h"
#include "client/app/deskbellctl/order.h"
#include "shared/base/json.h"

namespace client::ctl {

using base::Json;

int label(const Options &options, const std::string &conversation, const std::vector<std::string> &add,
          const std::vector<std::string> &remove)
{
    return change(options, conversation, [&](ConnectedDesk &desk, const auto &id, const auto &answer) {
        desk.actions().label(id, add, remove, answer);
        return true;
    });
}

int setTeam(const Options &options, const std::string &conversation, const std::string &team)
{
    return change(options, conversation, [&](ConnectedDesk &desk, const auto &id, const auto &answer) {
        std::optional<domain::TeamId> to;
        const auto number = numberIn(team);
        for (const auto &one : desk.teams().all())
            if (one.name == team || (number && one.number == *number))
                to = one.id;
        if (!to && team != "none") {
            complain("there is no team " + team);
            return false;
        }
        desk.actions().setTeam(id, to, answer);
        return true;
    });
}

int cannedResponses(const Options &options, const std::string &text)
{
    return onDesk(options, false, [&](ConnectedDesk &desk) -> int {
        auto rows = Json::array();
        for (const auto &response : desk.canned().find(QString::fromStdString(text), 10'000)) {
            if (options.json)
                rows.push_back({{"id", response.id.text()},
                                {"short_code", response.shortCode},
                                {"content", response.content}});
            else
                print("/" + response.shortCode + "  " + response.content);
        }
        if (options.json)
            print(rows);
        return Ok;
    });
}

int saveCannedResponse(const Options &options, const std::string &code, const std::string &content)
{
    return onDesk(options, false, [&](ConnectedDesk &desk) -> int {
        return giveOrder(options, desk, [&](ConnectedDesk &on, const auto &answer) {
            const auto *known = on.canned().byCode(QString::fromStdString(code));
            auto response = known ? *known : on.canned().fresh();
            response.shortCode = code;
            response.content = content;
            on.canned().save(response, answer);
            return true;
        });
    });
}

int removeCannedResponse(const Options &options, const std::string &code)
{
    return onDesk(options, false, [&](ConnectedDesk &desk) -> int {
        return giveOrder(options, desk, [&](ConnectedDesk &on, const auto &answer) {
            const auto *known = on.canned().byCode(QString::fromStdString(code));
            if (!known) {
                complain("there is no canned response " + code);
                return false;
            }
            on.canned().remove(known->id, answer);
            return true;
        });
    });
}

int macros(const Options &options)
{
    return onDesk(options, false, [&](ConnectedDesk &desk) -> int {
        auto rows = Json::array();
        for (const auto &macro : desk.macros().all()) {
            const auto effects = desk.macros().effects(macro).toStdString();
            if (options.json)
                rows.push_back({{"id", macro.id.text()},
                                {"name", macro.name},
                                {"shared", macro.isShared},
                                {"effects", effects}});
            else
                print(macro.name + "  " + effects);
        }
        if (options.json)
            print(rows);
        return Ok;
    });
}

int runMacro(const Options &options, const std::string &conversation, const std::string &name)
{
    return change(options, conversation, [&](ConnectedDesk &desk, const auto &id, const auto &answer) {
        for (const auto &macro : desk.macros().all())
            if (macro.name == name || macro.id.text() == name) {
                desk.macros().run(macro.id, id, answer);
                return true;
            }
        complain("there is no macro " + name);
        return false;
    });
}

} // namespace client::ctl
