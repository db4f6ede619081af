#pragma once

#include "client/widgets/theme/theme.h"

#include <QWidget>

namespace client::widgets {

/// One line of text in a role of the design, elided when short of room (then the tool tip has it whole).
///
/// Plain text only: nothing in it is ever read as mark-up.
class TextLabel : public QWidget {
    Q_OBJECT

public:
    explicit TextLabel(TextRole role, QColor Tokens::*colour = &Tokens::text1, QWidget *parent = nullptr);

    QString text() const { return m_text; }
    void setText(const QString &text);
    void setRole(TextRole role);
    void setColour(QColor Tokens::*colour);
    void setIconName(const QString &icon);
    /// Breaks lines instead of eliding.
    void setWrapping(bool wrapping);
    void setAlignment(Qt::Alignment alignment);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    int iconSpace() const;

    TextRole m_role;
    QColor Tokens::*m_colour;
    QString m_text;
    QString m_icon;
    Qt::Alignment m_alignment = Qt::AlignLeading | Qt::AlignVCenter;
    bool m_wrapping = false;
};

/// A 1-px separator in borderSubtle.
class Hairline : public QWidget {
    Q_OBJECT

public:
    explicit Hairline(Qt::Orientation orientation, QWidget *parent = nullptr);

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Qt::Orientation m_orientation;
};

/// A plain surface filled with one token, for panes ("app", "surface", "raised").
class Surface : public QWidget {
    Q_OBJECT

public:
    explicit Surface(QColor Tokens::*colour, QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QColor Tokens::*m_colour;
};

} // namespace client::widgets
