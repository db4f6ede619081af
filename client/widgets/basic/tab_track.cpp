#include "client/widgets/basic/tab_track.h"

#include "client/widgets/basic/tab_button.h"
#include "client/widgets/theme/paint.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QStyle>

namespace client::widgets {

TabButton::TabButton(Tab tab, bool inTrack, QWidget *parent)
    : QAbstractButton{parent}
    , m_tab{std::move(tab)}
    , m_inTrack{inTrack}
{
    setCheckable(true);
    setAttribute(Qt::WA_Hover);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(inTrack ? QSizePolicy::Expanding : QSizePolicy::Fixed, QSizePolicy::Fixed);
    setCount(m_tab.count);
    Theme::current().follow(this, [this] {
        updateGeometry();
        update();
    });
}

void TabButton::setCount(int count)
{
    m_tab.count = count;
    setText(m_tab.text);
    setAccessibleName(count < 0 ? m_tab.text : tr("%1, %2").arg(m_tab.text).arg(count));
    updateGeometry();
    update();
}

QSize TabButton::sizeHint() const
{
    const auto &theme = Theme::current();
    int width = textWidth(m_tab.text, TextRole::ChipStrong) + 2 * theme.px(m_inTrack ? 8 : 10);
    if (m_tab.count >= 0)
        width += textWidth(QString::number(m_tab.count), TextRole::Secondary) + theme.px(6);
    return {width, theme.px(m_inTrack ? height::track - 8 : 26)};
}

void TabButton::paintEvent(QPaintEvent *)
{
    const auto &theme = Theme::current();
    const auto &t = theme.tokens();
    QPainter painter{this};
    const qreal corner = theme.px(radius::thumb);
    if (isChecked() && m_inTrack)
        fillRounded(painter, rect(), corner, theme.isDark() ? t.borderDefault : t.raised, t.borderDefault);
    else if (isChecked())
        fillRounded(painter, rect(), corner, m_amber ? t.warnSoft : t.accentSoft);
    else if (underMouse())
        fillRounded(painter, rect(), corner, m_inTrack ? t.navSel : t.hover);

    const auto checkedColour = m_inTrack ? t.text1 : m_amber ? t.warn : t.accent;
    const auto count = m_tab.count < 0 ? QString{} : QString::number(m_tab.count);
    const int gap = count.isEmpty() ? 0 : theme.px(6);
    const int countSpace = textWidth(count, TextRole::Secondary);
    const int room = width() - theme.px(8) - gap - countSpace;
    const int textSpace = qMin(textWidth(m_tab.text, TextRole::ChipStrong), room);
    const int x = (width() - textSpace - gap - countSpace) / 2;
    const auto visual = [&](const QRect &r) { return QStyle::visualRect(layoutDirection(), rect(), r); };
    paintText(painter, visual({x, 0, textSpace + 1, height()}), Qt::AlignLeading | Qt::AlignVCenter,
              m_tab.text, TextRole::ChipStrong, isChecked() ? checkedColour : t.text2, layoutDirection());
    paintText(painter, visual({x + textSpace + gap, 0, countSpace + 1, height()}),
              Qt::AlignLeading | Qt::AlignVCenter, count, TextRole::Secondary, t.text3, layoutDirection());
    if (showsFocus(this))
        paintFocusRing(painter, rect(), corner);
}

TabTrack::TabTrack(Look look, QWidget *parent)
    : QWidget{parent}
    , m_look{look}
    , m_group{new QButtonGroup{this}}
    , m_layout{new QHBoxLayout{this}}
{
    const int inset = look == Look::Track ? 4 : 0;
    m_layout->setContentsMargins(inset, inset, inset, inset);
    m_layout->setSpacing(look == Look::Track ? 2 : 4);
    setSizePolicy(look == Look::Track ? QSizePolicy::Preferred : QSizePolicy::Fixed, QSizePolicy::Fixed);
    Theme::current().follow(this, [this] { update(); });
    connect(m_group, &QButtonGroup::buttonClicked, this, [this](QAbstractButton *button) {
        Q_EMIT currentChanged(static_cast<TabButton *>(button)->id());
    });
}

QString TabTrack::current() const
{
    const auto *button = static_cast<TabButton *>(m_group->checkedButton());
    return button ? button->id() : QString{};
}

void TabTrack::setTabs(const std::vector<Tab> &tabs)
{
    const auto before = current();
    const auto old = m_group->buttons();
    for (auto *button : old) {
        m_group->removeButton(button);
        delete button;
    }
    for (const auto &tab : tabs) {
        auto *button = new TabButton{tab, m_look == Look::Track, this};
        m_group->addButton(button);
        m_layout->addWidget(button);
        button->show();
    }
    setCurrent(before);
    if (!m_group->checkedButton() && !m_group->buttons().isEmpty())
        m_group->buttons().constFirst()->setChecked(true);
}

void TabTrack::setCount(const QString &id, int count)
{
    for (auto *button : m_group->buttons()) {
        if (auto *tab = static_cast<TabButton *>(button); tab->id() == id)
            tab->setCount(count);
    }
}

void TabTrack::setCurrent(const QString &id)
{
    for (auto *button : m_group->buttons()) {
        if (static_cast<TabButton *>(button)->id() == id)
            button->setChecked(true);
    }
}

void TabTrack::setAmber(const QString &id)
{
    for (auto *button : m_group->buttons()) {
        if (auto *tab = static_cast<TabButton *>(button); tab->id() == id)
            tab->setAmber();
    }
}

void TabTrack::paintEvent(QPaintEvent *)
{
    if (m_look != Look::Track)
        return;
    QPainter painter{this};
    const auto &theme = Theme::current();
    fillRounded(painter, rect(), theme.px(radius::control), theme.tokens().sunken,
                theme.isDark() ? QColor{} : theme.tokens().borderSubtle);
}

void TabTrack::keyPressEvent(QKeyEvent *event)
{
    const bool rtl = layoutDirection() == Qt::RightToLeft;
    int by = 0;
    if (event->key() == Qt::Key_Right)
        by = rtl ? -1 : 1;
    else if (event->key() == Qt::Key_Left)
        by = rtl ? 1 : -1;
    const auto buttons = m_group->buttons();
    const auto at = buttons.indexOf(m_group->checkedButton());
    if (by == 0 || at + by < 0 || at + by >= buttons.size()) {
        QWidget::keyPressEvent(event);
        return;
    }
    buttons.at(at + by)->setFocus(Qt::TabFocusReason);
    buttons.at(at + by)->click();
}

} // namespace client::widgets
