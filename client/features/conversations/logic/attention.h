#pragma once

#include "client/features/conversations/logic/conversation_store.h"
#include "client/features/conversations/logic/problem.h"

#include <QByteArray>
#include <QString>

#include <string>
#include <vector>

namespace client::conversations {

/// All of them, oldest first. One that something was made in place of is left out until that was refused,
/// too.
std::vector<Problem> problemsOf(Stores stores);

/// What an accepted reply ran into under the policy "warn", in a sentence.
QString warningOf(Stores stores, const storage::Intent &intent);

/// For keeping elsewhere: every entry with all it has.
QString problemsAsText(const std::vector<Problem> &problems);
QByteArray problemsAsJson(const std::vector<Problem> &problems);
/// The wire form of the same, for the command line.
std::string actionName(Problem::Action action);

} // namespace client::conversations
