#include "client/storage/migrator.h"

namespace client::storage {

bool migrate(Connection &connection, const std::vector<std::string_view> &steps)
{
    const auto version = static_cast<std::size_t>(connection.number("PRAGMA user_version").value_or(0));
    if (version > steps.size())
        return false;
    for (auto step = version; step < steps.size(); ++step) {
        Work work{connection};
        connection.script(steps[step]);
        connection.script("PRAGMA user_version = " + std::to_string(step + 1) + ";\n");
        work.commit();
    }
    return true;
}

} // namespace client::storage
