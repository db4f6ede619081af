#pragma once

#include "client/widgets/theme/theme.h"

#include <QAbstractButton>
#include <QString>

class QPainter;

namespace client::widgets {

/// What a pill (chip) shows; used by painters and by the Pill widget.
struct PillLook {
    QString text;
    QString icon;
    Tone tone = Tone::Neutral;
};

/// Size of a pill at the current scale, `large` for the contact panel (22 px instead of 20).
QSize pillSize(const PillLook &look, bool large = false);
/// Draws a pill; `onSelection` gives the fill that stands on a selected row.
void paintPill(QPainter &painter, const QRect &rect, const PillLook &look, bool onSelection = false);

/// A count in a filled circle; 0 draws nothing, more than 99 reads "99+".
QSize badgeSize(int count);
void paintBadge(QPainter &painter, const QRect &rect, int count, Tone tone = Tone::Accent);

/// A chip; clickable and removable on demand.
class Pill : public QAbstractButton {
    Q_OBJECT

public:
    explicit Pill(PillLook look, QWidget *parent = nullptr);

    void setLook(PillLook look);
    /// A clickable pill takes the keyboard focus and is a button for assistive technology.
    void setClickable(bool clickable);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    PillLook m_look;
};

/// A count as a widget.
class Badge : public QWidget {
    Q_OBJECT

public:
    explicit Badge(QWidget *parent = nullptr);

    void setCount(int count, Tone tone = Tone::Accent);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    int m_count = 0;
    Tone m_tone = Tone::Accent;
};

} // namespace client::widgets
