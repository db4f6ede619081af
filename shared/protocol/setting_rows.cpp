#include "shared/protocol/setting_rows.h"

#include "shared/protocol/fields.h"

namespace protocol {

template <>
struct Fields<domain::Label> {
    static void walk(auto &self, auto &&visit)
    {
        visit("num", self.number);
        visit("title", self.title);
        visit("description", self.description);
        visit("color", self.color);
        visit("sidebar", self.showOnSidebar);
    }
};

template <>
struct Fields<domain::Team> {
    static void walk(auto &self, auto &&visit)
    {
        visit("num", self.number);
        visit("name", self.name);
        visit("description", self.description);
        visit("auto_assign", self.allowAutoAssign);
        visit("members", self.members);
    }
};

template <>
struct Fields<domain::CannedResponse> {
    static void walk(auto &self, auto &&visit)
    {
        visit("num", self.number);
        visit("short_code", self.shortCode);
        visit("content", self.content);
    }
};

template <>
struct Fields<domain::MacroStep> {
    static void walk(auto &self, auto &&visit)
    {
        visit("action", self.action);
        visit("params", self.params);
    }
};

template <>
struct Fields<domain::Macro> {
    static void walk(auto &self, auto &&visit)
    {
        visit("num", self.number);
        visit("name", self.name);
        visit("shared", self.isShared);
        visit("author", self.author);
        visit("steps", self.steps);
    }
};

namespace {

template <class T>
base::Result<T> readRow(const base::Uuid &id, const base::Json &row)
{
    T value;
    value.id = {id};
    return read(row, std::move(value), base::ErrorCode::Protocol);
}

} // namespace

base::Json toRow(const domain::Label &label)
{
    return write(label);
}

base::Result<domain::Label> labelFromRow(const base::Uuid &id, const base::Json &row)
{
    return readRow<domain::Label>(id, row);
}

base::Json toRow(const domain::Team &team)
{
    auto row = write(team);
    row["auto_assign"] = team.allowAutoAssign; // written even when false: the default is true
    return row;
}

base::Result<domain::Team> teamFromRow(const base::Uuid &id, const base::Json &row)
{
    return readRow<domain::Team>(id, row);
}

base::Json toRow(const domain::CannedResponse &response)
{
    return write(response);
}

base::Result<domain::CannedResponse> cannedResponseFromRow(const base::Uuid &id, const base::Json &row)
{
    return readRow<domain::CannedResponse>(id, row);
}

base::Json toRow(const domain::Macro &macro)
{
    return write(macro);
}

base::Result<domain::Macro> macroFromRow(const base::Uuid &id, const base::Json &row)
{
    return readRow<domain::Macro>(id, row);
}

} // namespace protocol
