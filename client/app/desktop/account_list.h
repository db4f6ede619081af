#pragma once

#include <QString>

#include <optional>
#include <vector>

namespace client::desktop {

/// Which accounts this program knows, each with a folder of its own below the profile's directory, and what
/// to call them before their files are open. Kept in `accounts.ini` there. Reading is total: without the
/// file the folders that hold an outbox are the accounts, so that nothing written is ever out of reach.
class AccountList {
public:
    static constexpr std::size_t most = 20;

    struct Entry {
        QString folder; ///< "accounts/2"; empty: the profile's directory itself, of the first account
        QString name;   ///< of the workspace, as last seen
        QString server; ///< "https://desk.example.com"
        QString email;
        bool operator==(const Entry &) const = default;
    };

    /// `root` is the profile's directory.
    explicit AccountList(QString root);

    [[nodiscard]] const std::vector<Entry> &entries() const { return m_entries; }
    [[nodiscard]] QString directoryOf(const QString &folder) const;
    /// The one that was on screen last; empty for the first.
    [[nodiscard]] const QString &last() const { return m_last; }
    void setLast(const QString &folder);
    /// A folder that no account has or had; nothing when there are too many.
    [[nodiscard]] std::optional<QString> freeFolder() const;
    /// Adds it at the end, or replaces what is known of this folder.
    void put(const Entry &entry);
    void remove(const QString &folder);

private:
    void load();
    void save() const;

    QString m_root;
    std::vector<Entry> m_entries;
    QString m_last;
};

} // namespace client::desktop
