#pragma once

#include "client/widgets/palette/palette_source.h"

#include <QPointer>
#include <QWidget>

class QLineEdit;
class QListView;

namespace client::widgets {

class PaletteModel;
class Pill;

/// The command palette (Ctrl+K): a scrim over the window, a 620-px panel with a field and a grouped list.
///
/// Up/Down (and Ctrl+N/P) move, Enter runs, Tab drills in, Backspace in an empty field goes back, Esc closes.
/// The focus stays in the field; the list follows.
class CommandPalette : public QWidget {
    Q_OBJECT

public:
    explicit CommandPalette(QWidget *window);

    bool isOpen() const { return isVisible(); }
    /// `source` must live until closed. `context` is the chip at the end of the field, e.g. "Order #4821".
    void open(const PaletteSource &source, const QString &context = {}, const QString &text = {});
    /// Replaces the entries by a deeper level ("Assign to…" -> people); Backspace returns.
    void drillInto(const PaletteSource &source, const QString &context);
    /// Asks the source again (results arrived).
    void refresh();
    void dismiss();

Q_SIGNALS:
    void activated(const QString &id);
    /// Tab on an entry with canDrill: call drillInto() or dismiss().
    void drilled(const QString &id);
    void dismissed();

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    bool focusNextPrevChild(bool next) override;

private:
    struct Level {
        const PaletteSource *source;
        QString context;
        QString text;
    };

    void fill(bool keepCurrent);
    void place();
    void move(int by);
    void run(bool drill);
    bool keyPressed(int key, Qt::KeyboardModifiers modifiers);

    QWidget *m_panel;
    QLineEdit *m_field;
    Pill *m_context;
    QListView *m_list;
    PaletteModel *m_model;
    std::vector<Level> m_levels;
    QPointer<QWidget> m_focusBefore;
};

} // namespace client::widgets
