#pragma once

#include "client/shell/pages/page_frame.h"

#include <vector>

class QCheckBox;

namespace client::shell {

class Settings;

/// Everything a person can choose on this computer; every switch applies at once.
class SettingsPage : public PageFrame {
    Q_OBJECT

public:
    /// One line of facts under "This device".
    struct Fact {
        QString label;
        QString value;
    };

    explicit SettingsPage(Settings &settings, QWidget *parent = nullptr);

    /// Replaces the facts (where the sign-in is kept, the profile's folder, versions).
    void setFacts(const std::vector<Fact> &facts);
    /// A part that others fill, above "This device". Takes it.
    void addSection(const QString &title, QWidget *section);

Q_SIGNALS:
    void shortcutsRequested();
    void devicesRequested();
    void signOutRequested();

private:
    void addTitle(const QString &text);
    void addRow(const QString &label, QWidget *control);
    QCheckBox *addSwitch(const QString &label, const QString &help, bool on);
    void addAppearance();
    void addWriting();
    void addNotifications();
    void addDevice();

    Settings &m_settings;
    QVBoxLayout *m_facts = nullptr;
    QVBoxLayout *m_sections = nullptr;
};

} // namespace client::shell
