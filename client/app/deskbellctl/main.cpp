#include "client/app/deskbellctl/commands.h"
#include "client/platform/profile.h"

#include <QCoreApplication>

#include <CLI/CLI.hpp>
#include <optional>

namespace ctl = client::ctl;

int main(int argc, char **argv)
{
    QCoreApplication application{argc, argv};
    QCoreApplication::setApplicationName(QStringLiteral("deskbellctl"));
    QCoreApplication::setApplicationVersion(QStringLiteral(DESKBELL_VERSION));

    CLI::App app{"Deskbell on the command line: the desktop app's sync core without its windows."};
    app.set_version_flag("--version", DESKBELL_VERSION);
    app.require_subcommand(1);
    app.fallthrough();
    std::string profile = client::platform::Profile::standardDirectory().toStdString();
    ctl::Options options;
    app.add_option("--profile", profile, "directory of the profile")->envname("DESKBELL_PROFILE");
    app.add_flag("--json", options.json, "print JSON");
    app.add_flag("--offline", options.offline, "do not connect; changes wait for the next sync");
    app.add_option("--timeout", options.timeoutSeconds, "seconds to wait for the server")
        ->check(CLI::Range(1, 86400));
    bool noKeychain = false;
    app.add_flag("--no-keychain", noKeychain, "keep the sign-in in a file of the profile");

    std::string server, email, conversation, text, agent, status, owner = "all", filter = "open";
    auto *login = app.add_subcommand("login", "sign in; the password is read from standard input");
    login->add_option("--server", server, "address of the server")->required();
    login->add_option("--email", email)->required();
    auto *sync = app.add_subcommand("sync", "send what is queued and fetch what is new");
    auto *list = app.add_subcommand("list", "list conversations");
    list->add_option("--owner", owner)->check(CLI::IsMember({"mine", "unassigned", "all"}));
    list->add_option("--status", filter)
        ->check(CLI::IsMember({"open", "pending", "snoozed", "resolved", "any"}));
    const auto withConversation = [&](const char *name, const char *help) {
        auto *command = app.add_subcommand(name, help);
        command->add_option("ID", conversation, "number of the conversation")->required();
        return command;
    };
    auto *show = withConversation("show", "show a conversation");
    auto *reply = withConversation("reply", "answer the customer");
    reply->add_option("TEXT", text)->required();
    std::vector<std::string> files;
    reply->add_option("--attach", files, "a file to send with it; may come several times");
    auto *note = withConversation("note", "add a private note");
    note->add_option("TEXT", text)->required();
    note->add_option("--attach", files, "a file to keep with it; may come several times");
    auto *assign = withConversation("assign", "give a conversation to an agent");
    assign->add_option("USER", agent, "number or e-mail of an agent, me, or none")->required();
    auto *setStatus =
        withConversation("status", "open, resolve, set pending, or snooze until the next reply");
    setStatus->add_option("STATUS", status)
        ->required()
        ->check(CLI::IsMember({"open", "resolved", "pending", "snoozed"}));
    auto *label = withConversation("label", "add and remove labels");
    std::vector<std::string> add, remove;
    label->add_option("--add,-a", add, "a title; may be given several times");
    label->add_option("--remove,-r", remove, "a title; may be given several times");
    auto *team = withConversation("team", "give a conversation to a team");
    team->add_option("TEAM", agent, "number or name of a team, or none")->required();
    auto *canned = app.add_subcommand("canned", "list, save and delete canned responses");
    canned->require_subcommand(1);
    std::string code;
    auto *cannedList = canned->add_subcommand("list", "those that hold a text, or all");
    cannedList->add_option("TEXT", text);
    auto *cannedSave = canned->add_subcommand("save", "make one, or replace the one with that code");
    cannedSave->add_option("CODE", code)->required();
    cannedSave->add_option("TEXT", text)->required();
    auto *cannedDelete = canned->add_subcommand("delete", "delete one");
    cannedDelete->add_option("CODE", code)->required();
    auto *macro = app.add_subcommand("macro", "list and run macros");
    macro->require_subcommand(1);
    std::string macroName;
    auto *macroList = macro->add_subcommand("list", "those that you may run, with what they do");
    auto *macroRun = macro->add_subcommand("run", "run one on a conversation: all of it, or nothing");
    macroRun->add_option("CONVERSATION", conversation, "number or id")->required();
    macroRun->add_option("NAME", macroName, "name or id of the macro")->required();
    auto *watch = app.add_subcommand("watch", "print messages as they come, until interrupted");
    auto *problems = app.add_subcommand("problems", "list what was refused or is held back");
    std::string mid, action;
    auto *problem = app.add_subcommand("problem", "decide about one of them");
    problem->add_option("ID", mid, "id that problems tells, or its beginning")->required();
    problem
        ->add_option("ACTION", action,
                     "one of the actions that problems tells: send-anyway, note, discard, …")
        ->required();
    auto *verify = app.add_subcommand("verify", "compare the whole cache with the server");

    bool held = false, repair = false;
    verify->add_flag("--held", held, "only what is held; nothing is fetched for it");
    verify->add_flag("--repair", repair, "the same, and read again what differs");
    std::string words;
    int limit = 20;
    auto *search =
        app.add_subcommand("search", "find in what is on this computer: words, \"a phrase\", -word, "
                                     "from: to: in: label: status: assignee: before: after: has:attachment");
    search->add_option("TEXT", words)->required();
    search->add_option("--limit", limit)->check(CLI::Range(1, 1000));
    std::optional<int> days, cacheMegabytes, fileMegabytes;
    auto *storage = app.add_subcommand("storage", "show or set what is kept on this computer");
    storage->add_option("--days", days, "resolved conversations quiet for longer keep no messages; 0: all do")
        ->check(CLI::Range(0, 36500));
    storage->add_option("--cache-mb", cacheMegabytes, "most of conversations")->check(CLI::Range(10, 100000));
    storage->add_option("--files-mb", fileMegabytes, "most of attachments")->check(CLI::Range(0, 1000000));

    auto *devices = app.add_subcommand("devices", "list your signed-in devices");
    auto *revoke = app.add_subcommand("revoke", "sign another device out; it wipes what it holds");
    std::string device;
    revoke->add_option("DEVICE", device, "id of a device, its beginning, or others")->required();

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        return app.exit(error) == 0 ? ctl::Ok : ctl::Usage;
    }
    options.profile = QString::fromStdString(profile);
    options.useKeychain = !noKeychain;
    if (login->parsed())
        return ctl::login(options, server, email);
    if (sync->parsed())
        return ctl::sync(options);
    if (list->parsed())
        return ctl::list(options, owner, filter);
    if (show->parsed())
        return ctl::show(options, conversation);
    if (reply->parsed() || note->parsed())
        return ctl::write(options, conversation, text, files, note->parsed());
    if (assign->parsed())
        return ctl::assign(options, conversation, agent);
    if (setStatus->parsed())
        return ctl::setStatus(options, conversation, status);
    if (label->parsed())
        return ctl::label(options, conversation, add, remove);
    if (team->parsed())
        return ctl::setTeam(options, conversation, agent);
    if (cannedList->parsed())
        return ctl::cannedResponses(options, text);
    if (cannedSave->parsed())
        return ctl::saveCannedResponse(options, code, text);
    if (macroList->parsed())
        return ctl::macros(options);
    if (macroRun->parsed())
        return ctl::runMacro(options, conversation, macroName);
    if (cannedDelete->parsed())
        return ctl::removeCannedResponse(options, code);
    if (devices->parsed())
        return ctl::devices(options);
    if (revoke->parsed())
        return ctl::revoke(options, device);
    if (watch->parsed())
        return ctl::watch(options);
    if (problems->parsed())
        return ctl::problems(options);
    if (problem->parsed())
        return ctl::resolveProblem(options, mid, action);
    if (search->parsed())
        return ctl::search(options, words, limit);
    if (storage->parsed())
        return ctl::storage(options, days, cacheMegabytes, fileMegabytes);
    if (verify->parsed() && (held || repair))
        return ctl::audit(options, repair);
    return verify->parsed() ? ctl::verify(options) : ctl::Usage;
}
