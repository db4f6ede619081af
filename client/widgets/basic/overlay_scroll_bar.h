#pragma once

#include <QWidget>

class QAbstractScrollArea;
class QScrollBar;

namespace client::widgets {

/// A thin vertical bar over a scroll area, in place of the real one (which is hidden but stays the model).
/// 4 px wide, 8 px under the pointer; hidden when everything fits. Owned by the area.
class OverlayScrollBar : public QWidget {
    Q_OBJECT

public:
    explicit OverlayScrollBar(QAbstractScrollArea *area);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void place();
    QRect thumb() const;

    QAbstractScrollArea *m_area;
    QScrollBar *m_bar;
    int m_grip = -1; ///< offset of the pointer in the thumb while dragging
};

} // namespace client::widgets
