#pragma once

#include "client/app/deskbellctl/connected_desk.h"
#include "shared/base/json_fwd.h"

#include <string>

namespace client::ctl {

/// One conversation, one message, as JSON of the command line.
base::Json conversationJson(ConnectedDesk &desk, const storage::ConversationView &view);
base::Json messageJson(ConnectedDesk &desk, const storage::MessageView &view);
/// The same as one line for people; control characters of others' texts never reach the terminal.
std::string conversationLine(ConnectedDesk &desk, const storage::ConversationView &view);
std::string messageLine(ConnectedDesk &desk, const storage::MessageView &view);

void print(const std::string &line);
void print(const base::Json &json);
/// To standard error.
void complain(const std::string &sentence);

} // namespace client::ctl
