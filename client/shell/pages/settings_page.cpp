#include "client/shell/pages/settings_page.h"

#include "client/shell/settings.h"
#include "client/widgets/basic/buttons.h"
#include "client/widgets/basic/tab_track.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLocale>
#include <QSystemTrayIcon>
#include <QVBoxLayout>

namespace client::shell {

using widgets::TextLabel;
using widgets::TextRole;
using widgets::ThemeMode;
using widgets::Tokens;

namespace {

QString idOf(ThemeMode mode)
{
    return mode == ThemeMode::Light  ? QStringLiteral("light")
           : mode == ThemeMode::Dark ? QStringLiteral("dark")
                                     : QStringLiteral("system");
}

} // namespace

SettingsPage::SettingsPage(Settings &settings, QWidget *parent)
    : PageFrame{tr("Settings"), parent}
    , m_settings{settings}
{
    setObjectName(QStringLiteral("settingsPage"));
    addAppearance();
    addWriting();
    addNotifications();
    addDevice();
    column()->addStretch(1);
}

void SettingsPage::addTitle(const QString &text)
{
    if (column()->count()) {
        column()->addSpacing(8);
        column()->addWidget(new widgets::Hairline{Qt::Horizontal, this});
        column()->addSpacing(8);
    }
    auto *title = new TextLabel{TextRole::ThreadTitle, &Tokens::text1, this};
    title->setText(text);
    column()->addWidget(title);
}

void SettingsPage::addRow(const QString &label, QWidget *control)
{
    auto *row = new QHBoxLayout;
    auto *text = new TextLabel{TextRole::Panel, &Tokens::text1, this};
    text->setText(label);
    text->setMinimumWidth(200);
    control->setAccessibleName(label);
    row->addWidget(text, 1);
    row->addWidget(control);
    column()->addLayout(row);
}

QCheckBox *SettingsPage::addSwitch(const QString &label, const QString &help, bool on)
{
    auto *box = new QCheckBox{label, this};
    box->setChecked(on);
    box->setAccessibleDescription(help);
    auto *lines = new QVBoxLayout;
    lines->setSpacing(0);
    lines->addWidget(box);
    column()->addLayout(lines);
    if (!help.isEmpty()) {
        auto *text = new TextLabel{TextRole::Secondary, &Tokens::text2, this};
        text->setText(help);
        text->setWrapping(true);
        auto *row = new QHBoxLayout;
        row->setContentsMargins(22, 0, 0, 0);
        row->addWidget(text);
        lines->addLayout(row);
    }
    return box;
}

void SettingsPage::addAppearance()
{
    addTitle(tr("Appearance"));
    auto *theme = new widgets::TabTrack{widgets::TabTrack::Look::Track, this};
    theme->setObjectName(QStringLiteral("themeChoice"));
    theme->setTabs({{QStringLiteral("system"), tr("System")},
                    {QStringLiteral("light"), tr("Light")},
                    {QStringLiteral("dark"), tr("Dark")}});
    theme->setCurrent(idOf(m_settings.theme()));
    theme->setFixedWidth(280);
    addRow(tr("Theme"), theme);
    connect(theme, &widgets::TabTrack::currentChanged, this, [this](const QString &id) {
        m_settings.setTheme(id == QStringLiteral("light")  ? ThemeMode::Light
                            : id == QStringLiteral("dark") ? ThemeMode::Dark
                                                           : ThemeMode::System);
    });
    connect(&m_settings, &Settings::changed, theme,
            [this, theme] { theme->setCurrent(idOf(m_settings.theme())); });

    auto *scale = new QComboBox{this};
    for (const int percent : {80, 90, 100, 110, 125, 150, 175, 200})
        scale->addItem(tr("%1 %").arg(percent), percent / 100.0);
    scale->setCurrentIndex(scale->findText(tr("%1 %").arg(qRound(m_settings.textScale() * 100))));
    addRow(tr("Text size"), scale);
    connect(scale, &QComboBox::activated, this,
            [this, scale] { m_settings.setTextScale(scale->currentData().toDouble()); });

    auto *language = new QComboBox{this};
    language->addItem(tr("System language"), QString{});
    language->addItem(QStringLiteral("English"), QStringLiteral("en"));
    language->addItem(QStringLiteral("Deutsch"), QStringLiteral("de"));
    language->setCurrentIndex(qMax(0, language->findData(m_settings.language())));
    addRow(tr("Language"), language);
    connect(language, &QComboBox::activated, this,
            [this, language] { m_settings.setLanguage(language->currentData().toString()); });

    auto *compact = addSwitch(tr("Compact rows"), tr("Two lines a conversation instead of three."),
                              m_settings.compactRows());
    connect(compact, &QCheckBox::toggled, &m_settings, &Settings::setCompactRows);
    auto *still = addSwitch(tr("Reduce motion"), {}, m_settings.reducedMotion());
    connect(still, &QCheckBox::toggled, &m_settings, &Settings::setReducedMotion);
}

void SettingsPage::addWriting()
{
    addTitle(tr("Writing"));
    auto *enter =
        addSwitch(tr("Enter sends"), tr("Shift+Enter then starts a new line. Otherwise Ctrl+Enter sends."),
                  m_settings.enterSends());
    connect(enter, &QCheckBox::toggled, &m_settings, &Settings::setEnterSends);
    auto *shortcuts = new widgets::Button{widgets::ButtonKind::Outline, tr("Keyboard shortcuts"), this};
    shortcuts->setIconName(QStringLiteral("keyboard"));
    column()->addWidget(shortcuts, 0, Qt::AlignLeading);
    connect(shortcuts, &QAbstractButton::clicked, this, &SettingsPage::shortcutsRequested);
}

void SettingsPage::addNotifications()
{
    addTitle(tr("Notifications"));
    auto *on = addSwitch(tr("Notify about new messages"), tr("Not for the conversation you are looking at."),
                         m_settings.notifications());
    auto *preview = addSwitch(tr("Show who wrote and what"),
                              tr("Otherwise a notification only says that there is a new message."),
                              m_settings.notificationPreview());
    preview->setEnabled(m_settings.notifications());
    connect(on, &QCheckBox::toggled, &m_settings, &Settings::setNotifications);
    connect(on, &QCheckBox::toggled, preview, &QWidget::setEnabled);
    connect(preview, &QCheckBox::toggled, &m_settings, &Settings::setNotificationPreview);
    if (!QSystemTrayIcon::isSystemTrayAvailable())
        return;
    auto *tray =
        addSwitch(tr("Keep running in the tray when the window closes"), {}, m_settings.closeToTray());
    connect(tray, &QCheckBox::toggled, &m_settings, &Settings::setCloseToTray);
}

void SettingsPage::addSection(const QString &title, QWidget *section)
{
    m_sections->addSpacing(8);
    m_sections->addWidget(new widgets::Hairline{Qt::Horizontal, this});
    m_sections->addSpacing(8);
    auto *label = new TextLabel{TextRole::ThreadTitle, &Tokens::text1, this};
    label->setText(title);
    m_sections->addWidget(label);
    m_sections->addWidget(section);
}

void SettingsPage::addDevice()
{
    m_sections = new QVBoxLayout;
    column()->addLayout(m_sections);
    addTitle(tr("This device"));
    m_facts = new QVBoxLayout;
    m_facts->setSpacing(6);
    column()->addLayout(m_facts);
    auto *devices = new widgets::Button{widgets::ButtonKind::Outline, tr("Devices and password"), this};
    devices->setObjectName(QStringLiteral("devicesButton"));
    devices->setIconName(QStringLiteral("monitor"));
    connect(devices, &QAbstractButton::clicked, this, &SettingsPage::devicesRequested);
    auto *out = new widgets::Button{widgets::ButtonKind::Outline, tr("Sign out…"), this};
    out->setObjectName(QStringLiteral("signOutButton"));
    out->setIconName(QStringLiteral("log-out"));
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(devices);
    row->addWidget(out);
    row->addStretch(1);
    column()->addLayout(row);
    connect(out, &QAbstractButton::clicked, this, &SettingsPage::signOutRequested);
}

void SettingsPage::setFacts(const std::vector<Fact> &facts)
{
    while (auto *item = m_facts->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const auto &fact : facts) {
        auto *line = new QWidget{this};
        auto *row = new QHBoxLayout{line};
        row->setContentsMargins(0, 0, 0, 0);
        auto *label = new TextLabel{TextRole::Panel, &Tokens::text2, line};
        label->setText(fact.label);
        label->setFixedWidth(200);
        auto *value = new TextLabel{TextRole::Panel, &Tokens::text1, line};
        value->setText(fact.value);
        value->setWrapping(true);
        row->addWidget(label, 0, Qt::AlignTop);
        row->addWidget(value, 1);
        m_facts->addWidget(line);
    }
}

} // namespace client::shell
