#pragma once

#include <QString>

namespace client::widgets {

struct ThreadItem;

/// Geometry of the thread in pixels at 100 % text.
namespace metrics {
inline constexpr int side = 24;
inline constexpr int avatar = 30;
inline constexpr int avatarGap = 10;
inline constexpr int padX = 14;
inline constexpr int padY = 10;
inline constexpr int maxBubble = 520;
inline constexpr int groupGap = 10;
inline constexpr int memberGap = 4;
inline constexpr int metaGap = 3;
inline constexpr int noteHead = 21;
inline constexpr int attachment = 252;
inline constexpr int attachmentHeight = 44;
inline constexpr int previewHeight = 240;
inline constexpr int dayHeight = 44;
inline constexpr int newLineHeight = 34;
inline constexpr int activityHeight = 34;
inline constexpr int typingBubble = 32;
} // namespace metrics

QString noteTitle();
/// The word behind a failed or held state.
QString actionText(const ThreadItem &item);

} // namespace client::widgets
