#include "client/features/conversations/logic/problems_model.h"

#include "client/features/contacts/logic/contact_store.h"
#include "client/features/conversations/logic/conversation_actions.h"
#include "client/features/conversations/logic/written_message.h"
#include "client/sync/session.h"
#include "shared/base/json.h"

namespace client::conversations {

ProblemsModel::ProblemsModel(Stores stores, ConversationStore &conversations, QObject *parent)
    : QAbstractListModel{parent}
    , m_stores{stores}
    , m_conversations{conversations}
{
    connect(&stores.session, &sync::Session::intentsChanged, this, &ProblemsModel::refresh);
    refresh();
}

int ProblemsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

QVariant ProblemsModel::data(const QModelIndex &at, int role) const
{
    if (!checkIndex(at, CheckIndexOption::IndexIsValid))
        return {};
    const auto &shown = entry(at.row());
    switch (role) {
    case MidRole:
        return QString::fromStdString(shown.mid.text());
    case Qt::DisplayRole:
    case TitleRole:
        return shown.title;
    case ReasonRole:
        return shown.reason;
    case ContentRole:
        return shown.content;
    case AtRole:
        return shown.at;
    default:
        return {};
    }
}

void ProblemsModel::refresh()
{
    std::vector<Entry> fresh;
    for (const auto &problem : m_stores.session.reader().problems()) {
        Entry entry;
        entry.mid = problem.mid;
        entry.at = base::toMs(problem.madeAt);
        entry.reason = ConversationActions::explain(problem.code);
        entry.canRetry = problem.code != base::ErrorCode::Gone && problem.code != base::ErrorCode::Invalid;
        const auto args = base::parseJson(problem.args);
        if (const auto id = args ? base::uuidField(*args, "conv") : std::nullopt)
            entry.conversation = {*id};
        const auto view = m_conversations.find(entry.conversation);
        const auto name =
            view ? m_stores.contacts.nameOf(view->conversation.contact) : tr("an unknown conversation");
        if (const auto written = writtenIn(problem)) {
            const bool note = written->kind == domain::MessageKind::Note;
            entry.title = note ? tr("Note on %1").arg(name) : tr("Reply to %1").arg(name);
            entry.content = QString::fromStdString(written->body);
            entry.canBecomeNote = !note;
        } else {
            entry.title = tr("Change to %1").arg(name);
        }
        fresh.push_back(std::move(entry));
    }
    beginResetModel();
    m_entries = std::move(fresh);
    endResetModel();
}

void ProblemsModel::retry(const base::Uuid &mid)
{
    m_stores.session.retryProblem(mid);
}

void ProblemsModel::turnIntoNote(const base::Uuid &mid)
{
    const auto intent = m_stores.session.reader().intent(mid);
    auto written = intent ? writtenIn(*intent) : std::nullopt;
    if (!written)
        return;
    written->kind = domain::MessageKind::Note;
    m_stores.session.retryProblem(mid, base::toText(protocol::toJson(*written)));
}

void ProblemsModel::discard(const base::Uuid &mid)
{
    m_stores.session.discardProblem(mid);
}

} // namespace client::conversations
