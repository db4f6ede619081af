#pragma once

#include "client/widgets/thread/thread_item.h"

#include <QObject>

#include <vector>

namespace client::widgets {

/// What ThreadView shows, oldest first. GUI thread. Signals come after the change, one at a time.
class ThreadModel : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    virtual int count() const = 0;
    /// 0 <= index < count(). Cheap: asked for every item when a thread opens.
    virtual ThreadItem item(int index) const = 0;

Q_SIGNALS:
    void inserted(int first, int count);
    void changed(int first, int count);
    void removed(int first, int count);
    void reset();
};

/// A ThreadModel over a vector; what most screens need.
class ThreadItems : public ThreadModel {
    Q_OBJECT

public:
    using ThreadModel::ThreadModel;

    int count() const override { return static_cast<int>(m_items.size()); }
    ThreadItem item(int index) const override { return m_items[static_cast<std::size_t>(index)]; }
    /// -1 when there is none.
    int indexOf(const QString &id) const;

    void setItems(std::vector<ThreadItem> items);
    void insert(int at, std::vector<ThreadItem> items);
    void append(ThreadItem item) { insert(count(), {std::move(item)}); }
    void replace(int at, ThreadItem item);
    void remove(int at, int count = 1);

private:
    std::vector<ThreadItem> m_items;
};

} // namespace client::widgets
