#include "client/widgets/basic/tab_track.h"

#include "client/widgets/basic/tab_button.h"
#include "client/widgets/theme/paint.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>

namespace client::widgets {

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
