#pragma once

#include "client/widgets/thread/thread_item.h"

namespace client::widgets {

/// The text as it is laid out and selected: line ends are LF, no other control characters.
QString shownText(const ThreadItem &item);
/// What copying the whole item gives: its text, else the names of its files.
QString copiedText(const ThreadItem &item);
/// "Read", "Not sent"; empty for None.
QString stateText(SendState state);
/// "You · 10:36 · Read"; incoming messages give the time alone.
QString metaText(const ThreadItem &item);
/// "You, 10:36, read: I'm so sorry …", for assistive technology.
QString accessibleText(const ThreadItem &item);
/// Whether there is something to press beside the state: failed, held, uncertain, or to be taken back.
bool hasAction(const ThreadItem &item);
bool isMessage(ThreadItemKind kind);
/// Ours stand at the trailing edge.
bool isOurs(ThreadItemKind kind);

} // namespace client::widgets
