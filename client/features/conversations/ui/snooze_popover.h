#pragma once

#include "client/widgets/basic/popover.h"

#include <QDateTime>

class QDateTimeEdit;

namespace client::conversations {

/// Asks for a day and a time.
class SnoozePopover : public widgets::Popover {
    Q_OBJECT

public:
    explicit SnoozePopover(QWidget *window);

    void ask(QWidget *anchor, const QDateTime &now);

Q_SIGNALS:
    void chosen(const QDateTime &until);

private:
    QDateTimeEdit *m_when;
};

} // namespace client::conversations
