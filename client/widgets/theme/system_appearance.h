#pragma once

#include <QObject>

class QDBusVariant;

namespace client::widgets {

/// Whether the desktop asks for dark colours; follows it while it runs.
///
/// Linux: the desktop portal's setting over D-Bus, asked asynchronously; without a bus or a portal the
/// palette the application started with decides. Windows and macOS: the palette of the platform.
class SystemAppearance : public QObject {
    Q_OBJECT

public:
    explicit SystemAppearance(bool darkAtStart);

    bool isDark() const { return m_dark; }

Q_SIGNALS:
    void changed();

private Q_SLOTS:
    void onSettingChanged(const QString &group, const QString &key, const QDBusVariant &value);

private:
    void ask();
    void set(bool dark);

    bool m_dark;
};

} // namespace client::widgets
