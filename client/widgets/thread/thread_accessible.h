#pragma once

#include "client/widgets/thread/thread_view.h"

#include <QAccessibleWidget>
#include <QHash>
#include <QPointer>

namespace client::widgets {

/// A thread for assistive technology: a list with one child per message (and day, activity, "New" line), then
/// the live region and the jump pill while it shows.
class ThreadAccessible : public QAccessibleWidget {
public:
    explicit ThreadAccessible(ThreadView *view);
    ~ThreadAccessible() override;

    int childCount() const override;
    QAccessibleInterface *child(int index) const override;
    QAccessibleInterface *childAt(int x, int y) const override;
    int indexOfChild(const QAccessibleInterface *child) const override;
    QAccessibleInterface *focusChild() const override;
    ThreadView *view() const { return static_cast<ThreadView *>(widget()); }

private:
    int itemCount() const;
    QList<QWidget *> extras() const;

    mutable QHash<QString, QAccessible::Id> m_children;
};

/// One item of a thread.
class ThreadItemAccessible : public QAccessibleInterface, public QAccessibleActionInterface {
public:
    ThreadItemAccessible(ThreadView *view, QString id, int index);

    /// Where the item is now; -1 when it is gone.
    int index() const;
    void hint(int index) { m_index = index; }

    bool isValid() const override;
    QObject *object() const override { return nullptr; }
    QWindow *window() const override;
    QAccessibleInterface *parent() const override;
    QAccessibleInterface *child(int) const override { return nullptr; }
    QAccessibleInterface *childAt(int, int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface *) const override { return -1; }
    QString text(QAccessible::Text text) const override;
    void setText(QAccessible::Text, const QString &) override {}
    QRect rect() const override;
    QAccessible::Role role() const override;
    QAccessible::State state() const override;
    void *interface_cast(QAccessible::InterfaceType type) override;

    QStringList actionNames() const override;
    void doAction(const QString &action) override;
    QStringList keyBindingsForAction(const QString &) const override { return {}; }

private:
    QPointer<ThreadView> m_view;
    QString m_id;
    mutable int m_index;
};

} // namespace client::widgets
