#pragma once

#include "client/widgets/basic/popover.h"

class QListView;
class QModelIndex;

namespace client::widgets {

class EmojiModel;
class SearchField;

/// A popover with a search field and a grid of emoji; the list is read the first time it opens.
class EmojiPicker : public Popover {
    Q_OBJECT

public:
    explicit EmojiPicker(QWidget *window);

    void openAt(QWidget *anchor);

Q_SIGNALS:
    void picked(const QString &emoji);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void pick(const QModelIndex &index);

    SearchField *m_search;
    QListView *m_grid;
    EmojiModel *m_model;
};

} // namespace client::widgets
