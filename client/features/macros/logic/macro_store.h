#pragma once

#include "client/features/conversations/logic/conversation_actions.h"
#include "shared/domain/macros/macro.h"

#include <QObject>
#include <QString>

#include <functional>
#include <vector>

namespace client::macros {

/// The macros that I may run, in memory; mine that wait for the server included. Runs them, with or without a
/// server.
class MacroStore : public QObject {
    Q_OBJECT

public:
    MacroStore(conversations::Stores stores, conversations::ConversationStore &conversations,
               const conversations::ConversationActions &actions, QObject *parent = nullptr);

    /// By name.
    [[nodiscard]] const std::vector<domain::Macro> &all() const { return m_all; }
    /// Null when it is gone.
    [[nodiscard]] const domain::Macro *find(const domain::MacroId &id) const;
    /// Shared ones are for administrators to change.
    [[nodiscard]] bool mayChange(const domain::Macro &macro) const;
    [[nodiscard]] bool mayShare() const;
    /// "Add label billing · Assign to me · Send “We are sorry…”"
    [[nodiscard]] QString effects(const domain::Macro &macro) const;
    /// One step in words.
    [[nodiscard]] QString effect(const domain::MacroStep &step) const;

    /// Called once it is durable; or with the refusal.
    using Answer = std::function<void(const base::Status &)>;

    /// A fresh one of mine without steps.
    [[nodiscard]] domain::Macro fresh() const;
    /// Makes it, or replaces the one with its id; shown at once and queued. Refused with Invalid and the
    /// field, or Forbidden.
    void save(const domain::Macro &macro, const Answer &answer = {});
    void remove(const domain::MacroId &id, const Answer &answer = {});
    /// Runs the steps as they are now, all or none. Refused with NotFound (the macro or conversation is
    /// gone), Invalid (an agent or team of it is gone).
    void run(const domain::MacroId &id, const domain::ConversationId &conversation,
             const Answer &answer = {});

Q_SIGNALS:
    void changed();

private:
    void load();
    void order(std::string_view op, const std::string &args, const std::string &subject,
               const Answer &answer);
    [[nodiscard]] std::optional<domain::User> agent(std::int64_t number) const;
    [[nodiscard]] std::optional<domain::Team> team(std::int64_t number) const;

    conversations::Stores m_stores;
    conversations::ConversationStore &m_conversations;
    const conversations::ConversationActions &m_actions;
    std::vector<domain::Macro> m_all;
};

} // namespace client::macros
