#pragma once

#include "client/features/conversations/logic/conversation_store.h"

#include <QObject>
#include <QTimer>

#include <map>
#include <vector>

namespace client::conversations {

/// Who types and who looks, per conversation; forgets by itself (8 s, 60 s).
class PresenceStore : public QObject {
    Q_OBJECT

public:
    explicit PresenceStore(Stores stores, QObject *parent = nullptr);

    /// "Mara" while the customer types; empty for nobody.
    [[nodiscard]] QString customerTyping(const domain::ConversationId &id) const;
    /// Names of other agents who write in it.
    [[nodiscard]] QStringList agentsTyping(const domain::ConversationId &id) const;
    /// Names of other agents who look at it.
    [[nodiscard]] QStringList agentsViewing(const domain::ConversationId &id) const;

Q_SIGNALS:
    void changed(const domain::ConversationId &id);

private:
    struct Who {
        domain::ConversationId conversation;
        base::Uuid id;
        bool contact = false;
        bool typing = false;
        auto operator<=>(const Who &) const = default;
    };
    void forget();

    Stores m_stores;
    std::map<Who, qint64> m_until; // monotonic ms
    QTimer m_sweep;
};

} // namespace client::conversations
