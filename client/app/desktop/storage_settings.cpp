#include "client/app/desktop/storage_settings.h"

#include "client/shell/pages/settings_page.h"
#include "client/shell/pages/storage_section.h"
#include "client/sync/session.h"

#include <QPointer>

namespace client::desktop {

namespace {

shell::StorageSection::State stateOf(const sync::StorageUse &use)
{
    return {use.policy.days, use.policy.cacheBytes, use.policy.fileBytes, use.cacheBytes,
            use.fileBytes,   use.conversations,     use.withMessages,     use.unreadable};
}

} // namespace

void addStorage(shell::SettingsPage &page, sync::Session &session)
{
    auto *section = new shell::StorageSection;
    page.addSection(shell::StorageSection::title(), section);
    QObject::connect(section, &shell::StorageSection::chosen, &page,
                     [&page, &session](int days, qint64 cacheBytes, qint64 fileBytes) {
                         session.setCachePolicy({days, cacheBytes, fileBytes});
                         showStorage(page, session);
                     });
}

void showStorage(shell::SettingsPage &page, sync::Session &session)
{
    session.storageUse(
        [section = QPointer{page.findChild<shell::StorageSection *>()}](const sync::StorageUse &use) {
            if (section)
                section->show(stateOf(use));
        });
}

} // namespace client::desktop
