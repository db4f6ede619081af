#pragma once

#include "client/features/conversations/logic/conversation_store.h"
#include "client/storage/reader.h"

#include <QAbstractListModel>
#include <QCache>
#include <QTimer>
#include <QVariantList>

#include <map>
#include <set>
#include <vector>

namespace client::conversations {

/// One line of the list, as values; made when first looked at.
struct ConversationRow {
    storage::ConversationView view;
    QString contactName;
    QString preview;
    QString previewPrefix; ///< "You:" or "Note:"
    QVariantList marks;    ///< of a search: start and length of each hit in the preview
    QString draft;
    QString time;
    QString assignee; ///< another agent's name; empty: mine or nobody's
    QString snoozed;
    QString inboxName;
    QString channelText;
    QString typing; ///< "Mara is typing…"
    bool contactOnline = false;
    bool sending = false; ///< an intent of it is not confirmed
    bool failed = false;  ///< an intent of it was refused
};

/// The conversations of one view, in order. Holds ids only; rows are read in pages around what is looked at.
///
/// Follows the cache: rows move, come and go one by one, so the view keeps its selection and place.
class ConversationListModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role {
        IdRole = Qt::UserRole + 1, ///< QString
        NameRole,
        PreviewRole,
        PreviewPrefixRole,
        DraftRole,
        TimeRole,
        UnreadRole, ///< int
        StatusRole, ///< int, domain::ConversationStatus
        PriorityRole,
        AssigneeRole,
        SnoozedRole,
        InboxRole,
        ChannelTextRole,
        TypingRole,
        OnlineRole,
        SendingRole,
        FailedRole,
        NumberRole, ///< qlonglong
    };

    ConversationListModel(Stores stores, ConversationStore &conversations, QObject *parent = nullptr);
    ~ConversationListModel() override;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

    [[nodiscard]] const storage::ListQuery &query() const { return m_query; }
    /// `me` is filled in.
    void setQuery(storage::ListQuery query);
    /// Shows these instead, in this order (search results); follows changes, but not the order.
    void showFound(std::vector<domain::ConversationId> ids);
    /// The same with the piece of a message that was found in place of the preview.
    void showFound(const std::vector<storage::SearchHit> &hits);

    /// Valid until the next one is asked for.
    [[nodiscard]] const ConversationRow &row(int index) const;
    [[nodiscard]] domain::ConversationId idAt(int index) const;
    /// -1 when it is not in this view.
    [[nodiscard]] int indexOf(const domain::ConversationId &id) const;
    /// How many conversations each tab has, under the other filters as they are.
    [[nodiscard]] int count(storage::ListQuery::Owner owner) const;

Q_SIGNALS:
    void countsChanged();

private:
    static constexpr std::size_t mostSingleMoves = 60; ///< beyond that the list is told as new

    void refreshSoon();
    void refresh();
    void forgetSnippets();
    void arrange(const std::set<domain::ConversationId> &touched);
    void rearrange(const std::set<domain::ConversationId> &touched);
    void place(const domain::ConversationId &id, int row);
    void tellRows(const std::set<domain::ConversationId> &touched);
    [[nodiscard]] bool isTrouble(const domain::ConversationId &id) const;
    void forget(const domain::ConversationId &id);
    const ConversationRow &rowFor(const domain::ConversationId &id) const;
    ConversationRow made(const domain::ConversationId &id) const;
    void setTyping(const domain::ConversationId &id, const QString &name);

    Stores m_stores;
    ConversationStore &m_conversations;
    storage::ListQuery m_query;
    bool m_found = false;
    std::map<domain::ConversationId, std::string> m_snippets; // of what was found
    std::vector<domain::ConversationId> m_ids;
    mutable QCache<QByteArray, ConversationRow> m_rows;
    std::map<domain::ConversationId, QString> m_typing;
    std::map<domain::ConversationId, QTimer *> m_typingEnds;
    std::set<domain::ConversationId> m_touched;
    bool m_allTouched = false;                                         ///< the cache was replaced
    bool m_looksChanged = false;                                       ///< names or marks, of any row
    mutable std::optional<std::set<domain::ConversationId>> m_trouble; ///< with a refused or held reply
    QTimer m_refresh;
    QTimer m_minute; // ages are told anew
};

} // namespace client::conversations
