#include "client/storage/entity_table.h"

#include "client/storage/connection.h"
#include "shared/base/json.h"
#include "shared/protocol/rows.h"
#include "shared/protocol/setting_rows.h"

#include <algorithm>
#include <array>

namespace client::storage {

namespace {

using protocol::EntityType;

enum class Kind { Text, Integer, Id, Flag, Json };

struct Column {
    const char *name;
    const char *key;
    Kind kind;
    AddedBy addedBy = AddedBy::First;
};

struct Shape {
    EntityType type;
    const char *table;
    std::vector<Column> columns;
    const char *indexes;
};

const std::vector<Shape> &shapes()
{
    static const std::vector<Shape> all{
        {EntityType::Account, "account", {{"num", "num", Kind::Integer}, {"name", "name", Kind::Text}}, ""},
        {EntityType::User, "user", {{"num", "num", Kind::Integer}, {"name", "name", Kind::Text}}, ""},
        {EntityType::Team, "team", {{"num", "num", Kind::Integer}, {"name", "name", Kind::Text}}, ""},
        {EntityType::Label, "label", {{"title", "title", Kind::Text}}, ""},
        {EntityType::Macro, "macro", {{"name", "name", Kind::Text}}, ""},
        {EntityType::CannedResponse, "canned", {{"short_code", "short_code", Kind::Text}}, ""},
        {EntityType::Inbox, "inbox", {{"num", "num", Kind::Integer}, {"name", "name", Kind::Text}}, ""},
        {EntityType::Contact,
         "contact",
         {{"num", "num", Kind::Integer}, {"name", "name", Kind::Text}, {"email", "email", Kind::Text}},
         ""},
        {EntityType::Conversation,
         "conversation",
         {{"num", "num", Kind::Integer},
          {"inbox", "inbox", Kind::Id},
          {"contact", "contact", Kind::Id},
          {"status", "status", Kind::Text},
          {"assignee", "assignee", Kind::Id},
          {"team", "team", Kind::Id, AddedBy::Settings},
          {"priority", "priority", Kind::Text},
          {"last_n", "last_n", Kind::Integer},
          {"cust_n", "cust_n", Kind::Integer},
          {"last_at", "last_at", Kind::Integer},
          {"snoozed_until", "snoozed_until", Kind::Integer},
          {"labels", "labels", Kind::Json, AddedBy::Labels}},
         "CREATE INDEX conversation_status ON conversation(status, last_at);\n"
         "CREATE INDEX conversation_assignee ON conversation(assignee, status, last_at);\n"
         "CREATE INDEX conversation_contact ON conversation(contact, last_at);\n"
         "CREATE INDEX conversation_num ON conversation(num);\n"},
        {EntityType::Message,
         "message",
         {{"n", "n", Kind::Integer},
          {"kind", "kind", Kind::Text},
          {"dir", "dir", Kind::Text},
          {"at", "at", Kind::Integer},
          {"body", "body", Kind::Text}},
         "CREATE INDEX message_n ON message(parent, n);\n"},
        {EntityType::MessageState,
         "mstate",
         {{"st", "st", Kind::Text}},
         "CREATE INDEX mstate_parent ON mstate(parent);\n"},
        {EntityType::ReadState, "cread", {{"read_n", "read_n", Kind::Integer}}, ""},
        {EntityType::Draft, "draft", {}, ""},
        {EntityType::Access, "access", {}, ""},
        {EntityType::Device, "device", {}, ""},
        {EntityType::HeldReply, "held", {}, ""},
    };
    return all;
}

const char *declaredAs(Kind kind)
{
    switch (kind) {
    case Kind::Text:
    case Kind::Json:
        return " TEXT";
    case Kind::Id:
        return " BLOB";
    case Kind::Integer:
    case Kind::Flag:
        return " INTEGER";
    }
    return "";
}

EntityTable built(const Shape &shape)
{
    const std::string t = shape.table;
    const auto e = std::to_string(static_cast<int>(shape.type));
    EntityTable table{shape.type, t};
    table.childOfConversation = shape.type == EntityType::Message || shape.type == EntityType::MessageState;

    std::string columns;
    std::string names;
    std::string marks;
    std::string updates;
    for (const auto &column : shape.columns) {
        const std::string name = column.name;
        const auto declared = name + declaredAs(column.kind);
        if (column.addedBy == AddedBy::First)
            columns += ", " + declared;
        else
            table.added[column.addedBy] += "ALTER TABLE " + t + " ADD COLUMN " + declared + ";\n";
        names += ", " + name;
        marks += ", ?";
        updates += ", " + name + " = excluded." + name;
    }
    if (shape.type == EntityType::Conversation)
        columns +=
            ", lo INTEGER"; // every message from this number on is here; local knowledge, not of the row
    table.create =
        "CREATE TABLE " + t +
        "(id BLOB PRIMARY KEY, q INTEGER NOT NULL, scope TEXT NOT NULL, parent BLOB, gen INTEGER NOT NULL,"
        " sv INTEGER NOT NULL, pending INTEGER NOT NULL, row BLOB NOT NULL" +
        columns + ");\nCREATE INDEX " + t + "_scope ON " + t + "(scope, gen);\n" + shape.indexes;
    table.upsert =
        "INSERT INTO " + t + "(id, q, scope, parent, gen, sv, pending, row" + names +
        ") VALUES(?, ?, ?, ?, ?, ?, ?, ?" + marks +
        ") ON CONFLICT(id) DO UPDATE SET q = excluded.q, scope = excluded.scope, parent = excluded.parent,"
        " gen = excluded.gen, sv = excluded.sv, pending = excluded.pending, row = excluded.row" +
        updates;
    table.select = "SELECT q, scope, parent, gen, sv, pending, row FROM " + t + " WHERE id = ?";
    table.remove = "DELETE FROM " + t + " WHERE id = ?";
    table.byParent = "SELECT id, q FROM " + t + " WHERE parent = ? AND pending = 0";
    table.moveChildren = "UPDATE " + t + " SET scope = ? WHERE parent = ? AND pending = 0";
    table.confirm = "UPDATE " + t + " SET gen = ? WHERE id = ? AND pending = 0";
    table.sweep = "SELECT id, parent FROM " + t + " WHERE scope = ? AND gen < ? AND pending = 0";
    table.inScope = "SELECT id, parent FROM " + t + " WHERE scope = ? AND pending = 0";
    table.ids = "SELECT id, q FROM " + t +
                " WHERE scope = ? AND pending = 0 UNION ALL SELECT eid, q FROM shadow WHERE etype = " + e +
                " AND scope = ? AND present = 1";
    table.zeroRevisions = "UPDATE " + t + " SET q = 0";
    return table;
}

QVariant columnValue(const Column &column, const base::Json &row)
{
    switch (column.kind) {
    case Kind::Text:
        return sqlValue(base::textField(row, column.key).value_or(""));
    case Kind::Integer:
        if (const auto number = base::integerField(row, column.key))
            return sqlValue(*number);
        return std::string_view{column.key} == "snoozed_until" ? QVariant{} : sqlValue(std::int64_t{0});
    case Kind::Id:
        return sqlValue(base::uuidField(row, column.key));
    case Kind::Flag:
        return base::flagField(row, column.key).value_or(false) ? 1 : 0;
    case Kind::Json:
        if (const auto &value = base::member(row, column.key); !value.is_null())
            return sqlValue(base::toText(value));
        return sqlValue(std::string{}); // known to be nothing, unlike what an older program stored
    }
    return {};
}

template <class T>
base::Status statusOf(const base::Result<T> &result)
{
    if (!result)
        return result.error();
    return base::Done{};
}

} // namespace

std::span<const EntityTable> entityTables()
{
    static const auto all = [] {
        std::vector<EntityTable> tables;
        for (const auto &shape : shapes())
            tables.push_back(built(shape));
        return tables;
    }();
    return all;
}

const EntityTable &entityTable(EntityType type)
{
    const auto tables = entityTables();
    return *std::find_if(tables.begin(), tables.end(),
                         [type](const auto &table) { return table.type == type; });
}

QVariantList extracted(EntityType type, const base::Json &row)
{
    const auto &all = shapes();
    const auto shape = std::find_if(all.begin(), all.end(), [type](const auto &s) { return s.type == type; });
    QVariantList values;
    for (const auto &column : shape->columns)
        values.push_back(columnValue(column, row));
    return values;
}

base::Status checkRow(EntityType type, const base::Uuid &id, const std::optional<base::Uuid> &parent,
                      const base::Json &row)
{
    switch (type) {
    case EntityType::Account:
        return statusOf(protocol::accountFromRow(id, row));
    case EntityType::User:
        return statusOf(protocol::userFromRow(id, row));
    case EntityType::Team:
        return statusOf(protocol::teamFromRow(id, row));
    case EntityType::Label:
        return statusOf(protocol::labelFromRow(id, row));
    case EntityType::Macro:
        return statusOf(protocol::macroFromRow(id, row));
    case EntityType::CannedResponse:
        return statusOf(protocol::cannedResponseFromRow(id, row));
    case EntityType::Inbox:
        return statusOf(protocol::inboxFromRow(id, row));
    case EntityType::Contact:
        return statusOf(protocol::contactFromRow(id, row));
    case EntityType::Conversation:
        return statusOf(protocol::conversationFromRow(id, row));
    case EntityType::Message:
        if (!parent)
            return base::Error{base::ErrorCode::Protocol, "message without parent"};
        return statusOf(protocol::messageFromRow(id, *parent, row));
    case EntityType::MessageState:
        return statusOf(protocol::messageStateFromRow(id, row));
    case EntityType::ReadState:
        return statusOf(protocol::readStateFromRow(id, row));
    case EntityType::Draft:
        return statusOf(protocol::draftFromRow(id, row));
    case EntityType::Access:
        return statusOf(protocol::accessFromRow(id, row));
    case EntityType::Device:
        return statusOf(protocol::deviceFromRow(id, row));
    case EntityType::HeldReply:
        return statusOf(protocol::heldReplyFromRow(id, row));
    }
    return base::Error{base::ErrorCode::Unsupported, "kind of row"};
}

} // namespace client::storage
