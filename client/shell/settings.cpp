#include "client/shell/settings.h"

namespace client::shell {

using widgets::ThemeMode;

Settings::Settings(const QString &file, QObject *parent) : QObject{parent}, m_file{file, QSettings::IniFormat}
{
}

ThemeMode Settings::theme() const
{
    const auto text = m_file.value(QStringLiteral("appearance/theme")).toString();
    if (text == QStringLiteral("light"))
        return ThemeMode::Light;
    return text == QStringLiteral("dark") ? ThemeMode::Dark : ThemeMode::System;
}

double Settings::textScale() const
{
    bool isNumber = false;
    const double scale = m_file.value(QStringLiteral("appearance/textScale"), 1.0).toDouble(&isNumber);
    return isNumber ? qBound(0.8, scale, 2.0) : 1.0;
}

void Settings::setTheme(ThemeMode mode)
{
    const auto *text = mode == ThemeMode::Light ? "light" : mode == ThemeMode::Dark ? "dark" : "system";
    set("appearance/theme", QString::fromLatin1(text), Key::Theme);
}

void Settings::setTextScale(double scale)
{
    set("appearance/textScale", scale, Key::TextScale);
}

void Settings::rememberSignIn(const QString &server, const QString &email)
{
    m_file.setValue(QStringLiteral("signIn/server"), server);
    m_file.setValue(QStringLiteral("signIn/email"), email);
    m_file.sync();
}

QByteArray Settings::state(const QString &name) const
{
    return m_file.value(QStringLiteral("window/") + name).toByteArray();
}

void Settings::setState(const QString &name, const QByteArray &state)
{
    m_file.setValue(QStringLiteral("window/") + name, state);
}

bool Settings::isShown(const QString &pane) const
{
    return m_file.value(QStringLiteral("window/shown-") + pane, true).toBool();
}

void Settings::setShown(const QString &pane, bool shown)
{
    m_file.setValue(QStringLiteral("window/shown-") + pane, shown);
}

bool Settings::flag(const char *name, bool fallback) const
{
    return m_file.value(QString::fromLatin1(name), fallback).toBool();
}

void Settings::set(const char *name, const QVariant &value, Key key)
{
    const auto path = QString::fromLatin1(name);
    if (m_file.value(path) == value)
        return;
    m_file.setValue(path, value);
    m_file.sync();
    Q_EMIT changed(key);
}

} // namespace client::shell
