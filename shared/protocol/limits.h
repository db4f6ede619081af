#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// The numbers both sides agree on (docs/protocol.md, "Limits").
namespace protocol {

inline constexpr int version = 1;  ///< minor version of /sync/v1
inline constexpr int rowShape = 1; ///< version of the row shapes

inline constexpr std::size_t maxFrameBytes = 4
                                             << 20; ///< a server frame, raw; more is refused before inflating
inline constexpr std::size_t maxClientFrameBytes = 256 << 10;
inline constexpr std::size_t maxDeltaRows = 512;
inline constexpr std::size_t maxDeltaBytes = 256 << 10; ///< payload after which a page is cut
inline constexpr std::size_t maxBundleBytes = 256 << 10;
inline constexpr std::size_t maxBundleConversations = 20;
inline constexpr std::int64_t maxCatchUpRows = 50'000; ///< further behind than this: reset, then snapshot
inline constexpr std::size_t maxUnackedFrames = 8;
inline constexpr std::size_t maxUnackedBytes = 2 << 20;
inline constexpr std::size_t maxInFlight = 64;        ///< mutations sent and not answered
inline constexpr std::size_t windowMessages = 50;     ///< messages of a conversation in a bundle or window
inline constexpr std::size_t shortConversation = 200; ///< up to so many messages all of them are a window
inline constexpr std::size_t longestWindow = 1000;
inline constexpr std::size_t maxWindowsAsked = 50; ///< conversations of one digest request
inline constexpr std::int64_t maxUploadBytes = 40LL << 20;
inline constexpr std::int64_t maxUploadPiece = 4LL << 20; ///< bytes of one PATCH
inline constexpr std::size_t maxAttachments = 10;
inline constexpr std::size_t maxLabelsAtOnce = 100; ///< added and removed by one mutation
inline constexpr int poisonAttempts = 5;

inline constexpr std::chrono::seconds accessTokenLife{15 * 60};
inline constexpr std::chrono::seconds pingEvery{25};
inline constexpr std::chrono::seconds silenceLimit{60};
inline constexpr std::chrono::seconds verdictLimit{20}; ///< a sent mutation without an answer: reconnect
inline constexpr std::chrono::seconds composingLife{8};
inline constexpr std::chrono::seconds viewingLife{60};

} // namespace protocol
