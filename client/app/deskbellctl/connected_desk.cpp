#include "client/app/deskbellctl/connected_desk.h"

#include "client/features/canned_responses/logic/canned_response_overlay.h"
#include "client/features/conversations/logic/conversation_overlay.h"
#include "client/features/macros/logic/macro_overlay.h"
#include "client/sync/vault_keeper.h"

#include <QEventLoop>
#include <QTimer>

namespace client::ctl {

namespace {

using Kind = sync::ConnectionState::Kind;

constexpr int lookEveryMs = 20;

base::Result<std::shared_ptr<const storage::Vault>> vaultOf(const platform::Profile &profile,
                                                            bool useKeychain)
{
    const std::unique_ptr<platform::Keychain> keychain{
        sync::Client::makeKeychain(profile, useKeychain, nullptr)};
    base::Result<std::shared_ptr<const storage::Vault>> found{base::Error{base::ErrorCode::Storage, {}}};
    QEventLoop loop;
    sync::openVault(*keychain, [&](const base::Result<std::shared_ptr<const storage::Vault>> &vault) {
        found = vault;
        loop.quit();
    });
    loop.exec();
    return found;
}

} // namespace

base::Result<std::unique_ptr<ConnectedDesk>> ConnectedDesk::open(const Options &options)
{
    auto profile = platform::Profile::open(options.profile);
    if (!profile)
        return profile.error();
    const auto vault = vaultOf(**profile, options.useKeychain);
    if (!vault)
        return vault.error();
    sync::OverlayRegistry overlays;
    conversations::registerConversationOverlays(overlays);
    canned_responses::registerCannedResponseOverlays(overlays);
    macros::registerMacroOverlays(overlays);
    sync::Client::Setup setup;
    setup.app = QStringLiteral("deskbellctl/" DESKBELL_VERSION);
    setup.offline = options.offline;
    setup.useKeychain = options.useKeychain;
    setup.vault = *vault;
    auto client = sync::Client::open(**profile, std::move(overlays), std::move(setup));
    if (!client)
        return client.error();
    return std::unique_ptr<ConnectedDesk>{
        new ConnectedDesk{options, *std::move(profile), *std::move(client)}};
}

ConnectedDesk::ConnectedDesk(const Options &options, std::unique_ptr<platform::Profile> profile,
                             std::unique_ptr<sync::Client> client)
    : m_options{options}
    , m_profile{std::move(profile)}
    , m_client{std::move(client)}
    , m_users{std::make_unique<accounts::UserStore>(*m_client)}
    , m_contacts{std::make_unique<contacts::ContactStore>(*m_client)}
    , m_inboxes{std::make_unique<inboxes::InboxStore>(*m_client)}
    , m_labels{std::make_unique<labels::LabelStore>(*m_client)}
    , m_teams{std::make_unique<teams::TeamStore>(*m_client)}
    , m_canned{std::make_unique<canned_responses::CannedResponseStore>(*m_client)}
{
    const auto stores = all();
    m_conversations = std::make_unique<conversations::ConversationStore>(stores);
    m_actions = std::make_unique<conversations::ConversationActions>(stores, *m_conversations);
    m_macros = std::make_unique<macros::MacroStore>(stores, *m_conversations, *m_actions);
}

conversations::Stores ConnectedDesk::all()
{
    return {*m_client, *m_users, *m_contacts, *m_inboxes, *m_labels, *m_teams};
}

bool ConnectedDesk::isHopeless() const
{
    const auto kind = m_client->connection().kind;
    return kind == Kind::SignedOut || kind == Kind::Revoked || kind == Kind::Replaced ||
           kind == Kind::UpgradeRequired;
}

bool ConnectedDesk::waitUntil(const std::function<bool()> &holds)
{
    const auto until = m_client->clock().monotonic() + std::chrono::seconds{m_options.timeoutSeconds};
    QEventLoop loop;
    QTimer look;
    QObject::connect(&look, &QTimer::timeout, &loop, [&] {
        if (holds() || isHopeless() || m_client->clock().monotonic() > until)
            loop.quit();
    });
    look.start(lookEveryMs);
    if (!holds())
        loop.exec();
    return holds();
}

bool ConnectedDesk::waitUntilLive()
{
    return m_options.offline || waitUntil([this] { return m_client->connection().kind == Kind::Live; });
}

bool ConnectedDesk::waitForVerdict(const base::Uuid &mid)
{
    return waitUntil([&] {
        const auto intent = reader().intent(mid);
        return !intent || needsAuthor(*intent);
    });
}

} // namespace client::ctl
