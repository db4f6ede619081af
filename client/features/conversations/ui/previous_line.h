#pragma once

#include "client/widgets/theme/theme.h"

#include <QAbstractButton>

namespace client::conversations {

/// One earlier conversation: an icon, what was said last, status and age.
class PreviousLine : public QAbstractButton {
    Q_OBJECT

public:
    PreviousLine(const QString &icon, widgets::Tone tone, const QString &title, const QString &detail,
                 QWidget *parent);

    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_icon;
    widgets::Tone m_tone;
    QString m_detail;
};

} // namespace client::conversations
