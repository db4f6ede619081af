#pragma once

#include "client/widgets/basic/avatar.h"

#include <QAbstractButton>

namespace client::shell {

/// Two lines beside a picture: the workspace at the top of the sidebar, the person at its foot.
class SidebarButton : public QAbstractButton {
    Q_OBJECT

public:
    enum class Look { Workspace, Person };

    explicit SidebarButton(Look look, QWidget *parent = nullptr);

    void setLines(const QString &title, const QString &detail);
    void setPresence(widgets::Presence presence);
    void setRail(bool rail);
    /// Unread in other accounts, beside the workspace; 0 shows nothing.
    void setBadge(int count);
    [[nodiscard]] const QString &title() const { return m_title; }
    [[nodiscard]] const QString &detail() const { return m_detail; }
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void name();

    Look m_look;
    QString m_title;
    QString m_detail;
    widgets::Presence m_presence = widgets::Presence::None;
    bool m_rail = false;
    int m_badge = 0;
};

} // namespace client::shell
