#pragma once

#include <QStringList>
#include <QWidget>

namespace client::widgets {

/// Key caps beside a button; a reminder, not a control.
class KeyCaps : public QWidget {
    Q_OBJECT

public:
    explicit KeyCaps(QWidget *parent = nullptr);

    void setKeys(const QStringList &keys);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QStringList m_keys;
};

} // namespace client::widgets
