#include "client/features/conversations/ui/snooze_popover.h"

#include "client/widgets/basic/buttons.h"
#include "client/widgets/basic/text_label.h"

#include <QDateTimeEdit>
#include <QVBoxLayout>

namespace client::conversations {

SnoozePopover::SnoozePopover(QWidget *window) : Popover{window}, m_when{new QDateTimeEdit{this}}
{
    setObjectName(QStringLiteral("snoozePopover"));
    setAccessibleName(tr("Snooze until"));
    auto *title = new widgets::TextLabel{widgets::TextRole::RowTitle, &widgets::Tokens::text1, this};
    title->setText(tr("Snooze until"));
    content()->addWidget(title);
    m_when->setAccessibleName(tr("Day and time"));
    m_when->setDisplayFormat(QLocale{}.dateFormat(QLocale::ShortFormat) + QStringLiteral("  ") +
                             QLocale{}.timeFormat(QLocale::ShortFormat));
    m_when->setCalendarPopup(true);
    content()->addWidget(m_when);
    auto *button = new widgets::Button{widgets::ButtonKind::Primary, tr("Snooze"), this};
    content()->addWidget(button);
    connect(button, &QAbstractButton::clicked, this, [this] {
        const auto until = m_when->dateTime();
        dismiss();
        Q_EMIT chosen(until);
    });
}

void SnoozePopover::ask(QWidget *anchor, const QDateTime &now)
{
    m_when->setMinimumDateTime(now.addSecs(60));
    m_when->setMaximumDateTime(now.addYears(2).addDays(-1)); // the rule's bound
    m_when->setDateTime({now.date().addDays(1), QTime{8, 0}});
    openAt(anchor, m_when);
}

} // namespace client::conversations
