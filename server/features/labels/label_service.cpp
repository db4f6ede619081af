#include "server/features/labels/label_service.h"

#include "shared/base/text.h"
#include "shared/domain/labels/label_rules.h"

namespace server::labels {

namespace {

constexpr std::size_t maxDescription = 1000;
constexpr std::size_t maxLabels = 1000; // of an account

base::Error invalid(const char *field)
{
    return {base::ErrorCode::Invalid, field};
}

bool isColor(const std::string &text)
{
    return text.size() == 7 && text.front() == '#' &&
           text.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string::npos;
}

base::Status apply(const LabelChanges &changes, domain::Label &label)
{
    if (changes.title) {
        auto title = domain::labelTitle(*changes.title);
        if (!title)
            return title.error();
        label.title = *std::move(title);
    }
    if (changes.description) {
        if (!base::isUtf8(*changes.description) || base::length(*changes.description) > maxDescription)
            return invalid("description");
        label.description = base::cleaned(*changes.description);
    }
    if (changes.color) {
        if (!isColor(*changes.color))
            return invalid("color");
        label.color = *changes.color;
    }
    label.showOnSidebar = changes.showOnSidebar.value_or(label.showOnSidebar);
    return base::Done{};
}

base::Status checkTitle(const LabelStore &store, const LabelRow &row)
{
    const auto other = store.byTitle(row.account, row.label.title);
    if (other && other->label.number != row.label.number)
        return base::Error{base::ErrorCode::AlreadyExists, "title"};
    return base::Done{};
}

void recordLabel(sync::WriteContext &ctx, const LabelRow &row)
{
    ctx.record(protocol::EntityType::Label, row.label.id.value, sync::scope::account);
}

} // namespace

base::Result<LabelRow> LabelService::create(sync::WriteContext &ctx, const LabelChanges &fields)
{
    LabelStore store{ctx.tx()};
    if (!fields.title)
        return invalid("title");
    if (store.all(ctx.account()).size() >= maxLabels)
        return base::Error{base::ErrorCode::TooLarge, "labels"};
    LabelRow row;
    row.account = ctx.account();
    row.label.id = {ctx.newId()};
    if (const auto fine = apply(fields, row.label); !fine)
        return fine.error();
    if (const auto fine = checkTitle(store, row); !fine)
        return fine.error();
    row.label.number = store.insert(row, ctx.now());
    recordLabel(ctx, row);
    return row;
}

base::Result<LabelRow> LabelService::change(sync::WriteContext &ctx, std::int64_t number,
                                            const LabelChanges &changes)
{
    LabelStore store{ctx.tx()};
    auto row = store.find(ctx.account(), number);
    if (!row)
        return base::Error{base::ErrorCode::NotFound, "label"};
    const auto before = row->label;
    if (const auto fine = apply(changes, row->label); !fine)
        return fine.error();
    if (row->label == before)
        return *row;
    if (const auto fine = checkTitle(store, *row); !fine)
        return fine.error();
    store.update(*row, ctx.now());
    recordLabel(ctx, *row);
    if (row->label.title != before.title)
        for (const auto &listener : m_renamed)
            listener(ctx, before.title, row->label.title);
    return *row;
}

base::Status LabelService::remove(sync::WriteContext &ctx, std::int64_t number)
{
    LabelStore store{ctx.tx()};
    const auto row = store.find(ctx.account(), number);
    if (!row)
        return base::Error{base::ErrorCode::NotFound, "label"};
    for (const auto &listener : m_renamed)
        listener(ctx, row->label.title, std::nullopt);
    store.remove(number);
    ctx.record(sync::Change{sync::ChangeKind::Delete, protocol::EntityType::Label, row->label.id.value,
                            sync::scope::account, std::nullopt});
    return base::Done{};
}

} // namespace server::labels
