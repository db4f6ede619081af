#include "client/app/desktop/account_list.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSettings>

#include <algorithm>

namespace client::desktop {

namespace {

const QString subfolder = QStringLiteral("accounts/");
const QString outbox = QStringLiteral("/outbox.db");
constexpr qsizetype longestText = 300;

// The file is ours, but nothing in it may lead out of the profile.
bool isFolder(const QString &folder)
{
    static const QRegularExpression ours{QStringLiteral("\\Aaccounts/[1-9][0-9]{0,3}\\z")};
    return folder.isEmpty() || ours.match(folder).hasMatch();
}

QString fileOf(const QString &root)
{
    return root + QStringLiteral("/accounts.ini");
}

} // namespace

AccountList::AccountList(QString root) : m_root{std::move(root)}
{
    load();
}

QString AccountList::directoryOf(const QString &folder) const
{
    return folder.isEmpty() ? m_root : m_root + QLatin1Char{'/'} + folder;
}

void AccountList::load()
{
    QSettings file{fileOf(m_root), QSettings::IniFormat};
    const auto has = [this](const QString &folder) {
        return std::any_of(m_entries.begin(), m_entries.end(),
                           [&folder](const Entry &entry) { return entry.folder == folder; });
    };
    const int count = qBound(0, file.beginReadArray(QStringLiteral("account")), static_cast<int>(most));
    for (int i = 0; i < count; ++i) {
        file.setArrayIndex(i);
        if (!file.contains(QStringLiteral("folder")))
            continue; // the count is not to be believed
        const auto text = [&file](const char *name) {
            return file.value(QString::fromLatin1(name)).toString().left(longestText);
        };
        const auto folder = text("folder");
        if (isFolder(folder) && !has(folder))
            m_entries.push_back({folder, text("name"), text("server"), text("email")});
    }
    file.endArray();
    m_last = file.value(QStringLiteral("last")).toString();
    if (!has(m_last))
        m_last.clear();
    if (!m_entries.empty())
        return;
    const QDir folders{m_root + QLatin1Char{'/'} + subfolder};
    for (const auto &name : folders.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name))
        if (const auto folder = subfolder + name;
            isFolder(folder) && QFileInfo::exists(directoryOf(folder) + outbox))
            m_entries.push_back({folder, {}, {}, {}});
    if (m_entries.empty() || QFileInfo::exists(m_root + outbox))
        m_entries.insert(m_entries.begin(), Entry{});
}

void AccountList::save() const
{
    QSettings file{fileOf(m_root), QSettings::IniFormat};
    file.clear();
    file.setValue(QStringLiteral("last"), m_last);
    file.beginWriteArray(QStringLiteral("account"), static_cast<int>(m_entries.size()));
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        const auto &entry = m_entries[i];
        file.setArrayIndex(static_cast<int>(i));
        file.setValue(QStringLiteral("folder"), entry.folder);
        file.setValue(QStringLiteral("name"), entry.name);
        file.setValue(QStringLiteral("server"), entry.server);
        file.setValue(QStringLiteral("email"), entry.email);
    }
    file.endArray();
    file.sync();
}

void AccountList::setLast(const QString &folder)
{
    if (folder == m_last)
        return;
    m_last = folder;
    save();
}

std::optional<QString> AccountList::freeFolder() const
{
    if (m_entries.size() >= most)
        return std::nullopt;
    const auto isUsed = [this](const QString &folder) {
        return std::any_of(m_entries.begin(), m_entries.end(),
                           [&folder](const Entry &entry) { return entry.folder == folder; });
    };
    if (!isUsed({}) && !QFileInfo::exists(m_root + outbox))
        return QString{};
    for (int number = 2; number < 10000; ++number) {
        const auto folder = subfolder + QString::number(number);
        if (!isUsed(folder) && !QFileInfo::exists(directoryOf(folder)))
            return folder;
    }
    return std::nullopt;
}

void AccountList::put(const Entry &entry)
{
    const auto known = std::find_if(m_entries.begin(), m_entries.end(),
                                    [&entry](const Entry &one) { return one.folder == entry.folder; });
    if (known == m_entries.end())
        m_entries.push_back(entry);
    else if (*known == entry)
        return;
    else
        *known = entry;
    save();
}

void AccountList::remove(const QString &folder)
{
    std::erase_if(m_entries, [&folder](const Entry &entry) { return entry.folder == folder; });
    if (m_last == folder)
        m_last = m_entries.empty() ? QString{} : m_entries.front().folder;
    save();
}

} // namespace client::desktop
