#include "client/features/macros/logic/macro_store.h"

#include "client/features/accounts/logic/user_store.h"
#include "client/features/teams/logic/team_store.h"
#include "client/storage/reader.h"
#include "shared/base/json.h"
#include "shared/protocol/macros/macro_messages.h"

#include <algorithm>

namespace client::macros {

MacroStore::MacroStore(conversations::Stores stores, conversations::ConversationStore &conversations,
                       const conversations::ConversationActions &actions, QObject *parent)
    : QObject{parent}
    , m_stores{stores}
    , m_conversations{conversations}
    , m_actions{actions}
{
    load();
    connect(&stores.session, &sync::Session::changed, this, [this](const sync::Changes &changes) {
        if (std::any_of(changes->begin(), changes->end(),
                        [](const auto &change) { return change.type == protocol::EntityType::Macro; }))
            load();
    });
    connect(&stores.session, &sync::Session::reset, this, &MacroStore::load);
}

void MacroStore::load()
{
    m_all = m_stores.session.reader().macros();
    Q_EMIT changed();
}

const domain::Macro *MacroStore::find(const domain::MacroId &id) const
{
    const auto found =
        std::find_if(m_all.begin(), m_all.end(), [&id](const auto &macro) { return macro.id == id; });
    return found == m_all.end() ? nullptr : &*found;
}

bool MacroStore::mayShare() const
{
    return m_stores.session.identity().user.role == domain::Role::Administrator;
}

bool MacroStore::mayChange(const domain::Macro &macro) const
{
    return macro.isShared ? mayShare() : macro.author == m_stores.users.me();
}

std::optional<domain::User> MacroStore::agent(std::int64_t number) const
{
    for (const auto &user : m_stores.users.agents())
        if (user.number == number)
            return user;
    return std::nullopt;
}

std::optional<domain::Team> MacroStore::team(std::int64_t number) const
{
    for (const auto &team : m_stores.teams.all())
        if (team.number == number)
            return team;
    return std::nullopt;
}

domain::Macro MacroStore::fresh() const
{
    domain::Macro macro;
    macro.id = {m_stores.session.newId()};
    macro.author = m_stores.users.me();
    return macro;
}

void MacroStore::save(const domain::Macro &macro, const Answer &answer)
{
    const auto fine = domain::checked(macro);
    const auto refusal = !fine ? std::optional{fine.error()}
                         : (fine->isShared && !mayShare())
                             ? std::optional{base::Error{base::ErrorCode::Forbidden, {}}}
                             : std::nullopt;
    if (refusal && answer)
        answer(*refusal);
    if (!refusal)
        order(protocol::SaveMacro::name, base::toText(protocol::toJson(protocol::SaveMacro{*fine})),
              fine->name, answer);
}

void MacroStore::remove(const domain::MacroId &id, const Answer &answer)
{
    const auto *known = find(id);
    order(protocol::DeleteMacro::name, base::toText(protocol::toJson(protocol::DeleteMacro{id})),
          known ? known->name : std::string{}, answer);
}

void MacroStore::order(std::string_view op, const std::string &args, const std::string &subject,
                       const Answer &answer)
{
    sync::Order order;
    order.mid = m_stores.session.newId();
    order.lane = "ac";
    order.op = op;
    order.args = args;
    order.subject = subject;
    m_stores.session.submit(order, answer);
}

void MacroStore::run(const domain::MacroId &id, const domain::ConversationId &conversation,
                     const Answer &answer)
{
    const auto *macro = find(id);
    const auto view = m_conversations.find(conversation);
    auto order = m_actions.orderFor(conversation, protocol::RunMacro::name, {});
    base::Result<protocol::RunMacro> run = base::Error{base::ErrorCode::NotFound, "macro"};
    if (macro && view)
        run = protocol::expanded(*macro, conversation, order.mid,
                                 {m_stores.users.me(), view->conversation.assignee,
                                  [this](std::int64_t number) {
                                      const auto user = agent(number);
                                      return user ? std::optional{user->id} : std::nullopt;
                                  },
                                  [this](std::int64_t number) {
                                      const auto given = team(number);
                                      return given ? std::optional{given->id} : std::nullopt;
                                  },
                                  [this] { return m_stores.session.newId(); }});
    if (!run) {
        if (answer)
            answer(run.error());
        return;
    }
    order.args = base::toText(protocol::toJson(*run));
    m_stores.session.submit(std::move(order), answer);
}

} // namespace client::macros
