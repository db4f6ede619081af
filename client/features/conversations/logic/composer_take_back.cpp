#include "client/features/accounts/logic/user_store.h"
#include "client/features/conversations/logic/attention.h"
#include "client/features/conversations/logic/composer_presenter.h"
#include "client/features/conversations/logic/written_message.h"
#include "client/sync/session.h"

#include <QLocale>
#include <QPointer>

// The half of ComposerPresenter that brings words back into the box.
namespace client::conversations {

ComposerPresenter::Attachment ComposerPresenter::attachmentOf(const base::Uuid &upload,
                                                              const QString &name) const
{
    const auto known = m_stores.session.reader().upload(upload);
    return {QString::fromStdString(upload.text()), known ? QString::fromStdString(known->name) : name,
            known ? QLocale{}.formattedDataSize(known->size) : tr("sent already"), -1, false};
}

void ComposerPresenter::restore(Mode mode, const QString &body, const std::vector<Attachment> &attachments)
{
    auto state = m_state;
    state.mode = mode;
    auto &text = state.text[static_cast<std::size_t>(mode)];
    text = text.trimmed().isEmpty() ? body : text + QLatin1Char{'\n'} + body;
    state.attachments.insert(state.attachments.end(), attachments.begin(), attachments.end());
    beganTyping(m_stores.session.reader().confirmedN(m_id));
    show(state, true);
    m_save.start();
}

void ComposerPresenter::takeBack(const domain::MessageId &id)
{
    if (takeBackProblem(id))
        return;
    auto &reader = m_stores.session.reader();
    if (const auto intent = reader.intent(id.value);
        intent && intent->state != storage::IntentState::Accepted)
        return takeBackWaiting(*intent);
    const auto view = reader.message(id);
    if (!view || view->message.conversation != m_id || view->delivery != "pending" ||
        view->message.author.user != m_stores.users.me())
        return;
    std::vector<base::Uuid> uploads;
    for (const auto &file : view->message.attachments)
        uploads.push_back(file.id.value);
    undo(id, Mode::Reply, QString::fromStdString(view->message.body), uploads);
}

bool ComposerPresenter::takeBackProblem(const domain::MessageId &id)
{
    for (const auto &problem : problemsOf(m_stores)) {
        if (problem.mid != id.value || problem.conversation != m_id || problem.isWaiting)
            continue;
        std::vector<Attachment> attachments;
        for (std::size_t i = 0; i < problem.uploads.size(); ++i)
            attachments.push_back(attachmentOf(problem.uploads[i], problem.files[static_cast<qsizetype>(i)]));
        setReplaced(m_id, {problem.attempt.value_or(problem.mid),
                           problem.isHeld ? std::optional{problem.mid} : std::nullopt});
        restore(problem.isNote ? Mode::Note : Mode::Reply, problem.content, attachments);
        return true;
    }
    return false;
}

// Not sent yet: nobody will ever know. Sent, and not answered: taken back right behind it, on the same lane.
void ComposerPresenter::takeBackWaiting(const storage::Intent &intent)
{
    const auto written = writtenIn(intent);
    if (!written || written->conversation != m_id)
        return;
    const auto mode = written->kind == domain::MessageKind::Note ? Mode::Note : Mode::Reply;
    const domain::MessageId id{intent.mid};
    const auto text = QString::fromStdString(written->body);
    if (intent.state == storage::IntentState::Attempted) {
        if (mode == Mode::Reply)
            undo(id, mode, text, intent.uploads);
        return;
    }
    std::vector<Attachment> attachments;
    for (const auto &upload : intent.uploads)
        attachments.push_back(attachmentOf(upload, {}));
    m_stores.session.cancel(id.value, [this, self = QPointer{this}, conversation = m_id, id, mode, text,
                                       attachments, uploads = intent.uploads](bool cancelled) {
        if (!self || conversation != m_id)
            return;
        if (!cancelled && mode == Mode::Reply)
            return undo(id, mode, text, uploads);
        if (cancelled) {
            openAgain(id);
            restore(mode, text, attachments);
        }
    });
}

void ComposerPresenter::undo(const domain::MessageId &id, Mode mode, const QString &text,
                             const std::vector<base::Uuid> &uploads)
{
    std::vector<Attachment> attachments;
    for (const auto &upload : uploads)
        attachments.push_back(attachmentOf(upload, tr("File")));
    m_actions.undoSend(m_id, id);
    openAgain(id);
    restore(mode, text, attachments);
}

// Send and resolve were one step: so is the way back.
void ComposerPresenter::openAgain(const domain::MessageId &id)
{
    if (const auto before = m_resolvedWith.extract(id); !before.empty())
        m_actions.setStatus(m_id, before.mapped());
}

} // namespace client::conversations
