#pragma once

#include "client/widgets/navigation/nav_item.h"

#include <QListView>

#include <vector>

namespace client::widgets {

class SidebarModel;

/// The navigation list of the sidebar. Items are rows of 32 px; titles are not selectable.
class SidebarView : public QListView {
    Q_OBJECT

public:
    /// `name` is the accessible name, e.g. tr("Views").
    explicit SidebarView(const QString &name, QWidget *parent = nullptr);

    QString current() const;
    /// Keeps the current item by id.
    void setSections(const std::vector<NavSection> &sections);
    void setCount(const QString &id, int count, bool urgent = false);
    /// Selects without reporting.
    void setCurrent(const QString &id);
    /// Icons only, 64 px wide; texts become tool tips.
    void setRail(bool rail);

Q_SIGNALS:
    /// The person chose an entry (click, arrow keys, Enter).
    void chosen(const QString &id);
    void addRequested(const QString &sectionId);
    void contextMenuRequested(const QString &id, const QPoint &globalPosition);

protected:
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    SidebarModel *m_model;
    bool m_silent = false;
};

} // namespace client::widgets
