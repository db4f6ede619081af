#pragma once

#include <Qt>

class QModelIndex;
class QString;

namespace client::widgets {

enum class RowSendState { None, Pending, Failed };

/// What a model answers so that RowDelegate can paint it. Any role may be missing.
///
/// A model must also answer Qt::AccessibleTextRole; return rowAccessibleText(index) there.
enum RowRole {
    RowIdRole = Qt::UserRole + 1, ///< QString, never shown
    RowNameRole,                  ///< QString, first line
    RowTitleRole,                 ///< QString, second line (subject)
    RowPreviewRole,               ///< QString, third line (last message)
    RowPreviewPrefixRole,         ///< QString before the preview, "You:"
    RowDraftRole,                 ///< QString, unsent text; shown instead of the preview after a red "Draft"
    RowTimeRole,                  ///< QString, "2m"
    RowUnreadRole,                ///< int
    RowChannelIconRole,           ///< QString, icon name of the avatar's badge
    RowChannelTextRole,           ///< QString, "website chat"; read aloud, not painted
    RowLabelsRole,                ///< QStringList; two are shown, then "+n"
    RowDueRole,                   ///< QString, "12m" until the next reply is due; empty: none
    RowDueToneRole,               ///< int(Tone): Neutral, Warn or Bad
    RowPresenceRole,              ///< int(Presence)
    RowTypingRole,                ///< QString, "Mara is typing…"; shown instead of the preview
    RowSendStateRole,             ///< int(RowSendState)
    RowSnoozedRole,               ///< QString, "until tomorrow 08:00"; empty: not snoozed
    RowAssigneeRole,              ///< QString, name of another agent; empty: mine or nobody's
    RowMutedRole,                 ///< bool
    RowCheckedRole,               ///< bool; the check box replaces the avatar while RowCheckableRole is true
    RowCheckableRole,             ///< bool, multi-select is on
    RowPictureRole,               ///< QPixmap instead of initials
    RowMarksRole,                 ///< QVariantList of ints: start and length of what was found in the title
};

/// "Mara Lindqvist, unread 2, Order 4821 arrived damaged, website chat, due in 12m, label Refund".
QString rowAccessibleText(const QModelIndex &index);

} // namespace client::widgets
