#pragma once

#include "client/shell/notify/notification_center.h"
#include "shared/domain/ids.h"

#include <optional>

namespace client::desktop {

/// The notices of one account. Two accounts may hold the same conversation, so a notice goes by both.
class AccountNotices {
public:
    /// What a notice is about.
    struct Subject {
        QString account; ///< folder
        domain::ConversationId conversation;
    };

    AccountNotices(shell::NotificationCenter &center, QString account)
        : m_center{center}
        , m_account{std::move(account)}
    {
    }

    [[nodiscard]] shell::NotificationCenter &center() { return m_center; }
    /// Said behind the sender's name while there are several accounts; empty: not.
    void setLabel(const QString &label) { m_label = label; }
    void post(const domain::ConversationId &id, const QString &who, const QString &text, int unread)
    {
        const auto title = m_label.isEmpty() ? who : QStringLiteral("%1 · %2").arg(who, m_label);
        m_center.post({.key = keyOf(id), .title = title, .text = text}, unread);
    }
    void withdraw(const domain::ConversationId &id) { m_center.withdraw(keyOf(id)); }
    void setInView(const std::optional<domain::ConversationId> &id)
    {
        m_center.setInView(id ? keyOf(*id) : QString{});
    }

    /// Nothing for a key of something else (a digest).
    static std::optional<Subject> subjectOf(const QString &key)
    {
        const auto at = key.lastIndexOf(QLatin1Char{'|'});
        const auto id = base::Uuid::parse(key.mid(at + 1).toStdString());
        if (at < 0 || !id)
            return std::nullopt;
        return Subject{key.left(at), {*id}};
    }

private:
    [[nodiscard]] QString keyOf(const domain::ConversationId &id) const
    {
        return m_account + QLatin1Char{'|'} + QString::fromStdString(id.text());
    }

    shell::NotificationCenter &m_center;
    QString m_account;
    QString m_label;
};

} // namespace client::desktop
