#include "server/features/custom_attributes/definition_store.h"

#include "shared/base/json.h"

namespace server::custom_attributes {

namespace {

#define SELECT_DEFINITION                                                                                    \
    "SELECT id, account_id, model, key, display_name, description, type, choices, regex_pattern, regex_cue," \
    " created_at, updated_at FROM custom_attribute_definitions "

DefinitionRow fromRow(const storage::Row &row)
{
    DefinitionRow found;
    found.number = row.integer(0);
    found.account = row.integer(1);
    found.model = static_cast<AttributeModel>(row.integer(2));
    found.key = row.text(3);
    found.displayName = row.text(4);
    found.description = row.text(5);
    found.type = static_cast<AttributeType>(row.integer(6));
    if (const auto values = base::parseJson(row.text(7)); values && values->is_array())
        found.values = values->get<std::vector<std::string>>();
    found.regexPattern = row.text(8);
    found.regexCue = row.text(9);
    found.createdAt = row.time(10);
    found.updatedAt = row.time(11);
    return found;
}

std::optional<DefinitionRow> maybe(const std::optional<storage::Row> &row)
{
    return row ? std::optional{fromRow(*row)} : std::nullopt;
}

} // namespace

std::vector<storage::Migration> DefinitionStore::migrations()
{
    return {{73, "custom attribute definitions", R"(
        CREATE TABLE custom_attribute_definitions (
            id            INTEGER PRIMARY KEY AUTOINCREMENT,
            account_id    INTEGER NOT NULL REFERENCES accounts (id),
            model         INTEGER NOT NULL,
            key           TEXT NOT NULL,
            display_name  TEXT NOT NULL,
            description   TEXT NOT NULL,
            type          INTEGER NOT NULL,
            choices       TEXT NOT NULL,
            regex_pattern TEXT NOT NULL,
            regex_cue     TEXT NOT NULL,
            created_at    INTEGER NOT NULL,
            updated_at    INTEGER NOT NULL,
            UNIQUE (account_id, model, key)
        ) STRICT;
    )"}};
}

std::optional<DefinitionRow> DefinitionStore::find(sync::AccountNumber account, std::int64_t number) const
{
    return maybe(m_tx.one(SELECT_DEFINITION "WHERE id = ? AND account_id = ?", {number, account}));
}

std::optional<DefinitionRow> DefinitionStore::byKey(sync::AccountNumber account, AttributeModel model,
                                                    const std::string &key) const
{
    return maybe(m_tx.one(SELECT_DEFINITION "WHERE account_id = ? AND model = ? AND key = ?",
                          {account, static_cast<int>(model), key}));
}

std::vector<DefinitionRow> DefinitionStore::all(sync::AccountNumber account,
                                                std::optional<AttributeModel> model) const
{
    std::vector<DefinitionRow> found;
    for (const auto one : {AttributeModel::Conversation, AttributeModel::Contact})
        if (!model || model == one)
            for (const auto &row :
                 m_tx.all(SELECT_DEFINITION "WHERE account_id = ? AND model = ? ORDER BY key",
                          {account, static_cast<int>(one)}))
                found.push_back(fromRow(row));
    return found;
}

std::int64_t DefinitionStore::count(sync::AccountNumber account) const
{
    return m_tx.one("SELECT count(*) FROM custom_attribute_definitions WHERE account_id = ?", {account})
        ->integer(0);
}

std::int64_t DefinitionStore::insert(const DefinitionRow &row)
{
    m_tx.run(R"(
        INSERT INTO custom_attribute_definitions (account_id, model, key, display_name, description, type, choices,
                                                  regex_pattern, regex_cue, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))",
             {row.account, static_cast<int>(row.model), row.key, row.displayName, row.description,
              static_cast<int>(row.type), base::toText(base::Json(row.values)), row.regexPattern,
              row.regexCue, row.createdAt, row.updatedAt});
    return m_tx.lastInsertId();
}

void DefinitionStore::update(const DefinitionRow &row)
{
    m_tx.run(R"(
        UPDATE custom_attribute_definitions
           SET display_name = ?, description = ?, type = ?, choices = ?, regex_pattern = ?, regex_cue = ?,
               updated_at = ?
         WHERE id = ?)",
             {row.displayName, row.description, static_cast<int>(row.type),
              base::toText(base::Json(row.values)), row.regexPattern, row.regexCue, row.updatedAt,
              row.number});
}

void DefinitionStore::remove(std::int64_t number)
{
    m_tx.run("DELETE FROM custom_attribute_definitions WHERE id = ?", {number});
}

} // namespace server::custom_attributes
