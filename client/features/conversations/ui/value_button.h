#pragma once

#include "client/widgets/theme/theme.h"

#include <QAbstractButton>

namespace client::conversations {

/// A value of the contact panel that opens a menu; an arrow shows under the pointer and with the focus.
class ValueButton : public QAbstractButton {
    Q_OBJECT

public:
    /// `label` goes before the value in the accessible name: "Priority: High".
    explicit ValueButton(const QString &label, QWidget *parent = nullptr);

    void setValue(const QString &value, widgets::Tone tone = widgets::Tone::Neutral);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_label;
    widgets::Tone m_tone = widgets::Tone::Neutral;
};

} // namespace client::conversations
