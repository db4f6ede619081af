#pragma once

#include "client/app/desktop/desk_stores.h"

#include <QObject>
#include <QTimer>

namespace client::conversations {
class ConversationListView;
}

namespace client::widgets {
class SidebarView;
struct NavSection;
} // namespace client::widgets

namespace client::desktop {

/// What the sidebar lists, its counts, and what choosing an entry shows.
class Navigation : public QObject {
    Q_OBJECT

public:
    Navigation(DeskStores &stores, widgets::SidebarView &view, conversations::ConversationListView &list,
               QObject *parent = nullptr);

    /// "inbox", "drafts", "snoozed", "pending", "resolved", "outbox", an inbox's id, "team:" and an id, or
    /// "label:" and a title.
    void choose(const QString &id);
    [[nodiscard]] const QString &current() const { return m_current; }
    [[nodiscard]] QString titleOf(const QString &id) const;

Q_SIGNALS:
    void outboxRequested();
    /// A list was chosen: the panes must show.
    void listChosen();

private:
    void refresh();
    [[nodiscard]] int count(std::optional<domain::ConversationStatus> status,
                            storage::ListQuery::Owner owner) const;
    [[nodiscard]] widgets::NavSection channels() const;
    [[nodiscard]] widgets::NavSection teams() const;
    [[nodiscard]] widgets::NavSection labels() const;
    [[nodiscard]] std::vector<domain::ConversationId> drafts() const;

    DeskStores &m_stores;
    widgets::SidebarView &m_view;
    conversations::ConversationListView &m_list;
    QString m_current;
    QTimer m_refresh; // counts follow bursts of changes at most four times a second
};

} // namespace client::desktop
