#include "client/features/conversations/ui/snooze_choices.h"

#include <QCoreApplication>
#include <QLocale>

namespace client::conversations {

namespace {

class Words {
    Q_DECLARE_TR_FUNCTIONS(client::conversations::SnoozeChoice)
};

const QTime morning{8, 0};
const QTime evening{18, 0};

QString dayAndTime(const QDateTime &at)
{
    const QLocale locale;
    return locale.toString(at.date(), QStringLiteral("ddd")) + QLatin1Char{' '} +
           locale.toString(at.time(), QLocale::ShortFormat);
}

QDateTime nextWeekday(const QDateTime &now, int day)
{
    const int ahead = (day - now.date().dayOfWeek() + 6) % 7 + 1;
    return {now.date().addDays(ahead), morning};
}

} // namespace

std::vector<SnoozeChoice> snoozeChoices(const QDateTime &now)
{
    std::vector<SnoozeChoice> all;
    const auto add = [&all](const QString &text, const QDateTime &until) {
        all.push_back({text, until, dayAndTime(until)});
    };
    const auto later = now.addSecs(3 * 3600);
    if (later.date() == now.date())
        add(Words::tr("Later today"), later);
    if (now.time() < evening.addSecs(-3600))
        add(Words::tr("This evening"), QDateTime{now.date(), evening});
    add(Words::tr("Tomorrow"), QDateTime{now.date().addDays(1), morning});
    if (now.date().dayOfWeek() < Qt::Friday)
        add(Words::tr("This weekend"), nextWeekday(now, Qt::Saturday));
    add(Words::tr("Next week"), nextWeekday(now, Qt::Monday));
    all.push_back({Words::tr("Until the customer replies"), QDateTime{}, {}});
    return all;
}

} // namespace client::conversations
