#include "server/features/macros/macros_module.h"

#include "server/features/macros/macro_service.h"
#include "shared/base/json.h"
#include "shared/protocol/setting_rows.h"

namespace server::macros {

std::vector<storage::Migration> migrations()
{
    return MacroStore::migrations();
}

void connect(accounts::AccountService &accounts)
{
    accounts.onRemoved([](sync::WriteContext &ctx, const accounts::MemberRow &member) {
        MacroService::removePersonal(ctx, member.user.number);
    });
}

void registerRows(sync::EntityRegistry &registry)
{
    registry.add(protocol::EntityType::Macro,
                 [](storage::Transaction &tx, sync::AccountNumber account,
                    const base::Uuid &id) -> std::optional<base::Json> {
                     const auto row = MacroStore{tx}.find(account, id);
                     return row ? std::optional{protocol::toRow(row->macro)} : std::nullopt;
                 });
}

void registerMutations(sync::MutationRegistry &registry)
{
    using protocol::Mutation;
    using sync::WriteContext;
    registry.add(std::string{protocol::SaveMacro::name},
                 [](WriteContext &ctx, const Mutation &, const base::Json &args) -> base::Status {
                     const auto message = protocol::saveMacroFromJson(args);
                     if (!message)
                         return message.error();
                     const auto row = MacroService::save(ctx, message->macro);
                     return row ? base::Status{base::Done{}} : base::Status{row.error()};
                 });
    registry.add(std::string{protocol::DeleteMacro::name},
                 [](WriteContext &ctx, const Mutation &, const base::Json &args) -> base::Status {
                     const auto message = protocol::deleteMacroFromJson(args);
                     if (!message)
                         return message.error();
                     const auto removed = MacroService::remove(ctx, message->id.value);
                     // Somebody else was first: the wish is fulfilled.
                     if (!removed && removed.error().code == base::ErrorCode::NotFound)
                         return base::Done{};
                     return removed;
                 });
    registry.add(std::string{protocol::RunMacro::name},
                 [&registry](WriteContext &ctx, const Mutation &mutation,
                             const base::Json &args) -> base::Result<sync::Outcome> {
                     const auto message = protocol::runMacroFromJson(args);
                     if (!message)
                         return message.error();
                     return MacroService::run(ctx, registry, mutation, message->calls);
                 });
}

} // namespace server::macros
