#pragma once

#include "client/features/conversations/logic/conversation_list_model.h"
#include "client/widgets/basic/text_label.h"

#include <optional>

class QStackedWidget;

namespace client::widgets {
class EmptyState;
class IconButton;
class Pill;
class RowListView;
class SearchField;
class TabTrack;
} // namespace client::widgets

namespace client::conversations {

class RowModel;

/// The list pane: title, search, filter and order, the tabs with their counts, and the rows.
///
/// What is open stays open when its row leaves the list; nothing moves on by itself.
class ConversationListView : public widgets::Surface {
    Q_OBJECT

public:
    ConversationListView(ConversationListModel &model, ConversationStore &conversations,
                         const inboxes::InboxStore &inboxes, QWidget *parent = nullptr);

    /// What the sidebar offers.
    struct View {
        QString title;
        std::optional<domain::ConversationStatus> status = domain::ConversationStatus::Open;
        std::optional<domain::InboxId> inbox;
        std::optional<domain::TeamId> team;
        std::optional<std::string> label;
    };
    /// The tab stays, and the order.
    void showView(const View &view);
    /// A view that is a fixed list (drafts): no tabs, no filters.
    void showFixed(const QString &title, std::vector<domain::ConversationId> ids);
    void setTab(storage::ListQuery::Owner owner);
    void setStatus(std::optional<domain::ConversationStatus> status);
    void setCompact(bool compact);
    /// Placeholder rows with "340 of 1 200" instead of an empty list.
    void setFirstSync(bool running, qint64 done, qint64 total);

    [[nodiscard]] std::optional<domain::ConversationId> open() const { return m_open; }
    /// The one after (or else before) `id` in the list.
    [[nodiscard]] std::optional<domain::ConversationId> neighbourOf(const domain::ConversationId &id) const;
    /// Marks the row and reports currentChanged() when it is another one.
    void select(const domain::ConversationId &id);
    /// J and K: `by` rows down; from a row that left, from where it was.
    void step(int by);
    void focusRows();
    void openSearch();

Q_SIGNALS:
    void currentChanged(const domain::ConversationId &id);
    /// Enter or a double click: to the thread.
    void entered();
    void menuRequested(const domain::ConversationId &id, const QPoint &globalPosition);
    /// The button of an empty list.
    void takeOldestRequested();
    void tabChanged(client::storage::ListQuery::Owner owner);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    enum class Fixed { No, Ids, Search };

    void build();
    void connectRows();
    void showCounts();
    void showContent();
    void showEmpty();
    void chooseStatus();
    void chooseOrder();
    void search(const QString &words);
    void showFound(const std::vector<storage::SearchHit> &hits);
    void apply(const storage::ListQuery &query);
    void choose(int row);
    void mark();

    ConversationListModel &m_model;
    ConversationStore &m_conversations;
    RowModel *m_rowsModel;
    widgets::TextLabel *m_title;
    widgets::Pill *m_statusPill;
    widgets::IconButton *m_searchButton;
    widgets::IconButton *m_filter;
    widgets::IconButton *m_order;
    widgets::SearchField *m_search;
    widgets::TabTrack *m_tabs;
    QStackedWidget *m_stack;
    widgets::RowListView *m_rows;
    widgets::EmptyState *m_empty;
    QWidget *m_skeleton;
    widgets::TextLabel *m_progress;
    QString m_viewTitle;
    Fixed m_fixed = Fixed::No;
    Fixed m_beforeSearch = Fixed::No;
    std::vector<domain::ConversationId> m_ids; ///< of a fixed list
    std::optional<domain::ConversationId> m_open;
    int m_lastRow = -1; ///< where the open one's row was
    bool m_silent = false;
    bool m_firstSync = false;
};

} // namespace client::conversations
