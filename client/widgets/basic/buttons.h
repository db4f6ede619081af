#pragma once

#include "client/widgets/theme/theme.h"

#include <QAbstractButton>

#include <optional>

class QMenu;

namespace client::widgets {

enum class ButtonKind {
    Primary, ///< filled accent; one a pane
    Outline, ///< secondary
    Quiet,   ///< text only
    Danger,  ///< filled red, destructive confirmation
};

/// A text button with an optional icon. Its accessible name is its text.
class Button : public QAbstractButton {
    Q_OBJECT

public:
    Button(ButtonKind kind, const QString &text, QWidget *parent = nullptr);

    void setIconName(const QString &name);
    /// The icon in a tone of its own ("Resolve" has a green check).
    void setIconTone(Tone tone);
    /// Text and icon in one tone and a smaller size, for Quiet buttons on coloured strips.
    void setTone(Tone tone);
    /// Secondary text in an ordinary weight with a chevron behind it ("to mara@lindqvist.example").
    void setQuietText();
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    friend class SplitButton;
    enum class Edge { None, Start, End };

    TextRole textRole() const;
    void paintQuiet(QPainter &painter) const;

    ButtonKind m_kind;
    QString m_icon;
    std::optional<Tone> m_iconTone;
    std::optional<Tone> m_tone;
    bool m_quietText = false;
    Edge m_joined = Edge::None; ///< the side where a split partner touches
};

/// A square button with an icon only. `name` is its accessible name and tool tip and must not be empty.
class IconButton : public QAbstractButton {
    Q_OBJECT

public:
    IconButton(const QString &icon, const QString &name, QWidget *parent = nullptr);

    void setIconName(const QString &icon);
    /// Shown behind the name in the tool tip, e.g. "Ctrl+Shift+A".
    void setKeyHint(const QString &keys);
    /// 24, 28 or 34 (default); the icon stays 16.
    void setExtent(int extent);
    void setTone(Tone tone);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    QString m_icon;
    QString m_name;
    int m_extent = 34;
    Tone m_tone = Tone::Neutral;
};

/// A button joined to an arrow that opens a menu.
class SplitButton : public QWidget {
    Q_OBJECT

public:
    SplitButton(ButtonKind kind, const QString &text, QWidget *parent = nullptr);

    Button *main() const { return m_main; }
    Button *arrow() const { return m_arrow; }
    /// Shown by the arrow; hides the arrow when null. Not owned.
    void setMenu(QMenu *menu);

Q_SIGNALS:
    void clicked();

private:
    bool opensAbove() const;

    Button *m_main;
    Button *m_arrow;
    QMenu *m_menu = nullptr;
};

} // namespace client::widgets
