#pragma once

#include <QWidget>

#include <vector>

class QSplitter;
class QStackedWidget;

namespace client::shell {

class Settings;
class Sidebar;

/// The panes of the main window: sidebar | list | thread | contact, or a page in place of the last three.
///
/// Narrow windows fold: below 1200 px the contact hides (asked for, it then floats over the thread), below
/// 1100 px the sidebar becomes a rail. What the person chose and the widths of the panes are remembered.
class Workspace : public QWidget {
    Q_OBJECT

public:
    /// Takes the panes as children. `settings` must outlive this.
    struct Panes {
        Sidebar *sidebar;
        QWidget *list;
        QWidget *thread;
        QWidget *contact;
    };
    Workspace(const Panes &panes, Settings &settings, QWidget *parent = nullptr);

    [[nodiscard]] bool isContactShown() const;
    /// Everything beside the sidebar, whatever is shown there.
    [[nodiscard]] QWidget *content() const;
    /// Null while the panes are shown.
    [[nodiscard]] QWidget *page() const;

    void toggleSidebar();
    void toggleContact();
    /// Shows `page` in place of the panes; taken as a child, kept.
    void showPage(QWidget *page);
    void showPanes();
    /// F6: the focus goes to the next pane that is shown.
    void focusNextPane(bool back);

Q_SIGNALS:
    void contactShown(bool shown);
    void pageChanged();

protected:
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    [[nodiscard]] bool isNarrow() const;
    [[nodiscard]] std::vector<QWidget *> shownPanes() const;
    void fold();
    void placeFloating();
    void remember();
    void restore();

    Panes m_panes;
    Settings &m_settings;
    QStackedWidget *m_stack;
    QSplitter *m_splitter;
    QWidget *m_edge;       ///< between the thread and a floating contact
    bool m_floats = false; ///< the contact floats over the thread, by wish
};

} // namespace client::shell
