#pragma once

#include <QString>

#include <cstdint>
#include <optional>

class QUrl;

namespace client::desktop {

/// `deskbell://conversation/18204?server=desk.example.com`: names a conversation by its number, and the
/// server it is on. Links come from anywhere, so parse() takes exactly this form and nothing else; following
/// one only ever shows something.
struct DeepLink {
    static constexpr qsizetype longest = 512; ///< characters

    std::int64_t conversation = 0; ///< its number, from 1
    QString server;                ///< "desk.example.com" or "desk.example.com:8443"; empty: any

    static std::optional<DeepLink> parse(const QString &text);
    /// Of a conversation at the server with this address.
    static DeepLink to(std::int64_t conversation, const QUrl &address);
    [[nodiscard]] QString text() const;
    [[nodiscard]] bool isFor(const QUrl &address) const;

    bool operator==(const DeepLink &) const = default;
};

} // namespace client::desktop
