#include "client/shell/frame/account_switcher.h"

#include "client/widgets/basic/buttons.h"
#include "client/widgets/basic/overlay_scroll_bar.h"
#include "client/widgets/basic/pill.h"
#include "client/widgets/basic/text_label.h"
#include "client/widgets/theme/paint.h"

#include <QApplication>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollArea>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>

namespace client::shell {

using widgets::TextRole;
using widgets::Theme;

namespace {

constexpr int widest = 372;
constexpr int rowHeight = 48;
constexpr int rowsShown = 7;
constexpr int keys = 9; // Ctrl+Shift+1 … 9

class AccountRow : public QAbstractButton {
public:
    AccountRow(const AccountEntry &entry, int index, QWidget *parent)
        : QAbstractButton{parent}
        , m_entry{entry}
    {
        setFocusPolicy(Qt::StrongFocus);
        setAttribute(Qt::WA_Hover);
        setObjectName(QStringLiteral("account:%1").arg(index + 1));
        if (index < keys)
            m_keys = QStringList{QStringLiteral("Ctrl"), QStringLiteral("Shift"), QString::number(index + 1)};
        auto name = AccountSwitcher::tr("%1, %2").arg(entry.name, entry.detail);
        if (entry.unread > 0)
            name = AccountSwitcher::tr("%1, %n unread", nullptr, entry.unread).arg(name);
        if (entry.isCurrent)
            name = AccountSwitcher::tr("%1, on screen").arg(name);
        setAccessibleName(name);
        setToolTip(entry.name);
    }

    [[nodiscard]] QSize sizeHint() const override
    {
        const auto &theme = Theme::current();
        const int lines = theme.lineHeight(TextRole::RowTitle) + theme.lineHeight(TextRole::Meta);
        return {theme.px(widest - 12), qMax(theme.px(rowHeight), lines + theme.px(10))};
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter{this};
        painter.setRenderHint(QPainter::Antialiasing);
        const auto &theme = Theme::current();
        const auto &t = theme.tokens();
        const auto direction = layoutDirection();
        const auto visual = [&](const QRect &logical) {
            return QStyle::visualRect(direction, rect(), logical);
        };
        auto fill = t.raised;
        if (m_entry.isCurrent)
            fill = t.sel;
        else if (underMouse() || isDown() || hasFocus())
            fill = t.hover;
        widgets::fillRounded(painter, rect(), theme.px(8), fill, m_entry.isCurrent ? t.selLine : QColor{});

        const int side = theme.px(30);
        const QRect picture{theme.px(8), (height() - side) / 2, side, side};
        widgets::paintAvatar(painter, visual(picture), {.name = m_entry.name, .presence = m_entry.presence},
                             fill);
        int end = width() - theme.px(8);
        const int caps = m_keys.isEmpty() ? 0 : widgets::keyCapsWidth(m_keys);
        if (caps > 0) {
            widgets::paintKeyCaps(painter, visual({end - caps, 0, caps, height()}), m_keys, direction);
            end -= caps + theme.px(8);
        }
        if (m_entry.unread > 0) {
            const auto badge = widgets::badgeSize(m_entry.unread);
            end -= badge.width();
            widgets::paintBadge(painter,
                                visual({end, (height() - badge.height()) / 2, badge.width(), badge.height()}),
                                m_entry.unread);
            end -= theme.px(8);
        }
        const int left = picture.right() + theme.px(10);
        const int line = theme.lineHeight(TextRole::RowTitle);
        const int below = theme.lineHeight(TextRole::Meta);
        const int top = (height() - line - below) / 2;
        widgets::paintText(painter, visual({left, top, end - left, line}), Qt::AlignLeft | Qt::AlignVCenter,
                           m_entry.name, TextRole::RowStrong, t.text1, direction);
        widgets::paintText(painter, visual({left, top + line, end - left, below}),
                           Qt::AlignLeft | Qt::AlignVCenter, m_entry.detail, TextRole::Meta,
                           m_entry.isCurrent ? t.text2 : t.text3, direction);
        if (widgets::showsFocus(this))
            widgets::paintFocusRing(painter, rect().adjusted(1, 1, -1, -1), theme.px(8));
    }

private:
    AccountEntry m_entry;
    QStringList m_keys;
};

} // namespace

AccountSwitcher::AccountSwitcher(const std::vector<AccountEntry> &accounts, QWidget *window) : Popover{window}
{
    setObjectName(QStringLiteral("accountSwitcher"));
    setAccessibleName(tr("Accounts"));
    const auto &theme = Theme::current();
    content()->setSpacing(2);

    auto *list = new widgets::Surface{&widgets::Tokens::raised, this};
    auto *column = new QVBoxLayout{list};
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    int high = 0;
    for (std::size_t i = 0; i < accounts.size(); ++i) {
        auto *row = new AccountRow{accounts[i], static_cast<int>(i), list};
        row->setFixedHeight(row->sizeHint().height());
        column->addWidget(row);
        connect(row, &QAbstractButton::clicked, this, [this, i] {
            dismiss();
            Q_EMIT chosen(static_cast<int>(i));
        });
        m_stops.push_back(row);
        if (accounts[i].isCurrent)
            m_current = row;
        if (i < rowsShown)
            high += row->sizeHint().height() + 2;
    }
    if (accounts.size() > rowsShown) {
        auto *area = new QScrollArea{this};
        area->setFrameShape(QFrame::NoFrame);
        area->setWidgetResizable(true);
        area->setFocusPolicy(Qt::NoFocus);
        area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        area->setAccessibleName(tr("Accounts"));
        area->setWidget(list);
        area->setFixedHeight(qMin(high, window->height() / 2));
        area->setMinimumWidth(theme.px(widest - 12));
        new widgets::OverlayScrollBar{area};
        content()->addWidget(area);
    } else {
        content()->addWidget(list);
    }
    content()->addSpacing(4);
    content()->addWidget(new widgets::Hairline{Qt::Horizontal, this});
    content()->addSpacing(4);
    const auto add = [this](const QString &text, const char *icon, const char *name) {
        auto *button = new widgets::Button{widgets::ButtonKind::Quiet, text, this};
        button->setIconName(QString::fromLatin1(icon));
        button->setObjectName(QString::fromLatin1(name));
        content()->addWidget(button, 0, Qt::AlignLeading);
        m_stops.push_back(button);
        return button;
    };
    connect(add(tr("Add account…"), "plus", "addAccount"), &QAbstractButton::clicked, this, [this] {
        dismiss();
        Q_EMIT addRequested();
    });
    connect(add(tr("Sign out of this account…"), "log-out", "signOutAccount"), &QAbstractButton::clicked,
            this, [this] {
                dismiss();
                Q_EMIT signOutRequested();
            });
    connect(this, &Popover::dismissed, this, &QObject::deleteLater);
}

void AccountSwitcher::open(QWidget *anchor)
{
    openAt(anchor, m_current ? m_current : m_stops.front());
}

void AccountSwitcher::keyPressEvent(QKeyEvent *event)
{
    auto *focus = QApplication::focusWidget();
    const auto at = std::find(m_stops.begin(), m_stops.end(), focus);
    if (at == m_stops.end())
        return Popover::keyPressEvent(event);
    const auto count = m_stops.size();
    const auto index = static_cast<std::size_t>(at - m_stops.begin());
    switch (event->key()) {
    case Qt::Key_Down:
        m_stops[(index + 1) % count]->setFocus(Qt::TabFocusReason);
        break;
    case Qt::Key_Up:
        m_stops[(index + count - 1) % count]->setFocus(Qt::BacktabFocusReason);
        break;
    case Qt::Key_Home:
        m_stops.front()->setFocus(Qt::BacktabFocusReason);
        break;
    case Qt::Key_End:
        m_stops.back()->setFocus(Qt::TabFocusReason);
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        static_cast<QAbstractButton *>(focus)->click();
        break;
    default:
        Popover::keyPressEvent(event);
    }
}

} // namespace client::shell
