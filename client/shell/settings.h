#pragma once

#include "client/widgets/theme/theme.h"

#include <QByteArray>
#include <QObject>
#include <QSettings>
#include <QString>

namespace client::shell {

/// What one person chose on this computer, in a file of the profile. Every change is written and takes effect
/// at once. Reading is total: a missing or damaged value is the default. GUI thread.
class Settings : public QObject {
    Q_OBJECT

public:
    enum class Key {
        Theme,
        TextScale,
        CompactRows,
        ReducedMotion,
        Language,
        EnterSends,
        Notifications,
        NotificationPreview,
        CloseToTray,
    };
    Q_ENUM(Key)

    explicit Settings(const QString &file, QObject *parent = nullptr);

    [[nodiscard]] widgets::ThemeMode theme() const;
    [[nodiscard]] double textScale() const;
    [[nodiscard]] bool compactRows() const { return flag("appearance/compact", false); }
    [[nodiscard]] bool reducedMotion() const { return flag("appearance/reducedMotion", false); }
    /// Empty: the system's.
    [[nodiscard]] QString language() const
    {
        return m_file.value(QStringLiteral("appearance/language")).toString();
    }
    [[nodiscard]] bool enterSends() const { return flag("composer/enterSends", false); }
    [[nodiscard]] bool notifications() const { return flag("notifications/on", true); }
    [[nodiscard]] bool notificationPreview() const { return flag("notifications/preview", true); }
    [[nodiscard]] bool closeToTray() const { return flag("window/closeToTray", false); }

    void setTheme(widgets::ThemeMode mode);
    void setTextScale(double scale);
    void setCompactRows(bool on) { set("appearance/compact", on, Key::CompactRows); }
    void setReducedMotion(bool on) { set("appearance/reducedMotion", on, Key::ReducedMotion); }
    void setLanguage(const QString &language) { set("appearance/language", language, Key::Language); }
    void setEnterSends(bool on) { set("composer/enterSends", on, Key::EnterSends); }
    void setNotifications(bool on) { set("notifications/on", on, Key::Notifications); }
    void setNotificationPreview(bool on) { set("notifications/preview", on, Key::NotificationPreview); }
    void setCloseToTray(bool on) { set("window/closeToTray", on, Key::CloseToTray); }

    // Where things were left; no signal.
    [[nodiscard]] QString lastServer() const
    {
        return m_file.value(QStringLiteral("signIn/server")).toString();
    }
    [[nodiscard]] QString lastEmail() const
    {
        return m_file.value(QStringLiteral("signIn/email")).toString();
    }
    void rememberSignIn(const QString &server, const QString &email);
    [[nodiscard]] QByteArray state(const QString &name) const;
    void setState(const QString &name, const QByteArray &state);
    [[nodiscard]] bool isShown(const QString &pane) const;
    void setShown(const QString &pane, bool shown);

Q_SIGNALS:
    void changed(client::shell::Settings::Key key);

private:
    [[nodiscard]] bool flag(const char *name, bool fallback) const;
    void set(const char *name, const QVariant &value, Key key);

    QSettings m_file;
};

} // namespace client::shell
