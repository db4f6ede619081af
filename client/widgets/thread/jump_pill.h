#pragma once

#include <QAbstractButton>

namespace client::widgets {

/// "3 new" with an arrow: floats over the end of the thread and leads to the latest message.
class JumpPill : public QAbstractButton {
    Q_OBJECT

public:
    explicit JumpPill(QWidget *parent);

    void setNews(int count);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QRect card() const;

    int m_news = 0;
};

} // namespace client::widgets
