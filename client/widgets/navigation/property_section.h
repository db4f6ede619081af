#pragma once

#include "client/widgets/theme/theme.h"

#include <QWidget>

class QHBoxLayout;
class QVBoxLayout;

namespace client::widgets {

class IconButton;
class TextLabel;

/// "Email   mara@lindqvist.example": a label column and a value, or any widget as the value.
class PropertyRow : public QWidget {
    Q_OBJECT

public:
    explicit PropertyRow(const QString &label, QWidget *parent = nullptr);

    /// `tone` Accent makes it a link: clickable, focusable, reports `activated`.
    void setValue(const QString &value, Tone tone = Tone::Neutral);
    /// Takes ownership; stands in place of the text.
    void setValueWidget(QWidget *widget);

Q_SIGNALS:
    void activated();

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void place();

    TextLabel *m_label;
    TextLabel *m_value;
    QWidget *m_widget = nullptr;
    Tone m_tone = Tone::Neutral;
};

/// A titled, foldable part of the contact panel with a hairline at its top.
class PropertySection : public QWidget {
    Q_OBJECT

public:
    explicit PropertySection(const QString &title, QWidget *parent = nullptr);

    /// An icon button at the end of the title, e.g. ("pencil", tr("Edit details")).
    IconButton *setAction(const QString &icon, const QString &name);
    /// Shows a chevron and lets the title fold the content.
    void setFoldable(bool foldable);
    bool isFolded() const { return m_folded; }
    void setFolded(bool folded);
    /// Makes and adds a row.
    PropertyRow *addRow(const QString &label);
    /// Any widget as content; takes ownership.
    void addWidget(QWidget *widget);
    /// Removes and deletes all content.
    void clear();

Q_SIGNALS:
    void foldedChanged(bool folded);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QHBoxLayout *m_head;
    QWidget *m_body;
    QVBoxLayout *m_rows;
    TextLabel *m_title;
    IconButton *m_action = nullptr;
    IconButton *m_fold = nullptr;
    bool m_folded = false;
};

} // namespace client::widgets
