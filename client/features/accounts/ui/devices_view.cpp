#include "client/features/accounts/ui/devices_view.h"

#include "client/widgets/basic/banner.h"
#include "client/widgets/basic/buttons.h"
#include "client/widgets/basic/card.h"
#include "client/widgets/basic/pill.h"
#include "client/widgets/basic/text_label.h"
#include "client/widgets/theme/paint.h"
#include "client/widgets/theme/theme.h"

#include <QApplication>
#include <QDateTime>
#include <QHBoxLayout>
#include <QLocale>
#include <QPainter>
#include <QVBoxLayout>

namespace client::accounts {

using widgets::Button;
using widgets::ButtonKind;
using widgets::TextLabel;
using widgets::TextRole;
using widgets::Theme;
using widgets::Tokens;

namespace {

/// What kind of machine it is.
class Tile : public QWidget {
public:
    Tile(QString icon, QWidget *parent) : QWidget{parent}, m_icon{std::move(icon)}
    {
        Theme::current().follow(this, [this] {
            const int side = Theme::current().px(36);
            setFixedSize(side, side);
            update();
        });
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter{this};
        const auto &theme = Theme::current();
        widgets::fillRounded(painter, rect(), theme.px(8), theme.tokens().sunken);
        constexpr double size = 17;
        widgets::paintIcon(painter, rect(), m_icon, size, theme.tokens().text2);
    }

private:
    QString m_icon;
};

QString told(const std::string &text, const QString &otherwise)
{
    const auto simple = QString::fromStdString(text).simplified();
    return simple.isEmpty() ? otherwise : simple;
}

QString programOf(const sync::DeviceInfo &info)
{
    const auto app = QString::fromStdString(info.app).simplified();
    if (app.isEmpty() || app.contains(QLatin1Char{'/'}) || app.contains(QLatin1Char{' '}))
        return app;
    return DevicesView::tr("Deskbell %1").arg(app);
}

} // namespace

DevicesView::DevicesView(DevicesPresenter &presenter, const base::Clock &clock, QWidget *parent)
    : QWidget{parent}
    , m_presenter{presenter}
    , m_clock{clock}
    , m_offline{new widgets::Banner{widgets::Tone::Warn, this}}
    , m_error{new TextLabel{TextRole::Panel, &Tokens::bad, this}}
    , m_loading{new TextLabel{TextRole::Panel, &Tokens::text2, this}}
    , m_others{new Button{ButtonKind::Outline, tr("Sign out all others…"), this}}
{
    setObjectName(QStringLiteral("devices"));
    auto *column = new QVBoxLayout{this};
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    auto *intro = new TextLabel{TextRole::Panel, &Tokens::text2, this};
    intro->setText(
        tr("You are signed in on these devices. Sign out one that you do not use any more or do not know."));
    intro->setWrapping(true);
    column->addWidget(intro);
    m_offline->setObjectName(QStringLiteral("devicesOffline"));
    column->addWidget(m_offline);
    m_error->setObjectName(QStringLiteral("devicesError"));
    m_error->setIconName(QStringLiteral("circle-alert"));
    m_error->setWrapping(true);
    column->addWidget(m_error);
    m_loading->setText(tr("Asking the server…"));
    column->addWidget(m_loading);
    m_cards = new QVBoxLayout;
    m_cards->setSpacing(8);
    column->addLayout(m_cards);
    m_others->setObjectName(QStringLiteral("signOutOthers"));
    m_others->setIconName(QStringLiteral("log-out"));
    column->addSpacing(2);
    column->addWidget(m_others, 0, Qt::AlignLeading);
    addPassword(*column);
    connect(m_others, &QAbstractButton::clicked, this, [this] {
        Q_EMIT signOutOthersRequested(static_cast<int>(m_presenter.state().devices.size()) - 1);
    });
    connect(&presenter, &DevicesPresenter::stateChanged, this, &DevicesView::render);
    render();
}

void DevicesView::addPassword(QVBoxLayout &column)
{
    column.addSpacing(8);
    column.addWidget(new widgets::Hairline{Qt::Horizontal, this});
    column.addSpacing(8);
    auto *title = new TextLabel{TextRole::ThreadTitle, &Tokens::text1, this};
    title->setText(tr("Password"));
    auto *text = new TextLabel{TextRole::Panel, &Tokens::text2, this};
    text->setText(tr("A new password signs all your other devices out."));
    text->setWrapping(true);
    auto *change = new Button{ButtonKind::Outline, tr("Change password…"), this};
    change->setObjectName(QStringLiteral("changePassword"));
    change->setIconName(QStringLiteral("key-round"));
    column.addWidget(title);
    column.addWidget(text);
    column.addWidget(change, 0, Qt::AlignLeading);
    connect(change, &QAbstractButton::clicked, this, &DevicesView::passwordRequested);
}

void DevicesView::render()
{
    const auto &state = m_presenter.state();
    m_offline->setVisible(state.offline);
    if (state.offline) {
        const auto at = QDateTime::fromMSecsSinceEpoch(base::toMs(state.asOf));
        m_offline->setMessage(QStringLiteral("cloud-off"),
                              state.devices.empty()
                                  ? tr("You are offline. Your devices are shown when you're back.")
                                  : tr("You are offline. This list is as of %1; signing out has to wait.")
                                        .arg(QLocale{}.toString(at.time(), QLocale::ShortFormat)));
    }
    m_error->setText(state.error);
    m_error->setVisible(!state.error.isEmpty());
    m_loading->setVisible(state.loading && !state.offline);

    const auto *focus = QApplication::focusWidget();
    const auto focused = focus && isAncestorOf(focus) ? focus->objectName() : QString{};
    while (auto *item = m_cards->takeAt(0)) {
        if (item->widget()) {
            item->widget()->hide();
            item->widget()->deleteLater(); // the button that was pressed may be in it
            item->widget()->setObjectName({});
        }
        delete item;
    }
    for (const auto &device : state.devices)
        addCard(device);
    const bool any = state.devices.size() > 1;
    m_others->setVisible(any);
    m_others->setEnabled(!state.offline && !state.leavingAll);
    m_others->setText(state.leavingAll ? tr("Signing out…") : tr("Sign out all others…"));
    if (!focused.isEmpty())
        for (auto *button : findChildren<QAbstractButton *>(focused))
            if (button->isVisibleTo(this))
                button->setFocus(Qt::OtherFocusReason);
}

void DevicesView::addCard(const DevicesPresenter::Device &device)
{
    const auto &info = device.info;
    const auto name = told(info.name, tr("A device without a name"));
    const auto id = QString::fromStdString(info.id.text());
    auto *card = new widgets::Card{this};
    card->setObjectName(QStringLiteral("device:") + id);
    auto *row = new QHBoxLayout{card};
    row->setContentsMargins(12, 10, 12, 10);
    row->setSpacing(12);
    const bool isTerminal = info.app.starts_with("deskbellctl");
    row->addWidget(new Tile{isTerminal ? QStringLiteral("command") : QStringLiteral("monitor"), card});
    auto *lines = new QVBoxLayout;
    lines->setSpacing(1);
    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    auto *title = new TextLabel{TextRole::RowStrong, &Tokens::text1, card};
    title->setText(name);
    head->addWidget(title, 0);
    if (info.current)
        head->addWidget(
            new widgets::Pill{{.text = tr("This device"), .icon = {}, .tone = widgets::Tone::Ok}, card});
    head->addStretch(1);
    lines->addLayout(head);
    QStringList facts{told(info.os, tr("unknown system"))};
    if (const auto program = programOf(info); !program.isEmpty())
        facts << program;
    const auto seen = info.current ? tr("In use now") : lastSeenText(info.lastSeenAt, m_clock.now());
    auto *what = new TextLabel{TextRole::Secondary, &Tokens::text2, card};
    what->setText(facts.join(QStringLiteral(" · ")));
    auto *when = new TextLabel{TextRole::Secondary, &Tokens::text3, card};
    when->setText(seen);
    lines->addWidget(what);
    lines->addWidget(when);
    row->addLayout(lines, 1);
    card->setAccessibleName(tr("%1, %2, %3").arg(name, facts.join(QStringLiteral(", ")), seen));
    if (!info.current) {
        const bool leaving = device.leaving || m_presenter.state().leavingAll;
        auto *out = new Button{ButtonKind::Outline, leaving ? tr("Signing out…") : tr("Sign out…"), card};
        out->setObjectName(QStringLiteral("signOut:") + id);
        out->setAccessibleDescription(name);
        out->setEnabled(!leaving && !m_presenter.state().offline);
        if (m_presenter.state().offline)
            out->setToolTip(tr("You are offline."));
        connect(out, &QAbstractButton::clicked, this,
                [this, device = info.id, name] { Q_EMIT signOutRequested(device, name); });
        row->addWidget(out, 0, Qt::AlignVCenter);
    }
    m_cards->addWidget(card);
}

} // namespace client::accounts
