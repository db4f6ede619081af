#pragma once

#include <QDateTime>
#include <QString>

#include <vector>

namespace client::conversations {

/// One preset of the snooze menu.
struct SnoozeChoice {
    QString text;    ///< "Tomorrow"
    QDateTime until; ///< invalid: until the customer replies
    QString detail;  ///< "Tue 08:00"
};

/// Later today, this evening, tomorrow, the weekend, next week, until the next reply; only what lies ahead of
/// `now`.
std::vector<SnoozeChoice> snoozeChoices(const QDateTime &now);

} // namespace client::conversations
