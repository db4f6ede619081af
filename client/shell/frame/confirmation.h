#pragma once

#include "client/shell/frame/overlay.h"

#include <functional>

namespace client::shell {

/// What is asked before something that cannot be taken back.
struct Question {
    QString title;           ///< "Sign out this device?"
    QString text;            ///< what will happen, what is kept
    QString action;          ///< the button that does it
    bool isDangerous = true; ///< red; else an ordinary primary button
    QString name;            ///< object name, for tests
};

/// Asks over `window`; runs `work` when the person agrees. The focus begins on "Cancel" for what is
/// dangerous.
Overlay *ask(QWidget *window, const Question &question, std::function<void()> work);

} // namespace client::shell
