#include "client/app/desktop/account_session.h"

#include "client/features/canned_responses/logic/canned_response_overlay.h"
#include "client/features/conversations/logic/conversation_overlay.h"
#include "client/features/macros/logic/macro_overlay.h"
#include "client/sync/token_keeper.h"
#include "client/sync/vault_keeper.h"

#include <QDir>
#include <QPointer>

namespace client::desktop {

AccountSession::AccountSession(QString directory, std::shared_ptr<platform::Profile> profile,
                               sync::Client::Setup setup, QObject *parent)
    : QObject{parent}
    , m_directory{std::move(directory)}
    , m_profile{std::move(profile)}
    , m_setup{std::move(setup)}
{
    constexpr int farewell = 5000;
    m_farewell.setSingleShot(true);
    m_farewell.setInterval(farewell);
    connect(&m_farewell, &QTimer::timeout, this, [this] { m_client.reset(); });
}

AccountSession::~AccountSession() = default;

void AccountSession::set(State state, const QString &failure)
{
    m_state = state;
    m_failure = failure;
    Q_EMIT stateChanged();
}

void AccountSession::open()
{
    if (m_state == State::Open || m_state == State::Opening)
        return;
    m_state = State::Opening;
    if (!m_profile) {
        auto profile = platform::Profile::open(m_directory);
        if (!profile)
            return set(State::Failed, QString::fromStdString(profile.error().detail));
        m_profile = std::move(*profile);
    }
    if (!m_keychain)
        m_keychain.reset(sync::Client::makeKeychain(*m_profile, m_setup.useKeychain, nullptr));
    const auto who = sync::Client::signedInAs(*m_profile);
    if (!who)
        return set(State::Failed, QString::fromStdString(who.error().detail));
    if (!*who)
        return set(State::NobodySignedIn);
    // The system may ask the person to unlock its keychain; until then nothing can be shown.
    sync::openVault(*m_keychain, [here = QPointer{this}](const auto &vault) {
        if (!here || here->m_state != State::Opening)
            return;
        if (vault)
            here->start(*vault);
        else
            here->set(State::Failed, QString::fromStdString(vault.error().detail));
    });
}

void AccountSession::start(std::shared_ptr<const storage::Vault> vault)
{
    sync::OverlayRegistry overlays;
    conversations::registerConversationOverlays(overlays);
    canned_responses::registerCannedResponseOverlays(overlays);
    macros::registerMacroOverlays(overlays);
    auto setup = m_setup;
    setup.vault = std::move(vault);
    auto client = sync::Client::open(*m_profile, std::move(overlays), std::move(setup));
    if (!client)
        return set(State::Failed, QString::fromStdString(client.error().detail));
    m_client = std::move(*client);
    set(State::Open);
}

base::Result<domain::DeviceId> AccountSession::device() const
{
    if (!m_profile)
        return base::Error{base::ErrorCode::Storage, m_failure.toStdString()};
    return sync::Client::deviceOf(*m_profile);
}

void AccountSession::adopt(const sync::SignedIn &signedIn, std::function<void(const base::Status &)> failed)
{
    m_farewell.stop();
    m_client.reset(); // one at a time has the files
    sync::Client::adopt(*m_profile, *m_keychain, signedIn,
                        [this, failed = std::move(failed)](const base::Status &status) {
                            if (!status)
                                return failed(status);
                            // Later: the form that asked is gone then.
                            QTimer::singleShot(0, this, &AccountSession::open);
                        });
}

void AccountSession::signOut(bool wipe)
{
    if (m_state != State::Open)
        return;
    m_client->signOut(wipe);
    set(State::NobodySignedIn);
    m_farewell.start();
}

void AccountSession::leave()
{
    if (m_state != State::Open)
        return;
    set(State::NobodySignedIn); // whoever reads from the client lets go of it
    m_client.reset();
}

void AccountSession::destroy()
{
    m_farewell.stop();
    set(State::Closed);
    m_client.reset();
    if (m_profile) {
        if (m_keychain)
            m_keychain->write(sync::TokenKeeper::keychainKey, {}, [](const auto &) {});
        sync::Client::destroy(*m_profile);
    }
    const bool isOwnFolder = m_profile.use_count() == 1; // the first account's is the program's, too
    m_profile.reset();
    if (isOwnFolder)
        for (const auto *part : {"/blobs", "/spool", ""})
            QDir{}.rmdir(m_directory + QString::fromLatin1(part)); // only when nothing is left in it
}

} // namespace client::desktop
