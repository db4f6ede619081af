#include "client/features/contacts/logic/contact_store.h"
#include "client/features/conversations/logic/composer_presenter.h"
#include "client/sync/session.h"
#include "shared/base/json.h"

#include <array>
#include <utility>

// The half of ComposerPresenter that keeps what was not sent: on this machine at once, on the others a little
// later.
namespace client::conversations {

namespace {

const std::string replacesKey = "replaces:";

std::size_t at(ComposerPresenter::Mode mode)
{
    return static_cast<std::size_t>(mode);
}

constexpr std::array modes{ComposerPresenter::Mode::Reply, ComposerPresenter::Mode::Note};

} // namespace

void ComposerPresenter::loadDraft()
{
    State state;
    state.enabled = !m_id.isNull();
    state.mode = m_state.mode;
    m_shared = {};
    m_editedAt = {};
    if (state.enabled) {
        for (const auto mode : modes)
            state.text[at(mode)] = newestDraft(mode);
        m_shared = state.text;
        state.closed = closedNow();
        if (const auto view = m_conversations.find(m_id))
            state.recipient = tr("to %1").arg(m_stores.contacts.nameOf(view->conversation.contact));
    }
    show(state, true);
}

// Of this machine's words and those that came from elsewhere, the ones that were written later.
QString ComposerPresenter::newestDraft(Mode mode) const
{
    const auto local = m_stores.session.reader().draft(key(mode).toStdString());
    const auto synced = m_stores.session.reader().syncedDraft(m_id);
    const auto theirs = !synced ? protocol::Draft::Text{} : mode == Mode::Note ? synced->note : synced->reply;
    const bool isLocal = local && (!synced || local->at >= theirs.at);
    return QString::fromStdString(isLocal ? local->body : theirs.body);
}

void ComposerPresenter::saveDraft()
{
    m_save.stop();
    if (m_id.isNull())
        return;
    for (const auto mode : modes) {
        const auto &text = m_state.text[at(mode)];
        const auto stored = m_stores.session.reader().draft(key(mode).toStdString());
        if (text != QString::fromStdString(stored ? stored->body : std::string{}))
            m_stores.session.putDraft(key(mode), text);
    }
}

void ComposerPresenter::shareDraft()
{
    m_share.stop();
    if (m_id.isNull())
        return;
    for (const auto mode : modes) {
        const auto &text = m_state.text[at(mode)];
        if (std::exchange(m_shared[at(mode)], text) == text)
            continue;
        const auto kind = mode == Mode::Note ? domain::MessageKind::Note : domain::MessageKind::Public;
        m_actions.setDraft(m_id, kind, text);
    }
}

// Another device of mine wrote on: its words come in where nothing was changed here meanwhile.
void ComposerPresenter::adoptDraft()
{
    const auto synced = m_stores.session.reader().syncedDraft(m_id);
    if (!synced)
        return;
    auto state = m_state;
    for (const auto mode : modes) {
        const auto &theirs = mode == Mode::Note ? synced->note : synced->reply;
        auto &text = state.text[at(mode)];
        if (text != m_shared[at(mode)] || theirs.at <= m_editedAt)
            continue; // being written here, or an echo of what was written here before
        text = m_shared[at(mode)] = QString::fromStdString(theirs.body);
    }
    if (state.text == m_state.text)
        return;
    show(state, true);
    saveDraft();
}

// A draft beside the others, so that it outlives the program as they do.
ComposerPresenter::Replaced ComposerPresenter::replaced(const domain::ConversationId &id) const
{
    if (const auto known = m_replaces.find(id); known != m_replaces.end())
        return known->second; // what was just stored may not be readable yet
    const auto stored = m_stores.session.reader().draft(replacesKey + id.text());
    const auto json = stored ? base::parseJson(stored->body) : base::Error{};
    if (!json)
        return {};
    return {base::uuidField(*json, "fixes"), base::uuidField(*json, "held")};
}

void ComposerPresenter::setReplaced(const domain::ConversationId &id, const Replaced &replaced)
{
    m_replaces[id] = replaced;
    auto json = base::Json::object();
    if (replaced.fixes)
        json["fixes"] = replaced.fixes->text();
    if (replaced.held)
        json["held"] = replaced.held->text();
    const auto key = QString::fromStdString(replacesKey + id.text());
    m_stores.session.putDraft(key, json.empty() ? QString{} : QString::fromStdString(base::toText(json)));
}

} // namespace client::conversations
