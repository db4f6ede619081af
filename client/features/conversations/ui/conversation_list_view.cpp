#include "client/features/conversations/ui/conversation_list_view.h"

#include "client/features/conversations/ui/row_model.h"
#include "client/widgets/basic/banner.h"
#include "client/widgets/basic/buttons.h"
#include "client/widgets/basic/pill.h"
#include "client/widgets/basic/search_field.h"
#include "client/widgets/basic/tab_track.h"
#include "client/widgets/list/row_list_view.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLocale>
#include <QMenu>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace client::conversations {

using domain::ConversationStatus;
using Owner = storage::ListQuery::Owner;
using Order = storage::ListQuery::Order;

namespace {

const QString mineTab = QStringLiteral("mine");
const QString unassignedTab = QStringLiteral("unassigned");
const QString allTab = QStringLiteral("all");

QString tabOf(Owner owner)
{
    return owner == Owner::Mine ? mineTab : owner == Owner::Unassigned ? unassignedTab : allTab;
}

QMenu *newMenu(widgets::IconButton &button)
{
    auto *menu = new QMenu{&button};
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setAccessibleName(button.accessibleName());
    return menu;
}

} // namespace

ConversationListView::ConversationListView(ConversationListModel &model, ConversationStore &conversations,
                                           const inboxes::InboxStore &inboxes, QWidget *parent)
    : Surface{&widgets::Tokens::surface, parent}
    , m_model{model}
    , m_conversations{conversations}
    , m_rowsModel{new RowModel{model, inboxes, this}}
    , m_title{new widgets::TextLabel{widgets::TextRole::PaneTitle, &widgets::Tokens::text1, this}}
    , m_statusPill{new widgets::Pill{{}, this}}
    , m_searchButton{new widgets::IconButton{QStringLiteral("search"), tr("Find a conversation"), this}}
    , m_filter{new widgets::IconButton{QStringLiteral("list-filter"), tr("Filter by status"), this}}
    , m_order{new widgets::IconButton{QStringLiteral("arrow-down-wide-narrow"), tr("Sort"), this}}
    , m_search{new widgets::SearchField{tr("Find by name, address or words"), this}}
    , m_tabs{new widgets::TabTrack{widgets::TabTrack::Look::Track, this}}
    , m_stack{new QStackedWidget{this}}
    , m_rows{new widgets::RowListView{tr("Conversations"), this}}
    , m_empty{new widgets::EmptyState{this}}
    , m_skeleton{new QWidget{this}}
    , m_progress{new widgets::TextLabel{widgets::TextRole::Secondary, &widgets::Tokens::text2, this}}
{
    setObjectName(QStringLiteral("listPane"));
    m_rows->setObjectName(QStringLiteral("conversationList"));
    m_tabs->setObjectName(QStringLiteral("listTabs"));
    m_tabs->setAccessibleName(tr("Whose conversations"));
    m_filter->setObjectName(QStringLiteral("statusFilter"));
    build();
    connectRows();
    setFocusProxy(m_rows);
    showView({.title = tr("Inbox")});
}

void ConversationListView::build()
{
    auto *column = new QVBoxLayout{this};
    column->setContentsMargins(0, 10, 0, 0);
    column->setSpacing(0);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(20, 0, 10, 0);
    head->setSpacing(2);
    head->addWidget(m_title);
    head->addSpacing(8);
    head->addWidget(m_statusPill);
    head->addStretch(1);
    head->addWidget(m_searchButton);
    head->addWidget(m_filter);
    head->addWidget(m_order);
    column->addLayout(head);
    auto *tools = new QVBoxLayout;
    tools->setContentsMargins(12, 8, 12, 10);
    tools->setSpacing(8);
    tools->addWidget(m_search);
    tools->addWidget(m_tabs);
    column->addLayout(tools);
    column->addWidget(m_stack, 1);

    m_search->hide();
    m_searchButton->setKeyHint(QStringLiteral("Ctrl+F"));
    m_tabs->setTabs({{mineTab, tr("Mine"), 0}, {unassignedTab, tr("Unassigned"), 0}, {allTab, tr("All"), 0}});
    m_statusPill->setClickable(true);
    m_rows->setModel(m_rowsModel);
    auto *waiting = new QVBoxLayout{m_skeleton};
    waiting->setContentsMargins(0, 0, 0, 0);
    auto *line = new QHBoxLayout;
    line->setContentsMargins(20, 4, 20, 4);
    line->addWidget(m_progress);
    waiting->addLayout(line);
    waiting->addWidget(new widgets::Skeleton{widgets::Skeleton::Shape::Rows, m_skeleton}, 1);
    m_stack->addWidget(m_rows);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_skeleton);

    connect(m_tabs, &widgets::TabTrack::currentChanged, this, [this](const QString &id) {
        setTab(id == mineTab ? Owner::Mine : id == unassignedTab ? Owner::Unassigned : Owner::All);
    });
    connect(m_searchButton, &QAbstractButton::clicked, this, &ConversationListView::openSearch);
    connect(m_filter, &QAbstractButton::clicked, this, &ConversationListView::chooseStatus);
    connect(m_order, &QAbstractButton::clicked, this, &ConversationListView::chooseOrder);
    connect(m_statusPill, &QAbstractButton::clicked, this, [this] { setStatus(ConversationStatus::Open); });
    connect(m_empty, &widgets::EmptyState::actionTriggered, this, &ConversationListView::takeOldestRequested);
    connect(m_search, &QLineEdit::textChanged, this, &ConversationListView::search);
    connect(&m_conversations, &ConversationStore::searched, this,
            [this](const QString &, const auto &hits) { showFound(hits); });
    connect(m_search, &widgets::SearchField::left, this, [this] {
        m_search->hide();
        focusRows();
    });
    m_search->installEventFilter(this);
}

void ConversationListView::connectRows()
{
    // Selected, not current: a list that gets the focus makes its first row current, and nobody chose that
    // one.
    connect(m_rows->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        const auto chosen = m_rows->selectionModel()->selectedIndexes();
        if (!m_silent && !chosen.isEmpty())
            choose(chosen.first().row());
    });
    connect(m_rows, &widgets::RowListView::opened, this, [this](const QModelIndex &index) {
        select(m_model.idAt(index.row()));
        Q_EMIT entered();
    });
    connect(m_rows, &widgets::RowListView::contextMenuRequested, this,
            [this](const QModelIndex &index, const QPoint &at) {
                Q_EMIT menuRequested(m_model.idAt(index.row()), at);
            });
    // Removing the current row makes a view choose another one: not here.
    connect(m_rowsModel, &QAbstractItemModel::rowsAboutToBeRemoved, this, [this] { m_silent = true; });
    connect(m_rowsModel, &QAbstractItemModel::modelAboutToBeReset, this, [this] { m_silent = true; });
    for (const auto after : {&QAbstractItemModel::rowsRemoved, &QAbstractItemModel::rowsInserted})
        connect(m_rowsModel, after, this, [this] {
            m_silent = false;
            mark();
            showContent();
        });
    connect(m_rowsModel, &QAbstractItemModel::modelReset, this, [this] {
        m_silent = false;
        mark();
        showContent();
    });
    connect(&m_model, &ConversationListModel::countsChanged, this, &ConversationListView::showCounts);
}

void ConversationListView::choose(int row)
{
    const auto id = m_model.idAt(row);
    m_lastRow = row;
    if (m_open == id)
        return;
    m_open = id;
    Q_EMIT currentChanged(id);
}

void ConversationListView::mark()
{
    const int row = m_open ? m_model.indexOf(*m_open) : -1;
    if (row >= 0)
        m_lastRow = row;
    const auto wanted = row >= 0 ? m_rowsModel->index(row, 0) : QModelIndex{};
    if (m_rows->currentIndex() == wanted && m_rows->selectionModel()->isSelected(wanted) == wanted.isValid())
        return;
    m_silent = true;
    m_rows->setCurrentIndex(wanted);
    if (!wanted.isValid())
        m_rows->clearSelection();
    m_silent = false;
}

void ConversationListView::showView(const View &view)
{
    m_viewTitle = view.title;
    m_search->hide();
    m_fixed = Fixed::No;
    auto query = m_model.query();
    query.status = view.status;
    query.inbox = view.inbox;
    query.team = view.team;
    query.label = view.label;
    apply(query);
}

void ConversationListView::showFixed(const QString &title, std::vector<domain::ConversationId> ids)
{
    m_viewTitle = title;
    m_search->hide();
    m_fixed = Fixed::Ids;
    m_beforeSearch = Fixed::Ids;
    m_ids = std::move(ids);
    m_model.showFound(m_ids);
    showCounts();
    showContent();
}

void ConversationListView::apply(const storage::ListQuery &query)
{
    m_model.setQuery(query);
    m_tabs->setCurrent(tabOf(query.owner));
    showCounts();
    showContent();
}

void ConversationListView::setTab(Owner owner)
{
    auto query = m_model.query();
    query.owner = owner;
    apply(query);
    Q_EMIT tabChanged(owner);
}

void ConversationListView::setStatus(std::optional<ConversationStatus> status)
{
    auto query = m_model.query();
    query.status = status;
    apply(query);
}

void ConversationListView::setCompact(bool compact)
{
    m_rows->setCompact(compact);
}

void ConversationListView::setFirstSync(bool running, qint64 done, qint64 total)
{
    m_firstSync = running;
    const QLocale locale;
    m_progress->setText(
        total > 0
            ? tr("Getting your conversations: %1 of %2").arg(locale.toString(done), locale.toString(total))
            : tr("Getting your conversations…"));
    showContent();
}

void ConversationListView::showCounts()
{
    m_title->setText(m_viewTitle);
    const bool isQuery = m_fixed == Fixed::No;
    m_tabs->setVisible(isQuery);
    m_filter->setVisible(isQuery);
    m_order->setVisible(isQuery);
    m_statusPill->setVisible(isQuery && m_model.query().status != ConversationStatus::Open);
    if (!isQuery)
        return;
    const auto &status = m_model.query().status;
    const auto text = status ? ConversationStore::statusText(*status) : tr("Any status");
    m_statusPill->setLook({.text = text, .icon = QStringLiteral("x"), .tone = widgets::Tone::Accent});
    m_statusPill->setAccessibleName(tr("Status: %1. Show open ones").arg(text));
    m_tabs->setCount(mineTab, m_model.count(Owner::Mine));
    m_tabs->setCount(unassignedTab, m_model.count(Owner::Unassigned));
    m_tabs->setCount(allTab, m_model.count(Owner::All));
    if (m_stack->currentWidget() == m_empty)
        showEmpty();
}

void ConversationListView::showContent()
{
    if (m_model.rowCount() > 0) {
        m_stack->setCurrentWidget(m_rows);
    } else if (m_firstSync) {
        m_stack->setCurrentWidget(m_skeleton);
    } else {
        showEmpty();
        m_stack->setCurrentWidget(m_empty);
    }
}

void ConversationListView::showEmpty()
{
    if (m_fixed == Fixed::Search) {
        m_empty->setMessage(
            QStringLiteral("search"), tr("Nothing found"),
            m_conversations.isIndexing()
                ? tr("Older messages are still being made ready for search. Try again in a moment.")
                : tr("Only what is on this device is searched: names, addresses and messages."));
        return;
    }
    if (m_fixed == Fixed::Ids) {
        m_empty->setMessage(QStringLiteral("file-pen"), tr("No drafts"),
                            tr("What you write is kept here until you send it."));
        return;
    }
    const auto &query = m_model.query();
    const bool isInbox = query.status == ConversationStatus::Open && query.owner == Owner::Mine;
    if (const int waiting = isInbox ? m_model.count(Owner::Unassigned) : 0; waiting > 0)
        m_empty->setMessage(QStringLiteral("circle-check"), tr("Inbox zero"),
                            tr("%n unassigned conversation(s) are waiting.", nullptr, waiting),
                            tr("Take the oldest"));
    else if (query.status == ConversationStatus::Open)
        m_empty->setMessage(QStringLiteral("inbox"), tr("Nothing open"),
                            tr("New conversations appear here as soon as somebody writes."));
    else
        m_empty->setMessage(QStringLiteral("inbox"), tr("Nothing here"),
                            tr("No conversation has this status. Choose another one with the filter above."));
}

std::optional<domain::ConversationId>
ConversationListView::neighbourOf(const domain::ConversationId &id) const
{
    const int row = m_model.indexOf(id);
    const int count = m_model.rowCount();
    if (row < 0)
        return count > 0 ? std::optional{m_model.idAt(qBound(0, m_lastRow, count - 1))} : std::nullopt;
    if (row + 1 < count)
        return m_model.idAt(row + 1);
    return row > 0 ? std::optional{m_model.idAt(row - 1)} : std::nullopt;
}

void ConversationListView::select(const domain::ConversationId &id)
{
    const bool isNew = m_open != id;
    m_open = id;
    mark();
    if (const auto current = m_rows->currentIndex(); current.isValid())
        m_rows->scrollTo(current);
    if (isNew)
        Q_EMIT currentChanged(id);
}

void ConversationListView::step(int by)
{
    const int count = m_model.rowCount();
    if (count == 0)
        return;
    const int here = m_open ? m_model.indexOf(*m_open) : -1;
    int row = here + by;
    if (here < 0)
        row = m_lastRow < 0 ? 0 : by > 0 ? m_lastRow : m_lastRow - 1;
    select(m_model.idAt(qBound(0, row, count - 1)));
}

void ConversationListView::focusRows()
{
    m_rows->setFocus(Qt::ShortcutFocusReason);
}

void ConversationListView::openSearch()
{
    m_search->show();
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void ConversationListView::search(const QString &words)
{
    if (words.trimmed().isEmpty()) {
        m_conversations.stopLooking();
        if (m_fixed != Fixed::Search)
            return;
        m_fixed = m_beforeSearch;
        if (m_fixed == Fixed::Ids)
            showFixed(m_viewTitle, m_ids);
        else
            apply(m_model.query());
        return;
    }
    m_conversations.look(words);
}

// Until something is found the list stays as it was.
void ConversationListView::showFound(const std::vector<storage::SearchHit> &hits)
{
    if (m_fixed != Fixed::Search)
        m_beforeSearch = m_fixed;
    m_fixed = Fixed::Search;
    m_model.showFound(hits);
    showCounts();
    showContent();
}

bool ConversationListView::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_search && event->type() == QEvent::Hide && !m_search->text().isEmpty())
        m_search->clear();
    return Surface::eventFilter(watched, event);
}

void ConversationListView::chooseStatus()
{
    auto *menu = newMenu(*m_filter);
    const std::optional<ConversationStatus> all[]{ConversationStatus::Open, ConversationStatus::Pending,
                                                  ConversationStatus::Snoozed, ConversationStatus::Resolved,
                                                  std::nullopt};
    for (const auto &status : all) {
        auto *action = menu->addAction(status ? ConversationStore::statusText(*status) : tr("Any status"),
                                       this, [this, status] { setStatus(status); });
        action->setCheckable(true);
        action->setChecked(m_model.query().status == status);
    }
    menu->popup(m_filter->mapToGlobal(QPoint{0, m_filter->height()}));
}

void ConversationListView::chooseOrder()
{
    auto *menu = newMenu(*m_order);
    const std::pair<Order, QString> all[]{{Order::NewestActivity, tr("Newest first")},
                                          {Order::OldestActivity, tr("Oldest first")},
                                          {Order::Priority, tr("By priority")}};
    for (const auto &[order, text] : all) {
        auto *action = menu->addAction(text, this, [this, order = order] {
            auto query = m_model.query();
            query.order = order;
            apply(query);
        });
        action->setCheckable(true);
        action->setChecked(m_model.query().order == order);
    }
    menu->popup(m_order->mapToGlobal(QPoint{0, m_order->height()}));
}

} // namespace client::conversations
