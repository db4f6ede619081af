#pragma once

#include "client/widgets/theme/theme.h"

#include <QWidget>

namespace client::widgets {

class Button;
class TextLabel;

/// A coloured strip with an icon, one sentence and at most one action (offline, signed out, server limits).
class Banner : public QWidget {
    Q_OBJECT

public:
    explicit Banner(Tone tone, QWidget *parent = nullptr);

    /// The text is the accessible name; a change is announced.
    void setMessage(const QString &icon, const QString &text, const QString &action = {});
    void setTone(Tone tone);

Q_SIGNALS:
    void actionTriggered();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Tone m_tone;
    TextLabel *m_text;
    Button *m_action;
};

/// What a pane shows when it has nothing: an icon, a sentence, the next action.
class EmptyState : public QWidget {
    Q_OBJECT

public:
    explicit EmptyState(QWidget *parent = nullptr);

    void setMessage(const QString &icon, const QString &title, const QString &text,
                    const QString &action = {});

Q_SIGNALS:
    void actionTriggered();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_icon;
    TextLabel *m_title;
    TextLabel *m_text;
    Button *m_action;
};

/// Placeholder rows for the very first sync. Static: nothing is animated.
class Skeleton : public QWidget {
    Q_OBJECT

public:
    enum class Shape { Rows, Messages };

    explicit Skeleton(Shape shape, QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Shape m_shape;
};

} // namespace client::widgets
