#include "server/app/workspace.h"

#include "server/app/exit_code.h"

namespace server::app {

namespace {

constexpr const char *demoEmail = "demo@deskbell.local";
constexpr const char *colleagueEmail = "noor@deskbell.local";
constexpr std::size_t passwordBytes = 12; // 16 characters

std::string sentenceOf(const base::Error &error)
{
    using base::ErrorCode;
    if (error.code == ErrorCode::Invalid && error.detail == "password")
        return "The password must have 8 to 128 characters.";
    if (error.code == ErrorCode::Invalid)
        return "This " + error.detail + " is not usable.";
    if (error.code == ErrorCode::AlreadyExists)
        return "This " + error.detail + " is known already.";
    return std::string{toText(error.code)} + (error.detail.empty() ? "" : ": " + error.detail);
}

[[noreturn]] void stop(const std::string &doing, const base::Error &error)
{
    const auto code = error.code == base::ErrorCode::Storage ? ExitCode::DataUnusable : ExitCode::Failed;
    throw Stop{code, doing + " failed. " + sentenceOf(error)};
}

std::string hashOrStop(Foundation &foundation, const std::string &password)
{
    auto hash = foundation.accounts.passwordHash(password);
    if (!hash)
        throw Stop{ExitCode::Usage, sentenceOf(hash.error())};
    return std::move(*hash);
}

} // namespace

void runOrStop(Foundation &foundation, sync::AccountNumber account, const std::string &doing,
               const sync::Executor::Job &job)
{
    const auto done = foundation.executor->run(account, {}, job);
    if (!done)
        stop(doing, done.error());
}

Planted plantAccount(Foundation &foundation, const std::string &account, const std::string &name,
                     const std::string &email, const std::string &password)
{
    const auto hash = hashOrStop(foundation, password);
    Planted planted;
    bool known = false;
    foundation.database->read([&](storage::Transaction &tx) {
        const server::accounts::UserStore store{tx};
        planted.account = store.highestAccount() + 1;
        known = store.credentials(email).has_value();
    });
    if (known)
        throw Stop{ExitCode::Failed, "Somebody signs in with " + email + " already."};
    runOrStop(foundation, planted.account, "Making the account",
              [&](sync::WriteContext &ctx) -> base::Status {
                  if (const auto made = foundation.accounts.create(ctx, account); !made)
                      return made.error();
                  const auto user =
                      foundation.accounts.addUser(ctx, {name, email, hash, domain::Role::Administrator});
                  if (!user)
                      return user.error();
                  planted.user = user->user.number;
                  planted.accessToken = foundation.accounts.issueToken(ctx, user->user.number);
                  return base::Done{};
              });
    return planted;
}

std::optional<DemoSignIn> plantDemo(Foundation &foundation)
{
    bool exists = false;
    foundation.database->read([&](storage::Transaction &tx) {
        exists = server::accounts::UserStore{tx}.credentials(demoEmail).has_value();
    });
    if (exists)
        return std::nullopt;

    DemoSignIn demo;
    demo.email = demoEmail;
    demo.password = foundation.crypto->randomToken(passwordBytes);
    demo.colleagueEmail = colleagueEmail;
    demo.colleaguePassword = foundation.crypto->randomToken(passwordBytes);
    const auto hash = hashOrStop(foundation, demo.password);
    const auto colleagueHash = hashOrStop(foundation, demo.colleaguePassword);
    foundation.database->read([&](storage::Transaction &tx) {
        demo.account = server::accounts::UserStore{tx}.highestAccount() + 1;
    });
    // One job, so that a crash leaves the whole workspace or nothing of it.
    runOrStop(foundation, demo.account, "Making the demo workspace",
              [&](sync::WriteContext &ctx) -> base::Status {
                  if (const auto made = foundation.accounts.create(ctx, "Acme Support"); !made)
                      return made.error();
                  const auto admin = foundation.accounts.addUser(
                      ctx, {"Robin Demo", demoEmail, hash, domain::Role::Administrator});
                  if (!admin)
                      return admin.error();
                  const auto agent = foundation.accounts.addUser(
                      ctx, {"Noor Haddad", colleagueEmail, colleagueHash, domain::Role::Agent});
                  if (!agent)
                      return agent.error();
                  demo.accessToken = foundation.accounts.issueToken(ctx, admin->user.number);
                  server::inboxes::WebsiteSettings settings;
                  settings.websiteUrl = "https://acme.example";
                  settings.welcomeTitle = "Hi there";
                  settings.welcomeTagline = "Ask us anything. We usually answer within minutes.";
                  const auto inbox = foundation.inboxes.createWebsite(ctx, "Acme website", settings);
                  if (!inbox)
                      return inbox.error();
                  demo.websiteToken = inbox->websiteToken;
                  return foundation.inboxes.addMembers(ctx, inbox->inbox.number,
                                                       {admin->user.number, agent->user.number});
              });
    return demo;
}

} // namespace server::app
