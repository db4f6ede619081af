#pragma once

#include <QPixmap>
#include <QString>

#include <vector>

namespace client::widgets {

enum class ThreadItemKind { Incoming, Outgoing, Note, Activity, Day, NewLine };

enum class SendState { None, Queued, Sending, Sent, Delivered, Read, Failed, Held, Uncertain };

/// A file under a message.
struct ThreadAttachment {
    QString id;
    QString name;
    QString detail; ///< "1.8 MB · scanned, safe"
    QString mime;
    QPixmap thumbnail; ///< not null: shown as a preview at most 252 px wide
    QSize pixelSize;   ///< of the picture, if known: room is kept before the thumbnail is there
    int progress = -1; ///< 0-100 while it travels
};

/// One row of a thread, as it is shown. A plain value.
struct ThreadItem {
    QString id;
    ThreadItemKind kind = ThreadItemKind::Incoming;
    QString author;     ///< shown and read aloud: "Mara Lindqvist", "You"
    QString avatarName; ///< gives initials and tint; empty: author
    QString text;       ///< plain text
    QString time;       ///< "10:36"
    SendState state = SendState::None;
    QString stateDetail;   ///< why it failed or is held; tool tip and read aloud
    bool undoable = false; ///< it can be taken back: the word for it stands beside the state
    std::vector<ThreadAttachment> attachments;
    bool groupedWithPrevious = false; ///< same author within 3 minutes: 4-px gap, one avatar, one time
    bool card = false;                ///< a full-width e-mail card instead of a bubble
    QString recipients;               ///< cards only: "to mara@lindqvist.example"
};

} // namespace client::widgets
