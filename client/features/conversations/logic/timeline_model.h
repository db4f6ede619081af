#pragma once

#include "client/features/conversations/logic/attention.h"
#include "client/features/conversations/logic/conversation_store.h"

#include <QAbstractListModel>
#include <QDate>
#include <QTimer>

#include <map>
#include <set>
#include <unordered_map>
#include <vector>

namespace client::conversations {

/// One thing in a thread, oldest first: a message, a day, the "New" line.
struct TimelineEntry {
    enum class Kind { Incoming, Outgoing, Note, Activity, Day, NewLine };
    enum class State {
        None,
        Uploading,
        Queued,
        Sending,
        Sent,
        Delivered,
        Read,
        Failed,
        Held,
        Undelivered,
        Uncertain
    };

    QString id; ///< of the message; unique in the model
    Kind kind = Kind::Incoming;
    QString author;     ///< "You", an agent's or the contact's name
    QString avatarName; ///< the name that initials are made from
    QString text;       ///< plain text; activities and days are sentences
    QString time;       ///< "10:36"
    State state = State::None;
    QString stateDetail;   ///< why it failed, in a sentence
    bool undoable = false; ///< the author may take it back
    std::vector<domain::Attachment> attachments;
    bool grouped = false; ///< same author within three minutes before
    std::int64_t n = 0;   ///< number in the conversation; 0 while pending
    qint64 at = 0;        ///< ms since 1970

    bool operator==(const TimelineEntry &) const = default;
};

/// A conversation's messages with what is pending, names, days, and the line before the first unread one.
///
/// Opening fixes the "New" line where reading had ended; it stays until the conversation is opened again.
class TimelineModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role { IdRole = Qt::UserRole + 1, KindRole, AuthorRole, TextRole, TimeRole, StateRole };

    TimelineModel(Stores stores, ConversationStore &conversations, QObject *parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

    /// A null id shows nothing.
    void open(const domain::ConversationId &id);
    [[nodiscard]] const domain::ConversationId &conversation() const { return m_id; }
    [[nodiscard]] const TimelineEntry &entry(int index) const
    {
        return m_entries[static_cast<std::size_t>(index)];
    }
    /// -1 when it is not here.
    [[nodiscard]] int indexOf(const QString &id) const;
    /// Older messages exist on the server.
    [[nodiscard]] bool hasOlder() const { return m_hasOlder; }
    void loadOlder();
    /// Number of the newest message, for read marks and for Seen.
    [[nodiscard]] std::int64_t newestN() const { return m_newestN; }

Q_SIGNALS:
    void opened();

private:
    using Intents = std::vector<storage::Intent>; // all that wait, read once for a refresh

    void refresh();
    std::vector<TimelineEntry> made();
    QString olderText(std::int64_t lowest) const;
    qint64 atOf(const domain::MessageId &id) const;
    void makeMessages(const std::vector<storage::MessageStamp> &stamps, const Intents &intents);
    TimelineEntry entryOf(const storage::MessageView &view, const Intents &intents) const;
    TimelineEntry refusedEntry(const Problem &problem) const;
    void showPending(TimelineEntry &entry, const domain::Message &message, const Intents &intents) const;
    void showDelivery(TimelineEntry &entry, const storage::MessageView &view, bool mine) const;
    [[nodiscard]] static std::set<base::Uuid> takenBack(const Intents &intents);
    QString activityText(const domain::Message &message) const;
    void apply(std::vector<TimelineEntry> fresh);

    Stores m_stores;
    ConversationStore &m_conversations;
    domain::ConversationId m_id;
    struct Made {
        storage::MessageStamp stamp;
        TimelineEntry entry;
        std::int64_t n = 0;
        QDate day;
    };
    std::unordered_map<base::Uuid, Made>
        m_made; ///< messages as shown last; making a thousand anew takes a while
    std::vector<TimelineEntry> m_entries;
    std::int64_t m_newestN = 0;
    std::int64_t m_newLineAfter = -1; // messages after this number are new; -1: no line
    bool m_hasOlder = false;
    std::int64_t m_lowest = 0;                // every message from here on is shown; 0: none was fetched
    std::int64_t m_askedBefore = -1;          // those below this number are on their way
    std::map<base::Uuid, QString> m_warnings; ///< by message: what it ran into, in a sentence
    QTimer m_refresh;
};

} // namespace client::conversations
