#include "server/features/macros/macro_service.h"

#include "server/features/accounts/user_store.h"
#include "server/features/conversations/conversation_service.h"
#include "server/features/teams/team_store.h"
#include "shared/base/json.h"
#include "shared/protocol/conversations/conversation_messages.h"

namespace server::macros {

namespace {

constexpr std::int64_t maxMacros = 2'000; // of an account

std::string scopeOf(const domain::Macro &macro)
{
    return macro.isShared ? sync::scope::account : sync::scope::user(macro.author.value);
}

bool sees(const sync::Actor &actor, const MacroRow &row)
{
    return row.macro.isShared || row.author == actor.number;
}

sync::Change gone(const domain::Macro &macro, sync::ChangeKind kind)
{
    return {kind, protocol::EntityType::Macro, macro.id.value, scopeOf(macro), std::nullopt};
}

} // namespace

base::Result<MacroRow> MacroService::save(sync::WriteContext &ctx, const domain::Macro &macro)
{
    auto fine = domain::checked(macro);
    if (!fine)
        return fine.error();
    MacroStore store{ctx.tx()};
    const auto known = store.find(ctx.account(), fine->id.value);
    if (known && !sees(ctx.actor(), *known))
        return base::Error{base::ErrorCode::NotFound, "macro"};
    if ((fine->isShared || (known && known->macro.isShared)) && !ctx.actor().administrator)
        return base::Error{base::ErrorCode::Forbidden, "visibility"};
    auto row = known.value_or(MacroRow{{}, ctx.account(), ctx.actor().number, ctx.now(), {}});
    fine->number = row.macro.number;
    fine->author = known ? row.macro.author : domain::UserId{ctx.actor().id};
    if (known && known->macro == *fine)
        return row;
    row.macro = *std::move(fine);
    row.updatedAt = ctx.now();
    if (known) {
        if (known->macro.isShared != row.macro.isShared)
            ctx.record(gone(known->macro, sync::ChangeKind::Leave));
        store.update(row);
    } else {
        if (store.count(ctx.account()) >= maxMacros)
            return base::Error{base::ErrorCode::TooLarge, "macros"};
        row.macro.number = store.insert(row);
    }
    ctx.record(protocol::EntityType::Macro, row.macro.id.value, scopeOf(row.macro));
    return row;
}

base::Status MacroService::remove(sync::WriteContext &ctx, const base::Uuid &id)
{
    MacroStore store{ctx.tx()};
    const auto row = store.find(ctx.account(), id);
    if (!row || !sees(ctx.actor(), *row))
        return base::Error{base::ErrorCode::NotFound, "macro"};
    if (row->macro.isShared && !ctx.actor().administrator)
        return base::Error{base::ErrorCode::Forbidden, "visibility"};
    store.remove(row->macro.number);
    ctx.record(gone(row->macro, sync::ChangeKind::Delete));
    return base::Done{};
}

base::Result<MacroRow> MacroService::usable(storage::Transaction &tx, sync::AccountNumber account,
                                            const sync::Actor &actor, std::int64_t number)
{
    auto row = MacroStore{tx}.find(account, number);
    if (!row || !sees(actor, *row))
        return base::Error{base::ErrorCode::NotFound, "macro"};
    return *std::move(row);
}

void MacroService::removePersonal(sync::WriteContext &ctx, std::int64_t user)
{
    MacroStore store{ctx.tx()};
    for (const auto &row : store.personal(ctx.account(), user)) {
        store.remove(row.macro.number);
        ctx.record(gone(row.macro, sync::ChangeKind::Delete));
    }
}

base::Result<sync::Outcome> MacroService::run(sync::WriteContext &ctx, const sync::MutationRegistry &registry,
                                              const protocol::Mutation &mutation,
                                              const std::vector<protocol::MacroCall> &calls)
{
    const auto detailOf = [](const std::string &text, std::size_t step) {
        auto detail = base::parseJson(text);
        base::Json json = detail && detail->is_object() ? *detail : base::Json::object();
        json["step"] = step;
        return json;
    };
    for (std::size_t i = 0; i < calls.size(); ++i) {
        if (mutation.recovered && calls[i].op != protocol::CreateMessage::name)
            continue; // it had its effect before the restore; only words must not be lost
        const auto *handler = registry.find(calls[i].op);
        const auto args = base::parseJson(calls[i].args);
        if (!handler || !args)
            return base::Error{base::ErrorCode::Invalid, base::toText(detailOf({}, i))};
        auto part = mutation;
        part.mid = calls[i].mid;
        part.op = calls[i].op;
        part.args = calls[i].args;
        const auto outcome = (*handler)(ctx, part, *args);
        if (!outcome)
            return base::Error{outcome.error().code, base::toText(detailOf(outcome.error().detail, i))};
        if (outcome->verdict == protocol::Verdict::Held) {
            auto detail = detailOf(outcome->detail, i);
            detail["skipped"] = calls.size() - i - 1;
            return sync::Outcome{protocol::Verdict::Held, outcome->code, base::toText(detail)};
        }
    }
    return sync::Outcome{};
}

base::Result<sync::Outcome> MacroService::runStored(sync::WriteContext &ctx,
                                                    const sync::MutationRegistry &registry,
                                                    const domain::Macro &macro, std::int64_t display)
{
    const auto row =
        conversations::ConversationService::visible(ctx.tx(), ctx.account(), ctx.actor(), display);
    if (!row)
        return row.error();
    const protocol::MacroWorld world{
        {ctx.actor().id},
        row->conversation.assignee,
        [&ctx](std::int64_t number) -> std::optional<domain::UserId> {
            const auto member = accounts::UserStore{ctx.tx()}.member(ctx.account(), number);
            return member && member->user.active ? std::optional{member->user.id} : std::nullopt;
        },
        [&ctx](std::int64_t number) -> std::optional<domain::TeamId> {
            const auto team = teams::TeamStore{ctx.tx()}.find(ctx.account(), number);
            return team ? std::optional{team->team.id} : std::nullopt;
        },
        [&ctx] { return ctx.newId(); }};
    protocol::Mutation mutation;
    mutation.mid = ctx.newId();
    mutation.at = ctx.now();
    const auto calls = protocol::expanded(macro, row->conversation.id, mutation.mid, world);
    if (!calls)
        return calls.error();
    return run(ctx, registry, mutation, calls->calls);
}

} // namespace server::macros
