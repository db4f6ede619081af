#pragma once

#include "client/features/conversations/logic/attention.h"

#include <QString>

namespace client::conversations {

/// What the button of an action says: "Send anyway".
QString buttonText(const Problem &problem, Problem::Action action);

} // namespace client::conversations
