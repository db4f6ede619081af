#pragma once

#include "shared/base/clock.h"
#include "shared/base/error_code.h"
#include "shared/base/uuid.h"
#include "shared/domain/conversations/conversation.h"

#include <QCoreApplication>
#include <QString>
#include <QStringList>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace client::conversations {

/// Something of mine that the server refused or keeps back, told for a person, with what can be done about it
/// (docs/protocol.md A.6). Carries everything: it can be read when the conversation is not here any more.
struct Problem {
    Q_DECLARE_TR_FUNCTIONS(client::conversations::Problem)

public:
    enum class Action {
        ShowBoth,
        SendAnyway,
        EditAndSend,
        TurnIntoNote,
        HandOver, ///< as a note, to those who still see the conversation
        Open,
        ResolveAnyway,
        TakeOver,
        ApplyNow,
        TryAgain,
        SendWithout, ///< without the files that the server does not take
        CopyText,
        Keep,
        Dismiss,
        Discard
    };

    base::Uuid mid;
    std::optional<base::Uuid> attempt; ///< a decision about it that was refused as well
    std::string op;
    domain::ConversationId conversation;
    bool isHeld = false;
    bool isWaiting = false; ///< has no verdict: something holds it up
    bool isNote = false;
    base::ErrorCode code = base::ErrorCode::Internal;
    QString subject; ///< "Mara Lindqvist · #42"
    QString title;   ///< "Reply to Mara Lindqvist · #42"
    QString reason;  ///< one sentence
    QString now;     ///< what is so on the server, when that says more than the sentence
    QString content; ///< the text that was written
    QStringList files;
    std::vector<base::Uuid> uploads; ///< ids of the same
    base::Timestamp at{};
    std::vector<Action> actions;
    QString keepLabel; ///< "Keep Omar"
    QString takeLabel; ///< "Take over", or who would get it

    [[nodiscard]] bool can(Action action) const
    {
        return std::find(actions.begin(), actions.end(), action) != actions.end();
    }
};

} // namespace client::conversations
