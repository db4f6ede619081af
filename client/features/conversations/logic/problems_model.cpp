#include "client/features/conversations/logic/problems_model.h"

#include "client/features/conversations/logic/attention.h"
#include "client/features/conversations/logic/conversation_actions.h"
#include "client/sync/session.h"

#include <QPointer>
#include <QTimer>

#include <algorithm>

namespace client::conversations {

ProblemsModel::ProblemsModel(Stores stores, ConversationStore &conversations, ConversationActions &actions,
                             QObject *parent)
    : QAbstractListModel{parent}
    , m_stores{stores}
    , m_actions{actions}
{
    connect(&stores.session, &sync::Session::intentsChanged, this, &ProblemsModel::refresh);
    connect(&stores.session, &sync::Session::changed, this, [this](const sync::Changes &changes) {
        const bool touched = std::any_of(changes->begin(), changes->end(), [](const auto &change) {
            return change.type == protocol::EntityType::HeldReply;
        });
        if (touched || !m_entries.empty()) // what they quote may have changed
            refresh();
    });
    connect(&conversations, &ConversationStore::reset, this, &ProblemsModel::refresh);
    connect(&stores.session, &sync::Session::uploadChanged, this,
            [this](const sync::UploadProgress &progress) {
                if (progress.upload.state == storage::Upload::State::Refused)
                    refresh();
            });
    auto *minute = new QTimer{this}; // what has waited too long is told then
    connect(minute, &QTimer::timeout, this, &ProblemsModel::refresh);
    minute->start(60000);
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
        return static_cast<qint64>(base::toMs(shown.at));
    default:
        return {};
    }
}

void ProblemsModel::refresh()
{
    auto fresh = problemsOf(m_stores);
    const bool same = std::equal(fresh.begin(), fresh.end(), m_entries.begin(), m_entries.end(),
                                 [](const auto &a, const auto &b) {
                                     return a.mid == b.mid && a.code == b.code && a.reason == b.reason &&
                                            a.now == b.now && a.title == b.title && a.actions == b.actions;
                                 });
    if (same)
        return;
    beginResetModel();
    m_entries = std::move(fresh);
    endResetModel();
}

void ProblemsModel::act(const base::Uuid &mid, Problem::Action action)
{
    const auto found = std::find_if(m_entries.begin(), m_entries.end(),
                                    [&mid](const auto &entry) { return entry.mid == mid; });
    if (found == m_entries.end())
        return;
    m_actions.resolve(*found, action, [self = QPointer{this}](const base::Status &status) {
        if (self && !status)
            Q_EMIT self->refused(ConversationActions::explain(status.error().code));
    });
}

} // namespace client::conversations
