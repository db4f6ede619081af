#pragma once

#include "client/widgets/basic/tab.h"

#include <QAbstractButton>

namespace client::widgets {

/// One tab of a TabTrack; made by it. For assistive technology a page tab.
class TabButton : public QAbstractButton {
    Q_OBJECT

public:
    TabButton(Tab tab, bool inTrack, QWidget *parent);

    const QString &id() const { return m_tab.id; }
    void setCount(int count);
    void setAmber() { m_amber = true; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Tab m_tab;
    bool m_inTrack;
    bool m_amber = false;
};

} // namespace client::widgets
