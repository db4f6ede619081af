#include "client/features/conversations/logic/composer_presenter.h"

#include "client/features/accounts/logic/user_store.h"
#include "client/features/contacts/logic/contact_store.h"
#include "client/features/conversations/logic/attention.h"
#include "client/features/conversations/logic/written_message.h"
#include "client/features/inboxes/logic/inbox_store.h"
#include "client/sync/session.h"
#include "shared/base/json.h"
#include "shared/domain/conversations/conversation_rules.h"

#include <QDateTime>
#include <QLocale>
#include <QPointer>

#include <algorithm>

namespace client::conversations {

namespace {

constexpr int saveAfterMs = 400;
constexpr int quietAfterMs = 5000;
constexpr int shareAfterMs = 2000;
constexpr qint64 tellEveryMs = 4000;
constexpr qint64 noticedAfterMs = 700;
constexpr int quoteLength = 80;
constexpr std::chrono::milliseconds longestWait = std::chrono::hours{1}; // then it is looked at again

std::size_t at(ComposerPresenter::Mode mode)
{
    return static_cast<std::size_t>(mode);
}

bool canSend(const ComposerPresenter::State &state)
{
    const bool broken = std::any_of(state.attachments.begin(), state.attachments.end(),
                                    [](const auto &attachment) { return attachment.failed; });
    const bool isTaken = state.mode == ComposerPresenter::Mode::Note || state.closed.isEmpty();
    return state.enabled && !broken && isTaken &&
           (!state.text[at(state.mode)].trimmed().isEmpty() || !state.attachments.empty());
}

} // namespace

ComposerPresenter::ComposerPresenter(Stores stores, ConversationStore &conversations,
                                     ConversationActions &actions, QObject *parent)
    : QObject{parent}
    , m_stores{stores}
    , m_conversations{conversations}
    , m_actions{actions}
{
    m_save.setSingleShot(true);
    m_save.setInterval(saveAfterMs);
    connect(&m_save, &QTimer::timeout, this, &ComposerPresenter::saveDraft);
    m_quiet.setSingleShot(true);
    m_quiet.setInterval(quietAfterMs);
    connect(&m_quiet, &QTimer::timeout, this, &ComposerPresenter::stopComposing);
    m_share.setSingleShot(true);
    m_share.setInterval(shareAfterMs);
    connect(&m_share, &QTimer::timeout, this, &ComposerPresenter::shareDraft);
    m_window.setSingleShot(true);
    connect(&m_window, &QTimer::timeout, this, &ComposerPresenter::lookAtWindow);
    connect(&stores.session, &sync::Session::connectionChanged, this, &ComposerPresenter::lookAtWindow);
    connect(&stores.inboxes, &inboxes::InboxStore::changed, this, &ComposerPresenter::lookAtWindow);
    connect(&conversations, &ConversationStore::reset, this, &ComposerPresenter::lookAtWindow);
    connect(&conversations, &ConversationStore::changed, this, [this](const domain::ConversationId &id) {
        if (id == m_id)
            lookAtWindow();
    });
    connect(&stores.session, &sync::Session::changed, this, [this](const sync::Changes &changes) {
        const bool mine = std::any_of(changes->begin(), changes->end(), [this](const auto &change) {
            return change.type == protocol::EntityType::Draft && change.id == m_id.value;
        });
        if (mine)
            adoptDraft();
    });
    connect(
        &stores.session, &sync::Session::uploadChanged, this, [this](const sync::UploadProgress &progress) {
            auto state = m_state;
            const auto id = QString::fromStdString(progress.upload.id.text());
            for (auto &attachment : state.attachments) {
                if (attachment.id != id)
                    continue;
                using UploadState = storage::Upload::State;
                attachment.name = QString::fromStdString(progress.upload.name);
                attachment.detail = QLocale{}.formattedDataSize(progress.upload.size);
                attachment.progress =
                    progress.upload.state == UploadState::Waiting && progress.sent > 0
                        ? static_cast<int>(100 * progress.sent / std::max<qint64>(1, progress.upload.size))
                        : -1;
                attachment.failed = progress.upload.state == UploadState::Refused;
                if (attachment.failed)
                    attachment.detail = tr("The server does not accept this file.");
            }
            show(state);
        });
}

ComposerPresenter::~ComposerPresenter()
{
    saveDraft();
    shareDraft();
}

QString ComposerPresenter::key(Mode mode) const
{
    return (mode == Mode::Reply ? QStringLiteral("reply:") : QStringLiteral("note:")) +
           QString::fromStdString(m_id.text());
}

void ComposerPresenter::open(const domain::ConversationId &id)
{
    if (id == m_id)
        return;
    saveDraft();
    shareDraft();
    stopComposing();
    m_id = id;
    m_afterQuestion = After::Stay;
    if (const auto view = m_conversations.find(id))
        beganTyping(view->unread > 0 ? view->readN : m_stores.session.reader().confirmedN(id));
    loadDraft();
}

void ComposerPresenter::setMode(Mode mode)
{
    auto state = m_state;
    state.mode = mode;
    stopComposing();
    show(state);
}

void ComposerPresenter::edit(const QString &text)
{
    auto state = m_state;
    const bool wasEmpty = state.text[at(state.mode)].trimmed().isEmpty();
    if (wasEmpty && !text.trimmed().isEmpty())
        beganTyping(m_stores.session.reader().confirmedN(m_id));
    state.text[at(state.mode)] = text;
    state.error.clear();
    state.question.clear();
    if (text.trimmed().isEmpty() && !wasEmpty)
        setReplaced(m_id, {}); // other words will not be a correction of those
    if (!m_save.isActive())    // not put off by the next key: who never pauses would never be saved
        m_save.start();
    m_share.start();
    m_editedAt = m_stores.session.clock().now();
    if (text.trimmed().isEmpty())
        stopComposing();
    else
        tellComposing();
    show(state);
}

void ComposerPresenter::tellComposing()
{
    if (m_id.isNull())
        return;
    m_quiet.start();
    const auto now = m_stores.session.clock().monotonic().count();
    if (m_told && now - m_toldAt < tellEveryMs)
        return;
    m_told = true;
    m_toldAt = now;
    m_stores.session.composing(m_id, true, m_state.mode == Mode::Note);
}

void ComposerPresenter::stopComposing()
{
    m_quiet.stop();
    if (!std::exchange(m_told, false) || m_id.isNull())
        return;
    m_stores.session.composing(m_id, false, m_state.mode == Mode::Note);
}

void ComposerPresenter::attach(const QString &path)
{
    if (m_id.isNull())
        return;
    const auto upload = m_stores.session.attach(path, [this,
                                                       self = QPointer{this}](const base::Status &status) {
        if (!self || status)
            return;
        auto state = m_state;
        state.error = status.error().code == base::ErrorCode::TooLarge ? tr("This file is larger than 40 MB.")
                                                                       : tr("This file could not be read.");
        std::erase_if(state.attachments, [](const auto &attachment) { return attachment.detail.isEmpty(); });
        show(state);
    });
    auto state = m_state;
    state.attachments.push_back(
        {QString::fromStdString(upload.text()), path.section(QLatin1Char{'/'}, -1), {}, 0, false});
    show(state);
}

void ComposerPresenter::detach(const QString &id)
{
    auto state = m_state;
    std::erase_if(state.attachments, [&id](const auto &attachment) { return attachment.id == id; });
    if (const auto upload = base::Uuid::parse(id.toStdString()))
        m_stores.session.detach(*upload);
    show(state);
}

void ComposerPresenter::send()
{
    sendNow(After::Stay);
}

void ComposerPresenter::sendAndResolve()
{
    sendNow(After::Resolve);
}

void ComposerPresenter::sendAnyway()
{
    sendNow(std::exchange(m_afterQuestion, After::Stay), true);
}

void ComposerPresenter::keepEditing()
{
    m_afterQuestion = After::Stay;
    beganTyping(m_stores.session.reader().confirmedN(m_id)); // it was shown
    auto state = m_state;
    state.question.clear();
    show(state);
}

void ComposerPresenter::beganTyping(std::int64_t n)
{
    m_noticedN = n;
    m_onScreen.clear();
}

void ComposerPresenter::noteSeen(std::int64_t n)
{
    if (n > m_noticedN && (m_onScreen.empty() || n > m_onScreen.back().first))
        m_onScreen.emplace_back(n, m_stores.session.clock().monotonic().count());
}

std::int64_t ComposerPresenter::noticedN() const
{
    auto noticed = m_noticedN;
    const auto now = m_stores.session.clock().monotonic().count();
    for (const auto &[n, since] : m_onScreen)
        if (now - since >= noticedAfterMs)
            noticed = std::max(noticed, n);
    return noticed;
}

// What others said in public after that, in a sentence; empty for nothing.
QString ComposerPresenter::unseen() const
{
    const auto noticed = noticedN();
    int count = 0;
    QString name;
    QString text;
    for (const auto &view : m_stores.session.reader().messages(m_id)) {
        const auto &message = view.message;
        if (view.pending || message.n <= noticed || message.kind != domain::MessageKind::Public ||
            message.author.user == m_stores.users.me())
            continue;
        ++count;
        name = authorName(m_stores, message);
        if (name.isEmpty())
            name = tr("Somebody");
        text = QString::fromStdString(message.body).simplified();
    }
    if (count == 0)
        return {};
    if (count > 1)
        return tr("%n messages arrived while you were typing.", nullptr, count);
    if (text.size() > quoteLength)
        text = text.left(quoteLength) + QChar{0x2026};
    return tr("%1 wrote while you were typing: \u201C%2\u201D").arg(name, text);
}

bool ComposerPresenter::sendNow(After after, bool anyway)
{
    if (!m_state.canSend)
        return false;
    const auto seenN = m_stores.session.reader().confirmedN(m_id);
    if (const auto question = m_state.mode == Mode::Reply && !anyway ? unseen() : QString{};
        !question.isEmpty()) {
        m_afterQuestion = after;
        auto state = m_state;
        state.question = question;
        show(state);
        Q_EMIT stopped();
        return false;
    }
    const auto replaces = replaced(m_id);
    setReplaced(m_id, {});
    const auto id = m_id;
    const auto mode = m_state.mode;
    const auto text = m_state.text[at(mode)];
    const auto attachments = m_state.attachments;
    std::vector<base::Uuid> uploads;
    for (const auto &attachment : attachments)
        if (const auto upload = base::Uuid::parse(attachment.id.toStdString()))
            uploads.push_back(*upload);
    const auto view = m_conversations.find(id);
    const auto answer = [this, self = QPointer{this}, id, mode, text, attachments, replaces,
                         after](const base::Status &status) {
        if (!self)
            return;
        if (status) {
            if (after == After::Resolve)
                m_actions.setStatus(id, domain::ConversationStatus::Resolved);
            return;
        }
        auto state = m_state; // nothing was stored: the text goes back where it was
        setReplaced(id, replaces);
        if (id == m_id && state.text[at(mode)].isEmpty()) {
            state.text[at(mode)] = text;
            state.attachments = attachments;
        }
        state.error = ConversationActions::explain(status.error().code);
        show(state, true);
    };
    auto state = m_state;
    state.text[at(mode)].clear();
    state.attachments.clear();
    state.error.clear();
    state.question.clear();
    stopComposing();
    show(state, true);
    const ConversationActions::Written written{seenN, replaces.fixes, replaces.held};
    const auto message = mode == Mode::Reply ? m_actions.reply(id, text, uploads, answer, written)
                                             : m_actions.note(id, text, uploads, answer, written);
    if (after == After::Resolve && view)
        m_resolvedWith[message] = view->conversation.status;
    saveDraft();
    shareDraft();
    Q_EMIT sent(message);
    return true;
}

// By the server's clock: it is the one that refuses.
QString ComposerPresenter::closedNow()
{
    m_window.stop();
    const auto view = m_conversations.find(m_id);
    const auto *inbox = view ? m_stores.inboxes.find(view->conversation.inbox) : nullptr;
    if (!inbox || (!view->conversation.customerAt && view->conversation.customerN > 0))
        return {}; // a row of an older server does not tell; the server does, when it is asked
    const auto ends = domain::replyWindowEnds(view->conversation, inbox->replyWindowHours);
    const auto now = m_stores.session.clock().now() + m_stores.session.connection().serverAhead;
    if (!ends)
        return {};
    if (now < *ends) {
        m_window.start(std::min<std::chrono::milliseconds>(*ends - now, longestWait));
        return {};
    }
    if (*ends == base::Timestamp{})
        return tr("Replies are possible here once the customer has written. Notes are always possible.");
    const auto when =
        QDateTime::fromMSecsSinceEpoch(base::toMs(*ends - m_stores.session.connection().serverAhead));
    return tr("The time for replies ended %1. It begins again when the customer writes; notes are always "
              "possible.")
        .arg(QLocale{}.toString(when, QLocale::ShortFormat));
}

void ComposerPresenter::lookAtWindow()
{
    if (m_id.isNull())
        return;
    auto state = m_state;
    state.closed = closedNow();
    show(state);
}

void ComposerPresenter::show(State state, bool textReplaced)
{
    state.canSend = canSend(state);
    if (state == m_state && !textReplaced)
        return;
    m_state = std::move(state);
    Q_EMIT stateChanged(m_state, textReplaced);
}

} // namespace client::conversations
