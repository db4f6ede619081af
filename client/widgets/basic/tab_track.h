#pragma once

#include "client/widgets/basic/tab.h"

#include <QWidget>

#include <vector>

class QButtonGroup;
class QHBoxLayout;

namespace client::widgets {

/// A row of exclusive tabs in a sunken track ("Mine 12 | Unassigned 8 | All 146"). Arrow keys move.
class TabTrack : public QWidget {
    Q_OBJECT

public:
    enum class Look { Track, Inline }; ///< Inline: no track, soft accent on the current one (composer)

    explicit TabTrack(Look look = Look::Track, QWidget *parent = nullptr);

    QString current() const;
    void setTabs(const std::vector<Tab> &tabs);
    void setCount(const QString &id, int count);
    /// Selects without reporting.
    void setCurrent(const QString &id);
    /// The tab turns amber when current (private note).
    void setAmber(const QString &id);

Q_SIGNALS:
    void currentChanged(const QString &id);

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    Look m_look;
    QButtonGroup *m_group;
    QHBoxLayout *m_layout;
};

} // namespace client::widgets
