#include "client/app/deskbellctl/commands.h"

#include "client/app/deskbellctl/connected_desk.h"
#include "client/app/deskbellctl/on_desk.h"
#include "client/app/deskbellctl/order.h"
#include "client/app/deskbellctl/printing.h"
#include "client/features/accounts/logic/sign_in_presenter.h"
#include "client/sync/http_auth.h"
#include "shared/base/json.h"

#include <QCoreApplication>
#include <QEventLoop>

#include <algorithm>
#include <csignal>
#include <iostream>
#include <map>
#include <optional>

namespace client::ctl {

namespace {

using base::Json;

// The file is copied; it travels when there is a connection, and the message after it.
std::optional<base::Uuid> attached(ConnectedDesk &desk, const std::string &file)
{
    std::optional<base::Status> taken;
    const auto id = desk.client().attach(QString::fromStdString(file),
                                         [&taken](const base::Status &status) { taken = status; });
    desk.waitUntil([&taken] { return taken.has_value(); });
    if (taken && *taken)
        return id;
    complain("cannot attach " + file);
    return std::nullopt;
}

volatile std::sig_atomic_t interrupted = 0;

} // namespace

int failed(const base::Error &error)
{
    if (error.code == base::ErrorCode::Unauthorized) {
        complain("nobody is signed in with this profile; use: deskbellctl login");
        return NotSignedIn;
    }
    complain(error.detail);
    return Failed;
}

int login(const Options &options, const std::string &server, const std::string &email)
{
    auto profile = platform::Profile::open(options.profile);
    if (!profile)
        return failed(profile.error());
    const auto device = sync::Client::deviceOf(**profile);
    if (!device)
        return failed(device.error());
    const auto address = accounts::SignInPresenter::fullAddress(QString::fromStdString(server));
    std::string password;
    std::getline(std::cin, password);
    if (address.isEmpty() || password.empty()) {
        complain(address.isEmpty() ? "this is no address of a server: " + server
                                   : "no password on standard input");
        return Usage;
    }
    QEventLoop loop;
    int code = Failed;
    sync::HttpAuth auth;
    auto *keychain = sync::Client::makeKeychain(**profile, options.useKeychain, &auth);
    auth.signIn(address, *device, QString::fromStdString(email), QString::fromStdString(password),
                [&](const sync::SignedIn *signedIn, const sync::AuthFailure *failure) {
                    if (failure) {
                        complain(failure->sentence.toStdString());
                        code = failure->kind == sync::AuthFailure::Kind::Credentials ? NotSignedIn
                                                                                     : NotConnected;
                        return loop.quit();
                    }
                    sync::Client::adopt(**profile, *keychain, *signedIn,
                                        [&, who = *signedIn](const base::Status &status) {
                                            code = status ? Ok : failed(status.error());
                                            if (status && options.json)
                                                print(Json{{"user", who.identity.user.name},
                                                           {"account", who.identity.account.name},
                                                           {"device", who.identity.device.text()}});
                                            else if (status)
                                                print("Signed in as " + who.identity.user.name + ".");
                                            loop.quit();
                                        });
                });
    loop.exec();
    return code;
}

int sync(const Options &options)
{
    return onDesk(options, true, [&](ConnectedDesk &desk) {
        const auto settled = desk.waitUntil([&] {
            const auto intents = desk.reader().intents();
            return options.offline || std::all_of(intents.begin(), intents.end(),
                                                  [](const auto &intent) { return needsAuthor(intent); });
        });
        storage::ListQuery all;
        all.status.reset();
        const auto conversations = desk.reader().count(all);
        const auto intents = desk.reader().intents();
        const auto problems = desk.problems().size();
        const auto queued = std::count_if(intents.begin(), intents.end(),
                                          [](const auto &intent) { return !needsAuthor(intent); });
        if (options.json)
            print(Json{{"conversations", conversations}, {"queued", queued}, {"problems", problems}});
        else
            print(std::to_string(conversations) + " conversations, " + std::to_string(queued) + " queued, " +
                  std::to_string(problems) + " need attention");
        return settled ? Ok : NotConnected;
    });
}

int list(const Options &options, const std::string &owner, const std::string &status)
{
    return onDesk(options, false, [&](ConnectedDesk &desk) -> int {
        storage::ListQuery query;
        query.me = desk.users().me();
        query.owner = owner == "mine"         ? storage::ListQuery::Owner::Mine
                      : owner == "unassigned" ? storage::ListQuery::Owner::Unassigned
                                              : storage::ListQuery::Owner::All;
        query.status = domain::conversationStatusFromText(status);
        auto rows = Json::array();
        for (const auto &id : desk.reader().conversations(query)) {
            const auto view = desk.conversations().find(id);
            if (!view)
                continue;
            if (options.json)
                rows.push_back(conversationJson(desk, *view));
            else
                print(conversationLine(desk, *view));
        }
        if (options.json)
            print(rows);
        return Ok;
    });
}

int show(const Options &options, const std::string &conversation)
{
    return onDesk(options, false, [&](ConnectedDesk &desk) -> int {
        const auto id = conversationIn(desk, conversation);
        if (!id)
            return Usage;
        desk.client().focus({*id});
        if (desk.client().connection().kind == client::sync::ConnectionState::Kind::Live)
            desk.waitUntil([&] {
                const auto view = desk.conversations().find(*id);
                return !view || view->lowest || view->conversation.lastN == 0;
            });
        const auto view = desk.conversations().find(*id);
        if (!view)
            return Usage;
        auto messages = Json::array();
        if (!options.json)
            print(conversationLine(desk, *view));
        for (const auto &message : desk.reader().messages(*id)) {
            if (options.json)
                messages.push_back(messageJson(desk, message));
            else
                print(messageLine(desk, message));
        }
        if (options.json) {
            auto json = conversationJson(desk, *view);
            json["messages"] = std::move(messages);
            print(json);
        }
        return Ok;
    });
}

int write(const Options &options, const std::string &conversation, const std::string &text,
          const std::vector<std::string> &files, bool note)
{
    return change(options, conversation, [&](ConnectedDesk &desk, const auto &id, const auto &answer) {
        std::vector<base::Uuid> uploads;
        for (const auto &file : files)
            if (const auto upload = attached(desk, file))
                uploads.push_back(*upload);
            else
                return false;
        const auto body = QString::fromStdString(text);
        if (note)
            desk.actions().note(id, body, uploads, answer);
        else
            desk.actions().reply(id, body, uploads, answer);
        return true;
    });
}

int assign(const Options &options, const std::string &conversation, const std::string &agent)
{
    return change(options, conversation, [&](ConnectedDesk &desk, const auto &id, const auto &answer) {
        std::optional<domain::UserId> to;
        if (agent == "me")
            to = desk.users().me();
        const auto number = numberIn(agent);
        for (const auto &user : desk.users().agents())
            if ((number && user.number == *number) || (!user.email.empty() && user.email == agent))
                to = user.id;
        if (!to && agent != "none") {
            complain("there is no agent " + agent);
            return false;
        }
        desk.actions().assign(id, to, answer);
        return true;
    });
}

int setStatus(const Options &options, const std::string &conversation, const std::string &status)
{
    return change(options, conversation, [&](ConnectedDesk &desk, const auto &id, const auto &answer) {
        desk.actions().setStatus(id, *domain::conversationStatusFromText(status), answer);
        return true;
    });
}

int watch(const Options &options)
{
    return onDesk(options, false, [&](ConnectedDesk &desk) -> int {
        std::signal(SIGINT, [](int) { interrupted = 1; });
        std::signal(SIGTERM, [](int) { interrupted = 1; });
        QObject context;
        std::map<domain::ConversationId, std::int64_t> told;
        QObject::connect(&desk.conversations(), &conversations::ConversationStore::changed, &context,
                         [&](const domain::ConversationId &id) {
                             const auto view = desk.conversations().find(id);
                             if (!view)
                                 return;
                             const auto known = told.find(id);
                             const auto from =
                                 known == told.end() ? view->conversation.lastN - 1 : known->second;
                             for (const auto &message : desk.reader().messages(id)) {
                                 if (message.pending || message.message.n <= from)
                                     continue;
                                 if (options.json)
                                     print(Json{{"conversation", view->conversation.number},
                                                {"message", messageJson(desk, message)}});
                                 else
                                     print("#" + std::to_string(view->conversation.number) + "  " +
                                           messageLine(desk, message));
                             }
                             if (!view->pending)
                                 told[id] = view->conversation.lastN;
                         });
        while (interrupted == 0)
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents | QEventLoop::AllEvents, 200);
        return Ok;
    });
}

int verify(const Options &options)
{
    if (options.offline) {
        complain("verify needs a connection");
        return Usage;
    }
    return onDesk(options, true, [&](ConnectedDesk &desk) -> int {
        std::optional<base::Result<std::vector<std::string>>> result;
        desk.client().verify(std::chrono::seconds{options.timeoutSeconds},
                             [&](const auto &found) { result = found; });
        QEventLoop loop;
        while (!result)
            loop.processEvents(QEventLoop::WaitForMoreEvents);
        if (!*result) {
            complain(result->error().detail);
            return NotConnected;
        }
        const auto &differing = **result;
        if (options.json)
            print(Json{{"equal", differing.empty()}, {"differing", differing}});
        else if (differing.empty())
            print(std::string{"The cache equals the server."});
        else
            for (const auto &id : differing)
                print(id);
        return differing.empty() ? Ok : Different;
    });
}

} // namespace client::ctl
