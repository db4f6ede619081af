#pragma once

#include "server/features/accounts/account_service.h"
#include "server/features/accounts/device_service.h"
#include "server/ports/http.h"
#include "server/ports/rate_limiter.h"
#include "server/storage/database.h"
#include "server/sync/ephemera.h"
#include "server/sync/executor.h"
#include "shared/base/json_fwd.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace server::accounts {

/// The fields of a body of application/x-www-form-urlencoded.
base::Json formBody(std::string_view text);

/// One call of the REST API by somebody who may make it.
class ApiCall {
public:
    ApiCall(ports::HttpRequest &http, sync::AccountNumber number, sync::Actor caller)
        : request{http}
        , account{number}
        , actor{std::move(caller)}
    {
    }

    ports::HttpRequest &request;
    sync::AccountNumber account; ///< of the path; for calls outside of an account the caller's first
    sync::Actor actor;           ///< a user

    /// The JSON (or form) body, an object. Empty for streamed routes until setBody().
    [[nodiscard]] const base::Json &body() const;
    void setBody(base::Json body);
    /// A number in the path; nothing for what is none.
    [[nodiscard]] std::optional<std::int64_t> number(std::string_view param) const;
    /// A number in the query, or the default. Pages beyond reason are as empty as any other.
    [[nodiscard]] std::int64_t queryNumber(std::string_view name, std::int64_t otherwise) const;

private:
    std::shared_ptr<const base::Json> m_body;
};

/// The door of the REST API: who calls (`api_access_token`, or a bearer token of either kind), may they, what
/// did they send; then the route's own work. Errors become answers here.
class ApiGate {
public:
    struct Parts {
        storage::Database &database;
        sync::Executor &executor;
        AccountService &accounts;
        DeviceService &devices;
        const ports::Crypto &crypto;
        ports::RateLimiter &limiter;
        const sync::Ephemera &ephemera;
        base::UuidMaker &ids;
        const base::Clock &clock;
        std::string
            publicUrl; ///< "https://desk.example", from the configuration; empty: what the caller used
    };
    enum class Who { Member, Administrator };
    using Handler = std::function<base::Result<ports::HttpResponse>(ApiCall &)>;

    explicit ApiGate(Parts parts) : m_parts{std::move(parts)} {}

    /// A route below "/api/v1/accounts/{account_id}". The router keeps references to this object.
    void inAccount(ports::Router &router, const std::string &method, const std::string &path, Handler handler,
                   Who who = Who::Member);
    /// The same with a body that is read as it arrives, at most `maxBody`.
    void inAccountStreamed(ports::Router &router, const std::string &method, const std::string &path,
                           Handler handler, std::int64_t maxBody, Who who = Who::Member);
    /// A route of the caller alone, "/api/v1/profile".
    void outside(ports::Router &router, const std::string &method, const std::string &path, Handler handler);

    /// Runs a job as the caller and waits for its commit.
    base::Status write(const ApiCall &call, sync::Executor::Job job);
    void read(const std::function<void(storage::Transaction &)> &work) { m_parts.database.read(work); }

    /// See DeviceService::changePassword(); the caller's own device, if it is one, stays signed in. Slow by
    /// intent; nothing else may be open.
    base::Result<int> changePassword(const ApiCall &call, const std::string &current,
                                     const std::string &fresh);

    /// A fresh id.
    [[nodiscard]] base::Uuid newId() { return m_parts.ids.next(); }
    [[nodiscard]] const base::Clock &clock() const { return m_parts.clock; }
    [[nodiscard]] const sync::Ephemera &ephemera() const { return m_parts.ephemera; }
    [[nodiscard]] AccountService &accounts() const { return m_parts.accounts; }
    /// "https://host[:port]" to put before paths in answers.
    [[nodiscard]] std::string origin(const ports::HttpRequest &request) const;

private:
    ports::HttpResponse answer(ports::HttpRequest &request, const Handler &handler, Who who, bool inAccount);
    base::Result<std::int64_t> callerOf(storage::Transaction &tx, const ports::HttpRequest &request) const;
    struct Caller {
        sync::AccountNumber account = 0;
        sync::Actor actor;
    };
    base::Result<Caller> admit(const ports::HttpRequest &request, Who who, bool inAccount);

    Parts m_parts;
};

} // namespace server::accounts
