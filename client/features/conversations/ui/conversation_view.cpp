#include "client/features/conversations/ui/conversation_view.h"

#include "client/features/accounts/logic/user_store.h"
#include "client/features/contacts/logic/contact_store.h"
#include "client/features/conversations/logic/attention.h"
#include "client/features/conversations/logic/composer_presenter.h"
#include "client/features/conversations/logic/presence_store.h"
#include "client/features/conversations/logic/written_message.h"
#include "client/features/conversations/ui/composer_view.h"
#include "client/features/conversations/ui/problem_buttons.h"
#include "client/features/conversations/ui/row_model.h"
#include "client/features/conversations/ui/timeline_thread_model.h"
#include "client/features/inboxes/logic/inbox_store.h"
#include "client/widgets/basic/banner.h"
#include "client/widgets/composer/composer.h"
#include "client/widgets/thread/thread_view.h"

#include <QDesktopServices>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QSaveFile>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QVBoxLayout>

#include <array>

namespace client::conversations {

namespace {

/// What may be handed to the system's viewer at a click; everything else is only saved.
bool isHarmless(const std::string &mime)
{
    static constexpr std::array kinds{"image/", "audio/", "video/", "application/pdf", "text/plain"};
    return std::any_of(kinds.begin(), kinds.end(),
                       [&mime](const char *kind) { return mime.rfind(kind, 0) == 0; }) &&
           mime != "image/svg+xml";
}

bool isWebLink(const QUrl &url)
{
    return url.scheme() == QStringLiteral("http") || url.scheme() == QStringLiteral("https") ||
           url.scheme() == QStringLiteral("mailto");
}

} // namespace

ConversationView::ConversationView(Parts parts, QWidget *parent)
    : Surface{&widgets::Tokens::surface, parent}
    , m_parts{std::move(parts)}
    , m_messages{new TimelineThreadModel{m_parts.timeline, m_parts.files, this}}
    , m_header{new ConversationHeaderView{this}}
    , m_thread{new widgets::ThreadView{this}}
    , m_composer{new ComposerView{m_parts.composer, this}}
    , m_stack{new QStackedWidget{this}}
    , m_empty{new widgets::EmptyState{this}}
{
    setObjectName(QStringLiteral("threadPane"));
    m_thread->setObjectName(QStringLiteral("messages"));
    auto *whole = new QVBoxLayout{this};
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(m_stack);
    auto *pane = new QWidget{this};
    auto *column = new QVBoxLayout{pane};
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(new widgets::Hairline{Qt::Horizontal, this});
    column->addWidget(m_thread, 1);
    column->addWidget(m_composer);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(pane);
    m_empty->setMessage(QStringLiteral("messages-square"), tr("No conversation chosen"),
                        tr("Choose one in the list, or press J to open the next one."));
    setFocusProxy(m_thread);
    connectThread();

    const auto isMine = [this](const domain::ConversationId &id) { return m_current == id; };
    connect(&m_parts.conversations, &ConversationStore::changed, this,
            [this, isMine](const domain::ConversationId &id) {
                if (isMine(id))
                    refreshHeader();
            });
    connect(&m_parts.conversations, &ConversationStore::reset, this, [this] { open(m_current); });
    connect(&m_parts.presence, &PresenceStore::changed, this,
            [this, isMine](const domain::ConversationId &id) {
                if (isMine(id)) {
                    refreshHeader();
                    refreshTyping();
                }
            });
    connect(&m_parts.stores.contacts, &contacts::ContactStore::changed, this, [this] { refreshHeader(); });
    connect(&m_parts.stores.users, &accounts::UserStore::changed, this, [this] { refreshHeader(); });
    connect(&m_parts.stores.inboxes, &inboxes::InboxStore::changed, this, [this] { refreshHeader(); });
    open(std::nullopt);
}

ConversationView::~ConversationView() = default;

void ConversationView::connectThread()
{
    using widgets::ThreadView;
    m_thread->setModel(m_messages);
    connect(m_thread, &ThreadView::topApproached, this, [this] {
        m_messages->wantMoreThumbnails();
        if (m_parts.timeline.hasOlder())
            m_parts.timeline.loadOlder();
    });
    connect(m_thread, &ThreadView::itemSeen, this, [this](const QString &itemId) {
        if (const int row = m_parts.timeline.indexOf(itemId); row >= 0) {
            m_seenN = qMax(m_seenN, m_parts.timeline.entry(row).n);
            if (m_lookedAt)
                m_parts.composer.noteSeen(m_seenN);
            markSeen();
        }
    });
    connect(m_thread, &ThreadView::linkActivated, this, [](const QUrl &url) {
        if (isWebLink(url))
            QDesktopServices::openUrl(url);
    });
    connect(m_thread, &ThreadView::attachmentOpened, this,
            [this](const QString &, const QString &attachment) { openFile(attachment, false); });
    connect(m_thread, &ThreadView::attachmentSaved, this,
            [this](const QString &, const QString &attachment) { openFile(attachment, true); });
    connect(m_thread, &ThreadView::actionRequested, this, &ConversationView::act);
    connect(m_thread, &ThreadView::contextMenuAboutToShow, this, [this](QMenu *menu, const QString &itemId) {
        const int row = m_parts.timeline.indexOf(itemId);
        if (row < 0)
            return;
        const auto entry = m_parts.timeline.entry(row);
        const auto id = base::Uuid::parse(itemId.toStdString());
        if (!id)
            return;
        if (!entry.undoable)
            addProblemActions(*menu, *id);
    });
    connect(&m_parts.stores.session, &sync::Session::warned, this, [this](const storage::Intent &intent) {
        const auto message =
            intent.op == protocol::DiscardMessage::name ? decidedMessage(intent) : std::nullopt;
        if (message && m_parts.stores.session.reader().message({*message}))
            Q_EMIT said(tr("Too late: your reply had gone out already."));
    });
    connect(m_composer, &ComposerView::left, this, &ConversationView::focusThread);
    connect(m_composer, &ComposerView::editLastRequested, this, [this] {
        for (int row = m_parts.timeline.rowCount() - 1; row >= 0; --row) {
            const auto &entry = m_parts.timeline.entry(row);
            if (!entry.undoable && entry.state != TimelineEntry::State::Failed &&
                entry.state != TimelineEntry::State::Held)
                continue;
            if (const auto id = base::Uuid::parse(entry.id.toStdString()))
                m_parts.composer.takeBack(domain::MessageId{*id});
            return;
        }
    });
    connect(&m_parts.composer, &ComposerPresenter::sent, m_thread, &ThreadView::scrollToEnd);
    connect(&m_parts.composer, &ComposerPresenter::stopped, m_thread, &ThreadView::scrollToEnd);
}

// The word beside a message's state: Undo, Retry, Review.
void ConversationView::act(const QString &itemId)
{
    const int row = m_parts.timeline.indexOf(itemId);
    const auto id = base::Uuid::parse(itemId.toStdString());
    if (row < 0 || !id || !m_current)
        return;
    const auto &entry = m_parts.timeline.entry(row);
    const domain::MessageId message{*id};
    const bool undelivered =
        entry.state == TimelineEntry::State::Undelivered || entry.state == TimelineEntry::State::Uncertain;
    if (entry.undoable) {
        m_parts.composer.takeBack(message);
        m_composer->focusReply();
    } else if (undelivered) {
        m_parts.actions.retryDelivery(*m_current, message, [this](const base::Status &status) {
            if (!status)
                Q_EMIT said(ConversationActions::explain(status.error().code));
        });
    } else {
        Q_EMIT retryRequested(message);
    }
}

bool ConversationView::undoLastReply()
{
    for (int row = m_parts.timeline.rowCount() - 1; row >= 0; --row)
        if (const auto &entry = m_parts.timeline.entry(row); entry.undoable) {
            act(QString{entry.id});
            return true;
        }
    return false;
}

// What the panel offers, where the words stand.
void ConversationView::addProblemActions(QMenu &menu, const base::Uuid &id)
{
    for (const auto &problem : problemsOf(m_parts.stores)) {
        if (problem.mid != id)
            continue;
        menu.addSeparator();
        for (const auto action : problem.actions) {
            using Action = Problem::Action;
            if (action == Action::ShowBoth || action == Action::Open || action == Action::CopyText)
                continue; // it is on screen, and the menu copies already
            const auto title = buttonText(problem, action).replace(QLatin1Char{'&'}, QStringLiteral("&&"));
            menu.addAction(title, this, [this, problem, action] {
                if (action == Action::EditAndSend)
                    m_parts.composer.takeBack(domain::MessageId{problem.mid});
                else
                    m_parts.actions.resolve(problem, action, [this](const base::Status &status) {
                        if (!status)
                            Q_EMIT said(ConversationActions::explain(status.error().code));
                    });
            });
        }
    }
}

void ConversationView::open(std::optional<domain::ConversationId> id)
{
    const bool isOther = m_current != id;
    m_current = id;
    m_stack->setCurrentIndex(id ? 1 : 0);
    if (isOther) {
        m_seenN = 0;
        m_wanted.clear();
    }
    m_parts.timeline.open(id.value_or(domain::ConversationId{}));
    if (isOther) {
        using Mode = ComposerPresenter::Mode;
        m_parts.composer.open(id.value_or(domain::ConversationId{}));
        const auto &text = m_parts.composer.state().text;
        const bool onlyNote = text[static_cast<std::size_t>(Mode::Reply)].isEmpty() &&
                              !text[static_cast<std::size_t>(Mode::Note)].isEmpty();
        m_parts.composer.setMode(onlyNote ? Mode::Note : Mode::Reply);
    }
    refreshHeader();
    refreshTyping();
}

void ConversationView::focusThread()
{
    m_thread->setFocus(Qt::OtherFocusReason);
}

void ConversationView::refreshHeader()
{
    if (!m_current)
        return;
    const auto view = m_parts.conversations.find(*m_current);
    if (!view)
        return;
    const auto &conversation = view->conversation;
    const auto &stores = m_parts.stores;
    const auto *inbox = stores.inboxes.find(conversation.inbox);
    ConversationHeaderView::State state;
    state.title = stores.contacts.nameOf(conversation.contact);
    state.channelIcon = channelIcon(inbox ? inbox->channel : std::string{});
    const auto place = stores.inboxes.nameOf(conversation.inbox);
    state.channelText = conversation.number ? tr("%1 · #%2").arg(place).arg(conversation.number) : place;
    const auto writing = m_parts.presence.agentsTyping(*m_current);
    const auto viewing = m_parts.presence.agentsViewing(*m_current);
    state.viewersWrite = !writing.isEmpty();
    if (!writing.isEmpty())
        state.viewers = tr("%1 is replying").arg(writing.first());
    else if (viewing.size() == 1)
        state.viewers = tr("%1 is viewing").arg(viewing.first());
    else if (viewing.size() > 1)
        state.viewers = tr("%1 and %n more are viewing", nullptr, static_cast<int>(viewing.size() - 1))
                            .arg(viewing.first());
    if (conversation.assignee) {
        state.assignee = stores.users.nameOf(*conversation.assignee);
        state.isMine = *conversation.assignee == stores.users.me();
    }
    if (conversation.status == domain::ConversationStatus::Snoozed)
        state.snoozed = ConversationStore::snoozeText(conversation, m_parts.clock.now());
    else if (conversation.status != domain::ConversationStatus::Open)
        state.status = ConversationStore::statusText(conversation.status);
    state.resolved = conversation.status == domain::ConversationStatus::Resolved;
    m_header->show(state);
    m_composer->setContact(state.title);
}

void ConversationView::refreshTyping()
{
    const auto name = m_current ? m_parts.presence.customerTyping(*m_current) : QString{};
    m_thread->setTyping(name, name);
}

void ConversationView::setLookedAt(bool lookedAt)
{
    m_lookedAt = lookedAt;
    markSeen();
}

void ConversationView::markSeen()
{
    if (m_lookedAt && m_current && m_seenN > 0)
        m_parts.actions.markRead(*m_current, m_seenN);
}

void ConversationView::openFile(const QString &attachment, bool save)
{
    const auto known = m_messages->attachment(attachment);
    if (!known)
        return;
    if (const auto path = m_parts.files.fetch(known->id, false); !path.isEmpty()) {
        deliver(attachment, path, save);
        return;
    }
    m_wanted.insert(attachment, save);
    m_messages->setFetching(attachment, true);
}

void ConversationView::fileArrived(const QString &id, bool thumbnail, const QString &path)
{
    if (thumbnail) {
        m_messages->showThumbnail(id, path);
        return;
    }
    m_messages->setFetching(id, false);
    if (m_wanted.contains(id))
        deliver(id, path, m_wanted.take(id));
}

void ConversationView::fileFailed(const QString &id, bool thumbnail)
{
    if (thumbnail)
        return;
    m_messages->setFetching(id, false);
    if (m_wanted.remove(id))
        Q_EMIT said(tr("The file could not be fetched. Try again when you are online."));
}

void ConversationView::deliver(const QString &attachment, const QString &path, bool save)
{
    const auto known = m_messages->attachment(attachment);
    if (!known)
        return;
    const auto name = safeFileName(QString::fromStdString(known->name));
    if (!save && isHarmless(known->mime)) {
        if (!m_opened)
            m_opened = std::make_unique<QTemporaryDir>();
        const auto copy = m_opened->filePath(name);
        if (copyFile(path, copy))
            QDesktopServices::openUrl(QUrl::fromLocalFile(copy));
        return;
    }
    const auto folder = QStandardPaths::writableLocation(QStandardPaths::DownloadLocation);
    auto *dialog = new QFileDialog{this, tr("Save file"), folder};
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->selectFile(name);
    connect(dialog, &QFileDialog::fileSelected, this, [this, path](const QString &target) {
        Q_EMIT said(copyFile(path, target) ? tr("Saved as %1").arg(QFileInfo{target}.fileName())
                                           : tr("The file could not be saved there."));
    });
    dialog->open();
}

bool ConversationView::copyFile(const QString &path, const QString &target) const
{
    const auto from = m_parts.files.open(path);
    QSaveFile to{target};
    if (!from || !to.open(QIODevice::WriteOnly))
        return false;
    constexpr qint64 piece = 1 << 20;
    while (!from->atEnd()) {
        const auto bytes = from->read(piece);
        if (bytes.isEmpty() || to.write(bytes) != bytes.size())
            return false;
    }
    return to.commit();
}

void ConversationView::resizeEvent(QResizeEvent *event)
{
    Surface::resizeEvent(event);
    m_composer->box()->setHeightLimit(height() * 45 / 100);
}

} // namespace client::conversations
