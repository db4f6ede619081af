#pragma once

#include <QWidget>

namespace client::widgets {

/// A bordered surface with round corners: one of a column of things (a device, a problem, a macro).
class Card : public QWidget {
    Q_OBJECT

public:
    explicit Card(QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace client::widgets
