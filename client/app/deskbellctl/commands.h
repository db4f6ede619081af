#pragma once

#include "client/app/deskbellctl/options.h"

#include <optional>
#include <string>
#include <vector>

namespace client::ctl {

/// The verbs. Each answers with an ExitCode and has printed what is to be said.
int login(const Options &options, const std::string &server, const std::string &email);
int sync(const Options &options);
int list(const Options &options, const std::string &owner, const std::string &status);
int show(const Options &options, const std::string &conversation);
/// `files`: paths of what is attached.
int write(const Options &options, const std::string &conversation, const std::string &text,
          const std::vector<std::string> &files, bool note);
/// `agent`: a number, an e-mail address, "me" or "none".
int assign(const Options &options, const std::string &conversation, const std::string &agent);
int setStatus(const Options &options, const std::string &conversation, const std::string &status);
int label(const Options &options, const std::string &conversation, const std::vector<std::string> &add,
          const std::vector<std::string> &remove);
/// `team`: a number, a name or "none".
int setTeam(const Options &options, const std::string &conversation, const std::string &team);
/// Those that hold the text; all for an empty one.
int cannedResponses(const Options &options, const std::string &text);
int saveCannedResponse(const Options &options, const std::string &code, const std::string &content);
int removeCannedResponse(const Options &options, const std::string &code);
int macros(const Options &options);
/// By its name or id.
int runMacro(const Options &options, const std::string &conversation, const std::string &name);
/// Prints what changes until it is interrupted.
int watch(const Options &options);
/// What was refused or is held, with the actions that each allows.
int problems(const Options &options);
/// Does one of them: `action` is a name that problems() told.
int resolveProblem(const Options &options, const std::string &mid, const std::string &action);
int verify(const Options &options);
/// The same for what is held, without fetching the rest first; `repair` reads again what differs.
int audit(const Options &options, bool repair);
/// What lies on this machine; what is given is changed first.
int storage(const Options &options, std::optional<int> days, std::optional<int> cacheMegabytes,
            std::optional<int> fileMegabytes);
/// In what is held, with the operators of ux: from: to: in: label: status: assignee: before: after:
/// has:attachment "phrase" -word.
int search(const Options &options, const std::string &text, int limit);
/// The user's signed-in devices.
int devices(const Options &options);
/// `device`: an id or the beginning of one, or "others". The device wipes what it holds.
int revoke(const Options &options, const std::string &device);

} // namespace client::ctl
